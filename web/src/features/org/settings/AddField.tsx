import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../../api/client';
import { fieldTypes, recordKinds } from '../../../api/enums.gen';
import type { RecordKind } from '../../../app/CustomFields';
import { useWrite } from '../../../app/useWrite';
import { Field } from '../../../ui/bits';
import { ProblemBox } from '../../../ui/Problem';

type Draft = { record: RecordKind; key: string; label: string; type: Schemas['FieldField']['type']; options: string };
const empty: Draft = { record: 'opportunity', key: '', label: '', type: 'text', options: '' };

/** choicesIn are choices as they are written in one box. */
export const choicesIn = (text: string) =>
  text
    .split(/[,，、\n]/)
    .map((x) => x.trim())
    .filter(Boolean);

/** AddField is the form of a new field. */
export function AddField() {
  const { t } = useTranslation();
  const [f, setF] = useState(empty);
  const add = useWrite(() => must(api.POST('/api/fields', { body: { ...f, options: choicesIn(f.options) } })), {
    done: () => setF(empty),
    stale: [['fields']],
  });
  return (
    <div className="card pad">
      {add.error && <ProblemBox error={add.error} />}
      <Field label={t('settings.fieldLabel')}>
        <Input value={f.label} onChange={(e) => setF({ ...f, label: e.target.value })} maxLength={40} />
      </Field>
      <Field label={t('settings.fieldKey')} hint={t('settings.fieldKeyHint')}>
        <Input value={f.key} onChange={(e) => setF({ ...f, key: e.target.value })} maxLength={40} />
      </Field>
      <div className="grid2">
        <Field label={t('settings.fieldRecord')}>
          <Select
            className="wide"
            value={f.record}
            onChange={(v) => setF({ ...f, record: v })}
            options={recordKinds.map((v) => ({
              value: v,
              label: t(`record.of.${v}`),
            }))}
          />
        </Field>
        <Field label={t('settings.fieldType')}>
          <Select
            className="wide"
            value={f.type}
            onChange={(v) => setF({ ...f, type: v, options: '' })}
            options={fieldTypes.map((v) => ({
              value: v,
              label: t(`fieldType.${v}`),
            }))}
          />
        </Field>
      </div>
      {(f.type === 'choice' || f.type === 'text') && (
        <Field label={t('settings.options')}>
          <Input.TextArea value={f.options} onChange={(e) => setF({ ...f, options: e.target.value })} />
        </Field>
      )}
      <Button type="primary" loading={add.isPending} disabled={!f.label || !f.key} onClick={() => add.mutate()}>
        {t('settings.addField')}
      </Button>
    </div>
  );
}
