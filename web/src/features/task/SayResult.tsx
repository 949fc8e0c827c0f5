import { Checkbox, Input } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useMe } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { FormDialog } from '../../ui/FormDialog';
import { addStep, ofDeals } from '../opportunity/queries';
import { sayResult, type Task, taskKeys } from './queries';

/** SayResult says of what is done what came of it and, of a deal's step, what comes next. */
export function SayResult({ task, onClose }: { task: Task; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const canWrite = useCan('opportunity.write');
  const deal = canWrite ? task.on.find((r) => r.kind === 'opportunity' && r.name) : undefined;
  const [result, setResult] = useState('');
  const [what, setWhat] = useState('');
  const [dueOn, setDue] = useState(me.nextWorkingDay);
  const [customerAgreed, setAgreed] = useState(false);
  // It was written already where the next step was refused.
  const said = useRef(false);
  const save = useWrite(
    async (_, key) => {
      if (result.trim() && !said.current) {
        await sayResult({ task, result });
        said.current = true;
      }
      if (deal && what.trim()) await addStep(deal.id, { what, dueOn, customerAgreed }, key());
    },
    { said: t('common.saved'), done: onClose, stale: [taskKeys.all, ...ofDeals], parts: true },
  );
  return (
    <FormDialog
      title={`${t('task.sayResult')} · ${task.what}`}
      ready={!!result.trim() || !!(deal && what.trim())}
      write={save}
      onClose={onClose}
    >
      <Field label={t('task.say.finish')} at="result">
        <Input.TextArea value={result} onChange={(e) => setResult(e.target.value)} maxLength={1000} rows={2} />
      </Field>
      {deal && (
        <>
          <Field label={t('nextStep.what')} at="what">
            <Input value={what} onChange={(e) => setWhat(e.target.value)} maxLength={200} />
          </Field>
          {what.trim() && (
            <>
              <Field label={t('nextStep.due')} at="dueOn">
                <DateField value={dueOn} min={me.today} onChange={setDue} />
              </Field>
              <Checkbox checked={customerAgreed} onChange={(e) => setAgreed(e.target.checked)}>
                {t('nextStep.agreed')}
              </Checkbox>
            </>
          )}
        </>
      )}
    </FormDialog>
  );
}
