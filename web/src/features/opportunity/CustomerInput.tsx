import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/bits';
import { Chips } from '../../ui/Chips';
import { accountsLike } from '../account/queries';

/** Customer is one that was chosen, by id, or one that is named: found by the server, or new. */
export type Customer = { id: string; name: string };

/** asSent is a customer as the server is told of it. */
export const asSent = (c: Customer) => (c.id ? { accountId: c.id } : { accountName: c.name.trim() });

/** few are as many customers as are offered while a name is typed. */
export const few = 5;

/** CustomerInput takes the customer as it is typed; those that are found are one tap away. */
export function CustomerInput({ value, onChange }: { value: Customer; onChange: (c: Customer) => void }) {
  const { t } = useTranslation();
  const q = useDeferredValue(value.id ? '' : value.name.trim());
  const found = useQuery({ ...accountsLike(q, few), enabled: q !== '', placeholderData: (old) => old });
  const list = q === '' ? [] : (found.data?.items ?? []);
  const known = list.find((a) => a.name === value.name.trim());
  const hint = () => {
    if (value.id || !value.name.trim() || found.isFetching) return undefined;
    return known ? t('create.known') : t('create.new');
  };
  return (
    <>
      <Field label={t('opp.account')} at="accountName" hint={hint()}>
        <Input
          value={value.name}
          placeholder={t('create.customerHint')}
          onChange={(e) => onChange({ id: '', name: e.target.value })}
          autoComplete="off"
          maxLength={60}
        />
      </Field>
      {list.length > 0 && (
        <fieldset className="field bare">
          <Chips
            along
            label={t('create.found')}
            chosen={known ? [known.id] : []}
            options={list.map((a) => ({ value: a.id, label: a.name }))}
            onTap={(id) => onChange({ id, name: list.find((a) => a.id === id)?.name ?? '' })}
          />
        </fieldset>
      )}
    </>
  );
}
