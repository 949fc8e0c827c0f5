import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { day } from '../../ui/format';
import { howOf } from './how';
import { confirmedIn } from './queries';

/** Confirmed is when a key person of a deal was last confirmed, and how; others say nothing. */
export function Confirmed({ deal, contact }: { deal: string; contact: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const s = useQuery(confirmedIn(deal)).data?.find((x) => x.contactId === contact);
  if (!s) return null;
  return (
    <small>
      {s.on ? t('confirm.last', { on: day(s.on, me.today), how: howOf(t, s.how) }) : t('confirm.notYet')}{' '}
      {s.lastAnswer === 'still' && <span className="chip w">{t('confirm.only', { count: s.run })}</span>}
      {s.lastAnswer === 'unreachable' && <span className="chip b">{t('confirm.lost', { count: s.run })}</span>}
    </small>
  );
}
