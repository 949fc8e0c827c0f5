import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/bits';
import { FormDialog } from '../../ui/FormDialog';
import { finishStep } from '../opportunity/queries';
import { useActed } from './useActed';

/** FinishStep says that a step is done, and what came of it. */
export function FinishStep({ s, onClose }: { s: { id: string; what: string; version: number }; onClose: () => void }) {
  const { t } = useTranslation();
  const [result, setResult] = useState('');
  const save = useActed(() => finishStep(s, { result }), onClose);
  return (
    <FormDialog title={`${t('nextStep.done')} · ${s.what}`} ok={t('nextStep.done')} write={save} onClose={onClose}>
      <Field label={t('desk.stepResult')} at="result">
        <Input.TextArea value={result} onChange={(e) => setResult(e.target.value)} maxLength={300} rows={2} />
      </Field>
    </FormDialog>
  );
}
