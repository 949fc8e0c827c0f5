import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, usePipeline } from '../../app/session';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { FieldProblem, ProblemBox, useFieldProblem } from '../../ui/Problem';
import { Select } from '../../ui/Select';
import { addStep, move, type Opp, useChange } from '../opportunity/queries';
import { nurture } from './queries';

/** ways are what can be done about a deal in a list that is cleared. */
export const ways = ['close', 'nurture', 'step'] as const;
export type Way = (typeof ways)[number];

// Why a deal is lost, and why it never should have been one.
const lost = ['no_decision', 'cancelled', 'tender_void', 'we_withdrew', 'competitor'];
const withdrawn = ['invalid', 'duplicate'];

/** CleanForm asks for what one way needs, below the deal, and does it. */
export function CleanForm({ o, way, onDone }: { o: Opp; way: Way; onDone: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const pipeline = usePipeline(o.pipelineId).data;
  const [kind, setKind] = useState<string>();
  const [rival, setRival] = useState('');
  const [reason, setReason] = useState('');
  const [what, setWhat] = useState(way === 'nurture' ? t('cleanup.comeBack', { name: o.name }) : '');
  const [on, setOn] = useState(way === 'step' ? me.nextWorkingDay : '');
  const act = useChange(
    o.id,
    (_, key) => {
      if (way === 'step') return addStep(o.id, { what, dueOn: on }, key());
      const body = { reason, version: o.version };
      if (way === 'nurture') return nurture(o.id, key({ what, on, ...body }), { what, dueOn: on, ...body });
      const lostAt = pipeline?.stages.find((s) => s.kind === 'lost')?.id ?? '';
      const to = withdrawn.includes(kind ?? '') ? 'withdrawn' : lostAt;
      return move(o.id, { to, lossKind: kind, competitor: kind === 'competitor' ? rival : undefined, ...body }, key);
    },
    { said: t(`cleanup.done.${way}`, { name: o.name }), done: onDone },
  );
  const problem = useFieldProblem(act.error);
  const ready =
    way === 'step'
      ? what.trim() && on
      : reason.trim() &&
        (way === 'nurture' ? what.trim() && on : kind && pipeline && (kind !== 'competitor' || rival.trim()));
  return (
    <FieldProblem.Provider value={problem}>
      <form
        className="stack-6 pt-4"
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          if (ready && !act.isPending) act.mutate();
        }}
      >
        {act.error && <ProblemBox error={act.error} />}
        {way === 'close' && (
          <Field label={t('loss.kind')} at="lossKind">
            <Select
              className="wide"
              value={kind}
              onChange={setKind}
              options={[
                { label: t('move.lose'), options: lost.map((k) => ({ value: k, label: t(`loss.${k}`) })) },
                { label: t('move.withdraw'), options: withdrawn.map((k) => ({ value: k, label: t(`loss.${k}`) })) },
              ]}
            />
          </Field>
        )}
        {way === 'close' && kind === 'competitor' && (
          <Field label={t('loss.who')} at="competitor">
            <Input value={rival} onChange={(e) => setRival(e.target.value)} maxLength={60} />
          </Field>
        )}
        {way !== 'step' && (
          <Field label={t('move.reason')} at="reason">
            <Input value={reason} onChange={(e) => setReason(e.target.value)} maxLength={300} />
          </Field>
        )}
        {way !== 'close' && (
          <>
            <Field label={way === 'step' ? t('nextStep.what') : t('cleanup.then')} at="what">
              <Input value={what} onChange={(e) => setWhat(e.target.value)} maxLength={200} />
            </Field>
            <Field label={way === 'step' ? t('nextStep.due') : t('cleanup.on')} at="dueOn">
              <DateField value={on} min={me.today} onChange={setOn} />
            </Field>
          </>
        )}
        <div>
          <Button type="primary" danger={way === 'close'} htmlType="submit" disabled={!ready} loading={act.isPending}>
            {t(`cleanup.way.${way}`)}
          </Button>
        </div>
      </form>
    </FieldProblem.Provider>
  );
}
