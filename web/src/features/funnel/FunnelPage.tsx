import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { SavedViews } from '../../app/SavedViews';
import { useMe, usePipelines } from '../../app/session';
import { Empty } from '../../ui/bits';
import { Missing, ProblemBox } from '../../ui/Problem';
import { Uncertain } from '../../ui/Uncertain';
import { useUrl } from '../../ui/useUrl';
import { ClearFilters, FilterBar, FilterChips, MoreFilters } from '../opportunity/Filters';
import { Groups } from './Groups';
import { LeftOut, Losses } from './Losses';
import { Nothing } from './Nothing';
import { Period } from './Period';
import { Progress } from './Progress';
import { funnelQuestion } from './questions';
import { Records } from './Records';
import type { Figure } from './report';
import { StageTable } from './StageTable';
import { Tiles } from './Tiles';
import { Unknowns } from './Unknowns';
import { Waterfall } from './Waterfall';

/** FunnelPage: what converts, how fast, where it gets stuck, what it is worth; every figure opens. */
export default function FunnelPage() {
  const { t } = useTranslation();
  const { get, set, query } = useUrl();
  const me = useMe();
  const pipelines = usePipelines();
  const pipeline = get('pipeline') ?? pipelines.data?.[0]?.id;
  const q = funnelQuestion(query, pipeline);
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
        <Period />
        <ClearFilters />
      </div>
      {report.isError && <ProblemBox error={report.error} retry={report.refetch} />}
      {pipelines.isError && !pipeline && <Missing of={pipelines} />}
      {!r && report.isPending && !(pipelines.isError && !pipeline) && (
        <>
          <Progress />
          <Skeleton active />
        </>
      )}
      {r?.why && <Nothing />}
      {r && !r.why && r.population.created === 0 && r.closedWinRate.won + r.closedWinRate.lost === 0 && (
        <Empty title={t('funnel.empty')}>{t('analysis.nothingHint')}</Empty>
      )}
      {r && !r.why && (
        <>
          <Unknowns r={r} open={setOpen} />
          <Tiles r={r} open={setOpen} filter={query} />
          <StageTable r={r} open={setOpen} />
          <Uncertain years={r.uncertain} />
          {r.asOf < me.today ? (
            <div className="card pad ink2 mt-16">
              {t('waterfall.title')}: {t('funnel.todayOnly')}
            </div>
          ) : (
            <Waterfall q={q} open={setOpen} />
          )}
          <div className="cols mt-16">
            <Groups r={r} groupBy={q.groupBy} set={(v) => set({ groupBy: v })} open={setOpen} />
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
