import { Select } from '../ui/Select';
import { useOrg } from './session';

/** usePeople are the members to choose from, found by name, pinyin or initials. */
function usePeople(without: string[] | undefined, kept: string | undefined) {
  const org = useOrg().data;
  return {
    showSearch: {
      filterOption: (text: string, o: unknown) =>
        (o as { find: string }).find.includes(text.toLowerCase().replaceAll(' ', '')),
    },
    options: org?.members
      .filter((m) => (!m.leftOn || m.id === kept) && !without?.includes(m.id))
      .map((m) => ({
        value: m.id,
        label: m.team ? `${m.name} · ${m.team}` : m.name,
        find: `${m.name}${m.pinyin}${m.initials}`.toLowerCase(),
      })),
  };
}

/** MembersSelect picks several people. */
export function MembersSelect({
  value,
  onChange,
  without,
}: {
  value: string[];
  onChange: (ids: string[]) => void;
  without?: string[];
}) {
  return (
    <Select mode="multiple" className="wide" value={value} onChange={onChange} {...usePeople(without, undefined)} />
  );
}

/** MemberSelect picks people by name, pinyin or initials. */
export function MemberSelect({
  value,
  onChange,
  label,
  placeholder,
  without,
  clearable,
  className = 'wide',
}: {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  label?: string;
  placeholder?: string;
  /** Members not to be offered; those who left are never. */
  without?: string[];
  clearable?: boolean;
  className?: string;
}) {
  const people = usePeople(without, value);
  return (
    <Select
      aria-label={label}
      allowClear={clearable}
      placeholder={placeholder}
      className={className}
      // Until the names are there an id would stand in their place.
      value={(people.options && value) || undefined}
      onChange={(v?: string) => onChange(v)}
      {...people}
    />
  );
}
