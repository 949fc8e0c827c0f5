import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Chips } from '../../ui/Chips';
import { stay } from '../../ui/seen';
import { listOf } from './queries';

/** Topic is what a follow-up is about: a deal, or with no id a customer. */
export type Topic = { id?: string; accountId: string; name: string; account: string };

/** few are as many as are seen at once above a keyboard. */
const few = 6;

/** About chooses what a follow-up is about: the deals of a customer and himself, or those talked about last. */
export function About({
  account,
  value,
  onChange,
}: {
  account?: { id: string; name: string };
  value: Topic | undefined;
  onChange: (t: Topic) => void;
}) {
  const { t } = useTranslation();
  const [q, setQ] = useState<string>();
  const asked = account ? { account: account.id } : { q: q || undefined };
  const list = useQuery({
    ...listOf({ ...asked, state: ['open'], sort: 'contact', desc: true, limit: String(few) }),
    placeholderData: (old) => old,
  });
  const topics: Topic[] = (list.data?.items ?? []).map((o) => ({
    id: o.id,
    accountId: o.accountId,
    name: o.name,
    account: o.account,
  }));
  if (account) topics.unshift({ accountId: account.id, name: t('followUp.onlyAccount'), account: account.name });
  if (value && !topics.some((x) => keyOf(x) === keyOf(value))) topics.unshift(value);
  return (
    <fieldset className="field bare">
      <legend>{t('followUp.which')}</legend>
      <Chips
        along
        label={t('followUp.which')}
        chosen={value ? [keyOf(value)] : []}
        options={topics.map((x) => ({ value: keyOf(x), label: x.name, sub: account ? undefined : x.account }))}
        onTap={(key) => {
          const x = topics.find((x) => keyOf(x) === key);
          if (x) onChange(x);
        }}
      >
        {!account && q === undefined && (
          <button type="button" onMouseDown={stay} onClick={() => setQ('')}>
            {t('followUp.another')}
          </button>
        )}
      </Chips>
      {q !== undefined && (
        <Input
          autoFocus
          type="search"
          aria-label={t('common.search')}
          placeholder={t('common.searchHint')}
          value={q}
          onChange={(e) => setQ(e.target.value)}
        />
      )}
    </fieldset>
  );
}

const keyOf = (x: Topic) => x.id ?? x.accountId;
