import { useQuery } from '@tanstack/react-query';
import { Select, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, must } from '../../api/client';
import { SavedViews } from '../../app/SavedViews';
import { useMe, usePipelines } from '../../app/session';
import { DateInput, Empty } from '../../ui/bits';
import { ProblemBox } from '../../ui/Problem';
import { useUrl } from '../../ui/useUrl';
import { FilterBar, FilterChips, MoreFilters } from '../opportunity/Filters';
import { Groups } from './Groups';
import { LeftOut, Losses } from './Losses';
import { Records } from './Records';
import type { Figure } from './report';
import { StageTable } from './StageTable';
import { Tiles } from './Tiles';
import { Waterfall } from './Waterfall';

/** FunnelPage: what converts, how fast, where it gets stuck, what it is worth; every figure opens. */
export default function FunnelPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { get, set, query } = useUrl();
  const pipelines = usePipelines();
  const pipeline = get('pipeline') ?? pipelines.data?.[0]?.id;
  const groupBy = get('groupBy') ?? 'owner';
  const q = { ...query, pipeline, groupBy };
  const report = useQuery({
    queryKey: ['funnel', q],
    queryFn: ({ signal }) => must(api.GET('/api/reports/funnel', { params: { query: q as never }, signal })),
    enabled: !!pipeline,
    placeholderData: (old) => old,
  });
  const [open, setOpen] = useState<Figure | null>(null);
  const r = report.data;
  return (
    <>
      <div className="top">
        <h1>{t('funnel.title')}</h1>
      </div>
      <div className="filters">
        <SavedViews screen="funnel" />
        <FilterBar fallback={pipeline} />
        <MoreFilters />
      </div>
      <FilterChips />
      <div className="filters">
        <span style={{ width: 150 }}>
          <DateInput label={t('funnel.from')} value={get('from') ?? ''} onChange={(v) => set({ from: v })} />
        </span>
        <span>–</span>
        <span style={{ width: 150 }}>
          <DateInput label={t('funnel.to')} value={get('to') ?? ''} onChange={(v) => set({ to: v })} />
        </span>
        <Select
          aria-label={t('funnel.quick')}
          placeholder={t('funnel.quick')}
          style={{ minWidth: 120 }}
          value={null}
          onChange={(v: string) => set(span(v, me.today))}
          options={['month', 'quarter', 'year', 'last12', 'all'].map((k) => ({
            value: k,
            label: t(`funnel.span.${k}`),
          }))}
        />
        <label className="ink2">
          {t('funnel.asOf')}{' '}
          <span style={{ width: 150, display: 'inline-block' }}>
            <DateInput
              label={t('funnel.asOf')}
              value={get('asOf') ?? me.today}
              max={me.today}
              onChange={(v) => set({ asOf: v === me.today ? undefined : v })}
            />
          </span>
        </label>
      </div>
      {report.isError && <ProblemBox error={report.error} retry={report.refetch} />}
      {!r && report.isPending && <Skeleton active />}
      {r && r.population.created === 0 && r.closedWinRate.won + r.closedWinRate.lost === 0 && (
        <Empty title={t('funnel.empty')}>
          <Link to="/import">{t('desk.emptyImport')}</Link>
        </Empty>
      )}
      {r && (
        <>
          <Tiles r={r} open={setOpen} filter={query} />
          <StageTable r={r} open={setOpen} />
          <Waterfall q={q} open={setOpen} />
          <div className="cols" style={{ marginTop: 16 }}>
            <Groups r={r} groupBy={groupBy} set={(v) => set({ groupBy: v })} open={setOpen} />
            <div>
              <Losses r={r} open={setOpen} />
              <LeftOut r={r} open={setOpen} />
            </div>
          </div>
        </>
      )}
      {open && r && <Records q={q} figure={open} onClose={() => setOpen(null)} />}
    </>
  );
}

function span(kind: string, today: string): Record<string, string | undefined> {
  const [y, m] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  const d = (yy: number, mm: number) =>
    `${yy + Math.floor((mm - 1) / 12)}-${String(((((mm - 1) % 12) + 12) % 12) + 1).padStart(2, '0')}-01`;
  const q = Math.floor((m - 1) / 3) * 3 + 1;
  if (kind === 'month') return { from: d(y, m), to: d(y, m + 1) };
  if (kind === 'quarter') return { from: d(y, q), to: d(y, q + 3) };
  if (kind === 'year') return { from: d(y, 1), to: d(y + 1, 1) };
  if (kind === 'last12') return { from: `${y - 1}${today.slice(4)}`, to: undefined };
  return { from: undefined, to: undefined };
}
