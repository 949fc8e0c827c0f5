import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/bits';
import { Chips } from '../../ui/Chips';
import { accountsLike } from '../account/queries';
import type { Whose } from './RivalInput';

const FEW = 4;

/** AtCustomer takes a customer there is, by its name. */
export function AtCustomer({ value, onChange }: { value: Whose; onChange: (to: Whose) => void }) {
  const { t } = useTranslation();
  const q = useDeferredValue(value.id ? '' : value.name.trim());
  const found = useQuery({ ...accountsLike(q, FEW), enabled: q !== '', placeholderData: (old) => old });
  const list = value.id ? [value] : q ? (found.data?.items ?? []) : [];
  const nobody = q !== '' && !found.isFetching && list.length === 0;
  return (
    <>
      <Field at="accountId" label={t('opp.account')} hint={nobody ? t('account.empty') : undefined}>
        <Input
          value={value.name}
          maxLength={60}
          autoComplete="off"
          placeholder={t('common.searchHint')}
          onChange={(e) => onChange({ id: '', name: e.target.value })}
        />
      </Field>
      {list.length > 0 && (
        <fieldset className="field bare">
          <Chips
            along
            label={t('opp.account')}
            chosen={[value.id]}
            options={list.map((a) => ({ value: a.id, label: a.name }))}
            onTap={(id) => onChange({ id, name: list.find((a) => a.id === id)?.name ?? '' })}
          />
        </fieldset>
      )}
    </>
  );
}
