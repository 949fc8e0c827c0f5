import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useNames } from '../../app/session';
import { pathOf } from '../../ui/RecordLink';
import { useWorkHours } from '../../ui/useWorkHours';
import { callsForHelp } from '../guidance/queries';

/** Calls are the oldest calls for help nobody answered below those who lead others that lead; there is none for others. */
export function Calls() {
  const { t } = useTranslation();
  const names = useNames();
  const hours = useWorkHours();
  const asked = useQuery(callsForHelp);
  const items = asked.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className="card" aria-label={t('desk.calls.title')}>
      <h2>{t('desk.calls.title')}</h2>
      {items.map((c) => (
        <div key={c.id} className="pad">
          {c.on.name ? <Link to={pathOf(c.on.kind, c.on.id)}>{c.on.name}</Link> : t('desk.calls.unseen')}
          <div className="ink2">
            {t('desk.calls.since', { who: names.member(c.askerId), hours: hours(c.waitedMinutes) })}{' '}
            {c.holderId ? t('desk.calls.holder', { who: names.member(c.holderId) }) : t('desk.calls.back')}
          </div>
        </div>
      ))}
    </section>
  );
}
