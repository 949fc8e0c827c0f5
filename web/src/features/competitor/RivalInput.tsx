import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/bits';
import { Chips } from '../../ui/Chips';
import { matches } from '../../ui/match';
import { competitorsOf } from '../opportunity/queries';
import type { Named } from './queries';

/** Whose is a competitor that was chosen, by id, or what one is called: known or new. */
export type Whose = { id: string; name: string };

/** FEW are as many as are offered: they stand above the keyboard. */
const FEW = 4;

/** oneOf joins spellings to the competitor as which they are read, each with all it is called. */
export function oneOf(all: readonly Named[]): { id: string; name: string; called: string[] }[] {
  return all
    .filter((c) => !c.sameAs)
    .map((c) => ({
      id: c.id,
      name: c.name,
      called: all.filter((x) => x.id === c.id || x.sameAs === c.id).flatMap((x) => [x.name, ...(x.aliases ?? [])]),
    }));
}

/** RivalInput takes a competitor as it is typed; those that are found, or are there already, are one tap away. */
export function RivalInput({
  first,
  not,
  value,
  onChange,
}: {
  /** Offered before anything is typed. */
  first?: readonly Whose[];
  /** Is not offered. */
  not?: string;
  value: Whose;
  onChange: (to: Whose) => void;
}) {
  const { t } = useTranslation();
  const all = oneOf(useQuery(competitorsOf).data ?? []).filter((c) => c.id !== not);
  const typed = useDeferredValue(value.id ? '' : value.name.trim());
  const found = typed ? all.filter((c) => matches(typed, c.called)) : [];
  const exactly = found.find((c) => c.called.some((n) => n.trim() === typed));
  const offered = value.id
    ? [value]
    : typed
      ? found
      : [...(first ?? []), ...all.filter((c) => !first?.some((f) => f.id === c.id))];
  const hint = () => {
    if (!typed || exactly)
      return exactly && exactly.name !== typed ? t('competitor.sameAs', { name: exactly.name }) : undefined;
    return found.length === 0 ? t('competitor.new') : undefined;
  };
  return (
    <>
      <Field at="competitor" label={t('competitor.one')} hint={hint()}>
        <Input
          value={value.name}
          maxLength={100}
          autoComplete="off"
          placeholder={t('competitor.hint')}
          onChange={(e) => onChange({ id: '', name: e.target.value })}
        />
      </Field>
      {offered.length > 0 && (
        <fieldset className="field bare">
          <Chips
            along
            label={t('competitor.known')}
            chosen={[value.id || (exactly?.id ?? '')]}
            options={offered.slice(0, FEW).map((c) => ({ value: c.id, label: c.name }))}
            onTap={(id) =>
              onChange(
                id === value.id ? { id: '', name: '' } : { id, name: offered.find((c) => c.id === id)?.name ?? '' },
              )
            }
          />
        </fieldset>
      )}
    </>
  );
}
