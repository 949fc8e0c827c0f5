import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/client';
import type { recordKinds } from '../api/enums.gen';
import { Field } from '../ui/bits';
import { DateField } from '../ui/DateField';
import { Select } from '../ui/Select';
import { Written } from '../ui/Written';
import { MemberSelect } from './MemberSelect';
import { fieldsOf } from './queries';
import { useNames } from './session';

export type FieldDef = Schemas['FieldField'];
export type RecordKind = (typeof recordKinds)[number];

/** useAllFields are the company's own fields, retired ones behind the others of their kind. */
export const useAllFields = () => useQuery(fieldsOf);

/** useFields are those of a kind of record that forms, lists and filters ask for. */
export function useFields(record: RecordKind): FieldDef[] {
  return useAllFields().data?.filter((f) => f.record === record && !f.retired) ?? [];
}

/** isOffered tells whether a value is among those the field offers now; where it offers none, any is. */
export const isOffered = (f: FieldDef, value: string) => f.options.length === 0 || f.options.includes(value);

/** CustomInput edits one value in its own kind of control. */
export function CustomInput({ f, value, onChange }: Editing) {
  const { t } = useTranslation();
  switch (f.type) {
    case 'date':
      return <DateField label={f.label} value={value} onChange={onChange} />;
    case 'choice':
    case 'text':
      if (f.options.length === 0) return <Typed f={f} value={value} onChange={onChange} />;
      return (
        <Select
          aria-label={f.label}
          allowClear
          className="wide"
          value={value || undefined}
          onChange={(v?: string) => onChange(v ?? '')}
          options={choicesFor(f, value, t('ownField.notOffered'))}
        />
      );
    case 'person':
      return <MemberSelect label={f.label} clearable value={value} onChange={(v) => onChange(v ?? '')} />;
    default:
      return <Typed f={f} value={value} onChange={onChange} />;
  }
}

type Editing = { f: FieldDef; value: string; onChange: (v: string) => void };

function Typed({ f, value, onChange }: Editing) {
  return (
    <Input
      aria-label={f.label}
      inputMode={f.type === 'text' ? 'text' : 'decimal'}
      value={value}
      onChange={(e) => onChange(e.target.value)}
      maxLength={f.type === 'text' ? 500 : 30}
    />
  );
}

/** choicesFor is what a field offers, and what the record holds though it is offered no more, marked. */
function choicesFor(f: FieldDef, held: string, mark: string) {
  const offered = f.options.map((o) => ({ value: o, label: o }));
  return held && !isOffered(f, held) ? [...offered, { value: held, label: `${held}${mark}` }] : offered;
}

/** CustomFilter asks for one value; what is typed counts when it is finished. */
export function CustomFilter({ f, value, onChange }: Editing) {
  if (f.options.length > 0 || !['text', 'number', 'money'].includes(f.type))
    return <CustomInput f={f} value={value} onChange={onChange} />;
  return (
    <Input
      key={value}
      aria-label={f.label}
      defaultValue={value}
      onBlur={(e) => onChange(e.target.value.trim())}
      onPressEnter={(e) => onChange(e.currentTarget.value.trim())}
    />
  );
}

/** CustomInputs is the part of a form that the company made itself. */
export function CustomInputs({
  record,
  value,
  onChange,
}: {
  record: RecordKind;
  value: Record<string, string>;
  onChange: (v: Record<string, string>) => void;
}) {
  const fields = useFields(record);
  if (fields.length === 0) return null;
  return (
    <div className="grid2">
      {fields.map((f) => (
        <Field key={f.key} label={f.label}>
          <CustomInput f={f} value={value[f.key] ?? ''} onChange={(v) => onChange({ ...value, [f.key]: v })} />
        </Field>
      ))}
    </div>
  );
}

/** CustomText shows one value as a person reads it. */
export function useCustomText() {
  const names = useNames();
  return (f: FieldDef, value: string | undefined) =>
    value && f.type === 'person' ? names.member(value) : (value ?? '');
}

/** CustomFacts lists the values a record has. */
export function CustomFacts({ record, value }: { record: RecordKind; value: Record<string, string> }) {
  const { t } = useTranslation();
  const fields = useAllFields().data?.filter((f) => f.record === record) ?? [];
  const text = useCustomText();
  return fields
    .filter((f) => value[f.key])
    .map((f) => (
      <div className="kv" key={f.key}>
        <span>{f.retired ? `${f.label}${t('ownField.retiredMark')}` : f.label}</span>
        <b>
          <Written>{text(f, value[f.key])}</Written>
          {!isOffered(f, value[f.key] ?? '') && <span className="ink3">{t('ownField.notOffered')}</span>}
        </b>
      </div>
    ));
}
