import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { useCan, useMe, useNames } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { day } from '../../ui/format';
import { later } from '../../ui/later';
import { RecordLink } from '../../ui/RecordLink';
import { NextStep } from '../opportunity/NextStep';

type Opp = Schemas['OpportunityOppBody'];

const AddStep = later(() => import('./AddStep').then((m) => m.AddStep));
const FinishStep = later(() => import('./FinishStep').then((m) => m.FinishStep));
const Decide = later(() => import('./Decide').then((m) => m.Decide));
const Redate = later(() => import('./Redate').then((m) => m.Redate));

type Props = { o: Opp; line: Schemas['DeskLineBody']; kind: '' | 'w'; team: boolean; children: ReactNode };

/** Deal is one deal that asks for something, and what can be done about it here. */
export function Deal({ o, line, kind, team, children }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const canWrite = useCan('opportunity.write');
  const [doing, setDoing] = useState<'add' | 'finish' | 'redate' | 'decide'>();
  const close = () => setDoing(undefined);
  return (
    <div className={`ex ${kind}`}>
      <s />
      <div>
        <h3>
          <RecordLink kind="opportunity" id={o.id}>
            {o.name}
          </RecordLink>
          <em>
            {o.stage} · {team && `${names.member(o.ownerId)} · `}
            <Amount minor={o.amountMinor} currency={o.currency} />
            {o.expectedOn && ` · ${t('opp.expectedOn')} ${day(o.expectedOn, me.today)}`}
          </em>
        </h3>
        {children}
        <p>
          <NextStep opp={o} />
        </p>
      </div>
      <div className="act">
        {canWrite && (
          <>
            {o.nextStep ? (
              <Button onClick={() => setDoing('finish')}>{t('nextStep.done')}</Button>
            ) : (
              <Button type="primary" onClick={() => setDoing('add')}>
                {t('desk.addStep')}
              </Button>
            )}
            <Button onClick={() => setDoing('redate')}>{t('desk.redate')}</Button>
          </>
        )}
        <Button onClick={() => setDoing('decide')}>{t('desk.settle')}</Button>
      </div>
      {doing === 'decide' && <Decide line={line} onClose={close} />}
      {doing === 'add' && <AddStep o={o} onClose={close} />}
      {doing === 'finish' && o.nextStep && <FinishStep s={o.nextStep} onClose={close} />}
      {doing === 'redate' && <Redate o={o} onClose={close} />}
    </div>
  );
}

/** PassedChip says that the day a deal was expected on has passed. */
export function PassedChip({ o }: { o: Opp }) {
  const { t } = useTranslation();
  const me = useMe();
  return <span className="chip b">{t('desk.passedOn', { on: day(o.expectedOn, me.today) })}</span>;
}
