import { Select } from 'antd';
import { useOrg } from './session';

/** MemberSelect picks people by name, pinyin or initials. */
export function MemberSelect({
  value,
  onChange,
  label,
  placeholder,
  without,
  clearable,
  style,
}: {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  label?: string;
  placeholder?: string;
  /** Members not to be offered; those who left are never. */
  without?: string[];
  clearable?: boolean;
  style?: React.CSSProperties;
}) {
  const org = useOrg().data;
  return (
    <Select
      aria-label={label}
      allowClear={clearable}
      placeholder={placeholder}
      style={style ?? { width: '100%' }}
      value={value || undefined}
      onChange={(v?: string) => onChange(v)}
      showSearch={{
        filterOption: (text, o) => (o as { find: string }).find.includes(text.toLowerCase().replaceAll(' ', '')),
      }}
      options={org?.members
        .filter((m) => (!m.leftOn || m.id === value) && !without?.includes(m.id))
        .map((m) => ({
          value: m.id,
          label: m.team ? `${m.name} · ${m.team}` : m.name,
          find: `${m.name}${m.pinyin}${m.initials}`.toLowerCase(),
        }))}
    />
  );
}
