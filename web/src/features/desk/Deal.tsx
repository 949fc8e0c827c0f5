import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { useCan, useMe, useNames } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Amount } from '../../ui/Amount';
import { Facts } from '../../ui/Facts';
import { day } from '../../ui/format';
import { LinkButton } from '../../ui/LinkButton';
import { RecordLink } from '../../ui/RecordLink';
import { AcceptWin } from '../opportunity/AcceptWin';
import { NextStep } from '../opportunity/NextStep';
import { opportunityKeys } from '../opportunity/queries';
import { Finish } from '../task/Finish';
import { useDo } from './doing';
import { Ends } from './Ends';
import { OfPerson, ofPersons } from './OfPerson';
import { seeExceptions } from './queries';

type Opp = Schemas['OpportunityOppBody'];
type Line = Schemas['DeskLineBody'];

type Props = { o: Opp; line: Line; kind: '' | 'w'; team: boolean; children: ReactNode };

/** Deal is one deal that asks for something, and what can be done about it here. */
export function Deal({ o, line, kind, team, children }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  return (
    <div className={`ex ${kind}`}>
      <s />
      <div>
        <h3>
          <RecordLink kind="opportunity" id={o.id}>
            {o.name}
          </RecordLink>
        </h3>
        <Facts>
          {o.stage}
          {team && names.member(o.ownerId)}
          <Amount minor={o.amountMinor} currency={o.currency} />
          {o.expectedOn && `${t('opp.expectedOn')} ${day(o.expectedOn, me.today)}`}
        </Facts>
        {children}
        <p>
          <NextStep opp={o} said={line.signs.some((s) => s.kind === 'promise' && s.id === o.nextStep?.id)} />
        </p>
      </div>
      <div className="act">
        <Decisions o={o} line={line} />
        <Moves o={o} line={line} />
        <Ends line={line} />
      </div>
    </div>
  );
}

/** Decisions are what others wait for. */
function Decisions({ o, line }: { o: Opp; line: Line }) {
  const { t } = useTranslation();
  const has = (...kinds: string[]) => line.signs.some((s) => kinds.includes(s.kind));
  const [person, another] = ofPersons(line);
  const see = useWrite(seeExceptions, { told: true, parts: true, stale: [opportunityKeys.all] });
  return (
    <>
      {person && !another && <OfPerson s={person} line={line} />}
      {has('win') && <AcceptWin opp={o} />}
      {has('evidence') && (
        <LinkButton to={`/opportunities/${o.id}`} type="primary">
          {t('desk.decide')}
        </LinkButton>
      )}
      {has('owed', 'climbed') && (
        <LinkButton to="/guidance" type="primary">
          {t('desk.note.answer')}
        </LinkButton>
      )}
      {has('exception') && !has('win') && (
        <Button loading={see.isPending} onClick={() => see.mutate([o.id])}>
          {t('desk.seen')}
        </Button>
      )}
    </>
  );
}

/** Moves are what whoever may write does about a deal that stands still, or whose day has passed. */
function Moves({ o, line }: { o: Opp; line: Line }) {
  const { t } = useTranslation();
  const open = useDo();
  const canWrite = useCan('opportunity.write');
  const asks = line.signs.some((s) => ['stalled', 'passed', 'promise'].includes(s.kind));
  if (!canWrite || !asks || o.state !== 'open') return null;
  const next = o.nextStep;
  return (
    <>
      {next ? <Finish s={next} /> : <Button onClick={() => open({ form: 'add', o })}>{t('desk.addStep')}</Button>}
      <Button onClick={() => open({ form: 'redate', o })}>{t('desk.redate')}</Button>
    </>
  );
}

/** PassedChip says that the day a deal was expected on has passed. */
export function PassedChip({ o }: { o: Opp }) {
  const { t } = useTranslation();
  const me = useMe();
  return <span className="chip b">{t('desk.passedOn', { on: day(o.expectedOn, me.today) })}</span>;
}
