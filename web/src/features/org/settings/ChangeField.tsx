import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../../api/client';
import type { FieldDef } from '../../../app/CustomFields';
import { useWrite } from '../../../app/useWrite';
import { Field } from '../../../ui/bits';
import { FormDialog } from '../../../ui/FormDialog';
import { Choices, offeredBy } from './Choices';
import { Touches } from './Touches';

export type FieldChange = 'rename' | 'choose' | 'retire' | 'restore';
export type Choice = Schemas['FieldOption'];

/** changesOf is what may be done with a field. */
export function changesOf(f: FieldDef): FieldChange[] {
  if (f.retired) return ['restore'];
  return f.type === 'text' || f.type === 'choice' ? ['rename', 'choose', 'retire'] : ['rename', 'retire'];
}

/** ChangeField changes one thing of a field, below what that touches. */
export function ChangeField({ f, change, onClose }: { f: FieldDef; change: FieldChange; onClose: () => void }) {
  const { t } = useTranslation();
  const [label, setLabel] = useState(f.label);
  const [choices, setChoices] = useState<Choice[]>(f.choices);
  const [offered, setOffered] = useState<string[]>([]);
  const body = {
    rename: { label },
    choose: { choices: choices.filter((c) => c.code || c.label.trim()) },
    retire: { retired: true },
    restore: { retired: false },
  }[change];
  const save = useWrite(() => must(api.PATCH('/api/fields/{id}', { params: { path: { id: f.id } }, body })), {
    done: onClose,
    stale: 'all',
  });
  return (
    <FormDialog
      title={t('fieldChange.title', { what: t(`fieldChange.${change}`), label: f.label })}
      ok={t(`fieldChange.${change}`)}
      danger={change === 'retire'}
      ready={change !== 'rename' || (!!label.trim() && label.trim() !== f.label)}
      write={save}
      hint={t(`fieldChange.${change}Hint`)}
      onClose={onClose}
    >
      {change === 'rename' && (
        <Field label={t('settings.fieldLabel')} at="label">
          <Input value={label} onChange={(e) => setLabel(e.target.value)} maxLength={40} />
        </Field>
      )}
      {change === 'choose' && (
        <Choices list={choices} onChange={setChoices} onDone={(list) => setOffered(offeredBy(list))} />
      )}
      <Touches f={f} offered={offered} beside={change === 'choose'} />
    </FormDialog>
  );
}
