import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { progressOf } from './queries';

/** Progress shows how far the data behind the reports is read, in the first moments after a start. */
export function Progress() {
  const { t } = useTranslation();
  const load = useQuery(progressOf);
  const p = load.data;
  if (!p?.loading || p.total === 0) return null;
  return (
    <p className="ink2" role="status">
      {t('funnel.loading', { read: p.read.toLocaleString(), total: p.total.toLocaleString() })}{' '}
      <progress value={p.read} max={p.total} />
    </p>
  );
}
