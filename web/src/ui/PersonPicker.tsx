import type { ComponentProps } from 'react';
import { matches } from './match';
import { Select } from './Select';

/** Choosable is somebody to choose; by is what finds him besides the name. */
export type Choosable = { id: string; name: string; beside?: string; by?: readonly string[] };

type Shown = Pick<ComponentProps<typeof Select>, 'placeholder' | 'notFoundContent'> & {
  /** Undefined until it is known who there is. */
  people: readonly Choosable[] | undefined;
  label?: string;
  clearable?: boolean;
  className?: string;
  /** Asks elsewhere for whom a text finds; else those who are there are looked through. */
  onSearch?: (text: string) => void;
};

/** shown is what one and several have in common. */
function shown({ people, label, clearable, className = 'wide', onSearch, ...more }: Shown) {
  const found = (text: string, o?: object) => matches(text, (o as { by?: string[] } | undefined)?.by ?? []);
  return {
    ...more,
    'aria-label': label,
    allowClear: clearable,
    className,
    showSearch: onSearch ? { filterOption: false, onSearch } : { filterOption: found },
    options: people?.map(({ id, name, beside, by = [] }) => ({
      value: id,
      label: beside ? `${name} · ${beside}` : name,
      by: [name, ...by],
    })),
  };
}

/** PersonPicker chooses somebody by name, pinyin or initials. */
export function PersonPicker({
  value,
  onChange,
  ...more
}: Shown & { value: string | undefined; onChange: (id: string | undefined) => void }) {
  return (
    <Select<string>
      {...shown(more)}
      // Until the names are there an id would stand in their place.
      value={(more.people && value) || undefined}
      onChange={(v?: string) => onChange(v)}
    />
  );
}

/** PeoplePicker chooses several. */
export function PeoplePicker({
  value,
  onChange,
  ...more
}: Shown & { value: string[]; onChange: (ids: string[]) => void }) {
  return <Select<string[]> mode="multiple" {...shown(more)} value={value} onChange={onChange} />;
}
