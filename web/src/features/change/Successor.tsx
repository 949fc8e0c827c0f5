import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/bits';
import { Chips } from '../../ui/Chips';
import { contactsLike } from '../account/queries';
import { KnownBy } from '../tie/later';

/** Somebody is a person by id, or one who is written down with the form, by name; neither is nobody yet. */
export type Somebody = { id: string; name: string };

/** FEW are as many people of a name as stand below it: which of them it is must be seen at once. */
const FEW = 4;

/** Successor takes who follows: a name, and below it who is called so and where he works. */
export function Successor({
  of,
  label,
  hint,
  value,
  onChange,
}: {
  /** Who went: nobody follows himself. */
  of: string;
  label?: string;
  hint?: string;
  value: Somebody;
  onChange: (to: Somebody) => void;
}) {
  const { t } = useTranslation();
  const typed = useDeferredValue(value.name.trim());
  const found = useQuery({ ...contactsLike(typed), enabled: typed !== '' });
  const people = typed ? (found.data?.items ?? []).filter((c) => c.id !== of).slice(0, FEW) : [];
  return (
    <Field at="successorName" label={label ?? t('change.successor')}>
      <Input
        value={value.name}
        maxLength={100}
        placeholder={hint ?? t('change.successorHint')}
        onChange={(e) => onChange({ id: '', name: e.target.value })}
      />
      {people.length > 0 && (
        <Chips
          label={label ?? t('change.successor')}
          chosen={[value.id]}
          options={people.map((c) => ({
            value: c.id,
            label: c.name,
            sub: [c.account, c.title].filter(Boolean).join(' '),
          }))}
          onTap={(id) =>
            onChange(
              id === value.id
                ? { id: '', name: value.name }
                : { id, name: people.find((c) => c.id === id)?.name ?? '' },
            )
          }
        />
      )}
      {(value.id || (typed.length > 1 && people.length < 2)) && <KnownBy id={value.id || undefined} name={typed} />}
    </Field>
  );
}
