import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { day } from '../../ui/format';
import { RecordLink } from '../../ui/RecordLink';
import { accountsLike } from '../account/queries';
import { alike } from './alike';
import { type Customer, few } from './CustomerInput';
import { listOf } from './queries';

/** useSameDeals are the customer's open deals in sight that are called like a new one, or nearly. */
function useSameDeals(customer: Customer, name: string) {
  const typed = useDeferredValue(customer.id ? '' : customer.name.trim());
  const found = useQuery({ ...accountsLike(typed, few), enabled: typed !== '' });
  const account = customer.id || found.data?.items.find((a) => a.name === typed)?.id || '';
  const deals = useQuery({
    ...listOf({ account, state: 'open', limit: '100' }),
    enabled: account !== '' && !!name.trim(),
  });
  return account ? (deals.data?.items ?? []).filter((o) => alike(o.name, name)) : [];
}

/** SameDeals says, before it is saved, that the customer has such a deal already; it may be another all the same. */
export function SameDeals({ customer, name }: { customer: Customer; name: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const same = useSameDeals(customer, useDeferredValue(name));
  if (same.length === 0) return null;
  return (
    <Alert
      type="info"
      showIcon
      className="problem"
      title={t('create.same', { count: same.length })}
      description={same.map((o) => (
        <p key={o.id}>
          <RecordLink kind="opportunity" id={o.id}>
            {o.name}
          </RecordLink>{' '}
          · {o.stage} · {names.member(o.ownerId)} · <Amount minor={o.amountMinor} currency={o.currency} /> ·{' '}
          {t('create.since', { on: day(o.createdOn, me.today) })}
        </p>
      ))}
    />
  );
}
