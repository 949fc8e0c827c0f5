import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { AmountField } from '../../ui/Amount';
import { toggled } from '../../ui/Chips';
import { DateField } from '../../ui/DateField';
import { ProblemBox } from '../../ui/Problem';
import { useNear } from '../../ui/useNear';
import type { Opp } from '../opportunity/queries';
import { PeopleChips } from '../opportunity/WithWhom';
import type { CureOf } from './cures';
import type { Line, Words } from './useLines';

type Part = { o: Opp; line: Line; onChange: (part: Partial<Words>) => void; onEnter: () => void };

/** CureLine is where a deal of a list is put right: what is asked, and the button that saves this line alone. */
export function CureLine({ of, ready, onSave, ...part }: Part & { of: CureOf; ready: boolean; onSave: () => void }) {
  const { t } = useTranslation();
  const { o, line } = part;
  const Asked = asked[of];
  return (
    <>
      <div className="row-6 cure">
        <Asked {...part} />
        <Button
          aria-label={`${t('common.save')} · ${o.name}`}
          disabled={!ready && line.state !== 'saving'}
          loading={line.state === 'saving'}
          onClick={onSave}
        >
          {t('common.save')}
        </Button>
      </div>
      {line.error !== undefined && <ProblemBox error={line.error} />}
    </>
  );
}

/** Text is one line of words about a deal. */
function Text({
  o,
  what,
  line,
  at,
  max,
  onChange,
  onEnter,
}: Part & { what: string; at: 'what' | 'reason'; max: number }) {
  return (
    <Input
      aria-label={`${what} · ${o.name}`}
      placeholder={what}
      value={line[at]}
      maxLength={max}
      onChange={(e) => onChange({ [at]: e.target.value })}
      onPressEnter={(e) => !e.nativeEvent.isComposing && onEnter()}
    />
  );
}

function Step(part: Part) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <>
      <Text {...part} at="what" what={t('nextStep.what')} max={200} />
      <DateField
        label={`${t('nextStep.due')} · ${part.o.name}`}
        value={part.line.dueOn}
        min={me.today}
        onChange={(dueOn) => part.onChange({ dueOn })}
      />
    </>
  );
}

function Day(part: Part) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <>
      <DateField
        label={`${t('opp.expectedOn')} · ${part.o.name}`}
        value={part.line.expectedOn}
        min={me.today}
        onChange={(expectedOn) => part.onChange({ expectedOn })}
      />
      <Text {...part} at="reason" what={t('desk.redateWhy')} max={300} />
    </>
  );
}

function Worth({ o, line, onChange }: Part) {
  const { t } = useTranslation();
  return (
    <>
      <AmountField
        label={`${t('opp.amount')} · ${o.name}`}
        minor={line.amountMinor}
        currency={o.currency}
        onChange={(amountMinor) => onChange({ amountMinor })}
      />
      <span className="ink2">{o.currency}</span>
    </>
  );
}

/** Who asks for a customer's people once the line is in sight: a list holds fifty. */
function Who({ o, line, onChange }: Part) {
  const { t } = useTranslation();
  const [box, near] = useNear<HTMLDivElement>();
  if (!o.accountId) return <span className="ink2 grow">{t('cleanup.customerFirst')}</span>;
  return (
    <div ref={box} className="grow">
      {near && (
        <PeopleChips
          label={`${t('record.people')} · ${o.name}`}
          accountId={o.accountId}
          chosen={line.people}
          added={line.added}
          onTap={(id) => onChange({ people: toggled(line.people, id) })}
          onAdd={(p) => onChange({ added: [...line.added, p], people: [...line.people, p.id] })}
        />
      )}
    </div>
  );
}

const asked = { passed: Day, noAmount: Worth, noNextStep: Step, noPerson: Who };
