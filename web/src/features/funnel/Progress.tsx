import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';

/** Progress shows how far the data behind the reports is read, in the first moments after a start. */
export function Progress() {
  const { t } = useTranslation();
  const load = useQuery({
    queryKey: ['reports', 'progress'],
    queryFn: () => must(api.GET('/api/reports/progress')),
    refetchInterval: 700,
    gcTime: 0,
  });
  const p = load.data;
  if (!p?.loading || p.total === 0) return null;
  return (
    <p className="ink2" role="status">
      {t('funnel.loading', { read: p.read.toLocaleString(), total: p.total.toLocaleString() })}{' '}
      <progress value={p.read} max={p.total} />
    </p>
  );
}
