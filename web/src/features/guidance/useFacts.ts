import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { useAmount } from '../../ui/Amount';
import { day } from '../../ui/format';
import { accountOf, contactOf } from '../account/queries';
import { opportunityDetail, type RecordBody } from '../opportunity/queries';
import type { On } from './queries';

/** useFacts is how a record stands, in lines for somebody who may not open it; undefined until it is known. */
export function useFacts({ kind, id }: On): string | undefined {
  const { t } = useTranslation();
  const amount = useAmount();
  const me = useMe();
  const deal = useQuery({ ...opportunityDetail(id), enabled: kind === 'opportunity' });
  const account = useQuery({ ...accountOf(id), enabled: kind === 'account' });
  const contact = useQuery({ ...contactOf(id), enabled: kind === 'contact' });
  const stepOf = (r: RecordBody) => {
    const next = r.nextSteps.find((x) => !x.doneOn);
    if (next) return t('guidance.facts.step', { what: next.what, on: day(next.dueOn, me.today) });
    return r.state === 'open' && t('guidance.facts.noStep');
  };
  const of = (r: RecordBody) => [
    [r.name, r.account].join(' · '),
    [
      r.stage,
      r.clocks.stayDays !== null && t('guidance.facts.stage', { count: r.clocks.stayDays }),
      r.amountMinor !== null && amount.short(r.amountMinor, r.currency),
    ]
      .filter(Boolean)
      .join(' · '),
    r.lastContactOn && t('guidance.facts.contact', { on: day(r.lastContactOn, me.today) }),
    stepOf(r),
  ];
  if (deal.data) return of(deal.data).filter(Boolean).join('\n');
  if (account.data) return account.data.name;
  if (contact.data) return [contact.data.name, contact.data.account].join(' · ');
  return undefined;
}
