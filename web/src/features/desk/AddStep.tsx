import { Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { FormDialog } from '../../ui/FormDialog';
import { addStep } from '../opportunity/queries';
import { useActed } from './useActed';

/** AddStep says what comes next in a deal: the next working day, unless another is said. */
export function AddStep({ o, onClose }: { o: { id: string; name: string }; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [what, setWhat] = useState('');
  const [dueOn, setDue] = useState(me.nextWorkingDay);
  const [customerAgreed, setAgreed] = useState(false);
  const save = useActed((_, key) => addStep(o.id, { what, dueOn, customerAgreed }, key()), onClose);
  return (
    <FormDialog title={`${t('nextStep.title')} · ${o.name}`} ready={!!what.trim()} write={save} onClose={onClose}>
      <Field label={t('nextStep.what')} at="what">
        <Input value={what} onChange={(e) => setWhat(e.target.value)} maxLength={200} />
      </Field>
      <Field label={t('nextStep.due')} at="dueOn">
        <DateField value={dueOn} min={me.today} onChange={setDue} />
      </Field>
      <Checkbox checked={customerAgreed} onChange={(e) => setAgreed(e.target.checked)}>
        {t('nextStep.agreed')}
      </Checkbox>
    </FormDialog>
  );
}
