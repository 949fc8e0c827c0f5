import { App, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { deskDecisions } from '../../api/enums.gen';
import { MemberSelect } from '../../app/MemberSelect';
import { useMe } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Chips } from '../../ui/Chips';
import { DateField } from '../../ui/DateField';
import { FormDialog } from '../../ui/FormDialog';
import { addDays } from '../../ui/format';
import { useUndo } from '../../ui/useUndo';
import { ofDeals } from '../opportunity/queries';
import type { DeskLine } from './DealLine';
import { decide, takeBack } from './queries';

/** ways are how a line ends here; asking has its own form. */
const ways = deskDecisions.filter((d) => d !== 'asked');
type Way = (typeof ways)[number];

/** Decide ends a line: seen to, handed over, put off to a day, or no issue and why. */
export function Decide({ line, onClose }: { line: DeskLine; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const [decision, setDecision] = useState<Way>('done');
  const [toId, setTo] = useState<string>();
  const [what, setWhat] = useState('');
  const [on, setOn] = useState(me.nextWorkingDay);
  const [reason, setReason] = useState('');
  const handed = decision === 'handed';
  const accepts = line.signs.some((s) => s.accept); // ending the line does not accept it
  const says = decision === 'not_issue' || ((decision === 'done' || decision === 'until') && accepts);
  const label =
    decision === 'until'
      ? 'desk.note.untilBut'
      : decision !== 'done'
        ? 'desk.whyNot'
        : accepts
          ? 'desk.note.doneBut'
          : 'desk.note.done';
  const ready = says ? !!reason.trim() : !handed || (!!toId && !!what.trim());
  const undo = useUndo();
  const back = useWrite(takeBack, { said: t('desk.asked.back'), stale: ofDeals, told: true });
  const save = useWrite<void, Schemas['DeskMarkBody']>(
    (_, key) => {
      const said = handed ? { toId, what, dueOn: on } : decision === 'until' ? { until: on, reason } : { reason };
      return decide(line, { decision, ...said }, key([decision, said]));
    },
    {
      done: (m) => {
        onClose();
        const name = t(`desk.way.${decision}`);
        if (handed) message.success(name);
        else undo(line.id, t('desk.settledAs', { name: line.name, way: name }), () => back.mutate(m.id));
      },
      stale: ofDeals,
    },
  );
  return (
    <FormDialog
      title={`${t('desk.settle')} · ${line.name}`}
      hint={t('desk.settleHint')}
      ready={ready}
      write={save}
      onClose={onClose}
    >
      <Chips
        label={t('desk.settle')}
        options={ways.map((value) => ({ value, label: t(`desk.way.${value}`) }))}
        chosen={[decision]}
        onTap={(v) => setDecision(v as Way)}
      />
      {handed && (
        <>
          <Field label={t('desk.toWhom')} at="toId">
            <MemberSelect value={toId} onChange={setTo} />
          </Field>
          <Field label={t('task.what')} at="what">
            <Input value={what} onChange={(e) => setWhat(e.target.value)} maxLength={200} />
          </Field>
        </>
      )}
      {(handed || decision === 'until') && (
        <Field label={handed ? t('nextStep.due') : t('desk.untilWhen')} at={handed ? 'dueOn' : 'until'}>
          <DateField value={on} min={handed ? me.today : addDays(me.today, 1)} onChange={setOn} />
        </Field>
      )}
      {(decision === 'not_issue' || decision === 'done' || (decision === 'until' && accepts)) && (
        <Field label={t(label)} at="reason">
          <Input value={reason} onChange={(e) => setReason(e.target.value)} maxLength={300} />
        </Field>
      )}
    </FormDialog>
  );
}
