import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { FormDialog } from '../../ui/FormDialog';
import { moveStep } from '../opportunity/queries';
import { useActed } from './useActed';

/** MoveStep puts a step off, or brings it forward. */
export function MoveStep({ s, onClose }: { s: { id: string; what: string; version: number }; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [dueOn, setDue] = useState(me.nextWorkingDay);
  const save = useActed(() => moveStep(s, { dueOn }), onClose);
  return (
    <FormDialog title={`${t('desk.moveStep')} · ${s.what}`} ready={!!dueOn} write={save} onClose={onClose}>
      <Field label={t('nextStep.due')} at="dueOn">
        <DateField value={dueOn} min={me.today} onChange={setDue} />
      </Field>
    </FormDialog>
  );
}
