import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { api, must, type Schemas } from '../api/client';
import { Field } from '../ui/bits';
import { DateField } from '../ui/DateField';
import { Select } from '../ui/Select';
import { MemberSelect } from './MemberSelect';
import { useNames } from './session';

export type FieldDef = Schemas['FieldField'];
export type RecordKind = 'account' | 'contact' | 'opportunity';

/** useFields are the company's own fields of a kind of record. */
export function useFields(record: RecordKind): FieldDef[] {
  const all = useQuery({ queryKey: ['fields'], queryFn: () => must(api.GET('/api/fields')), staleTime: 60_000 });
  return all.data?.filter((f) => f.record === record) ?? [];
}

/** CustomInput edits one value in its own kind of control. */
export function CustomInput({ f, value, onChange }: { f: FieldDef; value: string; onChange: (v: string) => void }) {
  switch (f.type) {
    case 'date':
      return <DateField label={f.label} value={value} onChange={onChange} />;
    case 'choice':
      return (
        <Select
          aria-label={f.label}
          allowClear
          className="wide"
          value={value || undefined}
          onChange={(v?: string) => onChange(v ?? '')}
          options={f.options.map((o) => ({ value: o, label: o }))}
        />
      );
    case 'person':
      return <MemberSelect label={f.label} clearable value={value} onChange={(v) => onChange(v ?? '')} />;
    default:
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
}

/** CustomFilter asks for one value; what is typed counts when it is finished. */
export function CustomFilter({ f, value, onChange }: { f: FieldDef; value: string; onChange: (v: string) => void }) {
  if (f.type !== 'text' && f.type !== 'number' && f.type !== 'money')
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
  const fields = useFields(record);
  const text = useCustomText();
  return fields
    .filter((f) => value[f.key])
    .map((f) => (
      <div className="kv" key={f.key}>
        <span>{f.label}</span>
        <b>{text(f, value[f.key])}</b>
      </div>
    ));
}
