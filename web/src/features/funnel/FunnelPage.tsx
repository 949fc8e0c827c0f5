import { Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SavedViews } from '../../app/SavedViews';
import { useMe, usePipelines } from '../../app/session';
import { Empty } from '../../ui/bits';
import { Missing, ProblemBox } from '../../ui/Problem';
import { Uncertain } from '../../ui/Uncertain';
import { useUrl } from '../../ui/useUrl';
import { ClearFilters, FilterBar, FilterChips, MoreFilters } from '../opportunity/Filters';
import { NoPipeline } from '../pipeline/NoPipeline';
import { FunnelShape } from './FunnelShape';
import { Groups } from './Groups';
import { LeftOut, Losses } from './Losses';
import { Records } from './later';
import { Nothing } from './Nothing';
import { Period } from './Period';
import { Progress } from './Progress';
import { useFunnel } from './queries';
import { funnelQuestion } from './questions';
import { type Figure, littleIn, nothingIn } from './report';
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
  const lately = useFunnel(funnelQuestion(query, pipeline, me.today));
  // Little in the last year, as where a file brought deals without days: then all there is, instead of an empty page.
  const unsaid = !query.period && !query.from && !query.to;
  const old = unsaid && !!lately.data && !lately.isPlaceholderData && littleIn(lately.data);
  const q = funnelQuestion(old ? { ...query, period: 'all' } : query, pipeline, me.today);
  const report = useFunnel(q);
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
        <Period from={q.from} />
        {old && <span className="ink2">{t('funnel.allInstead')}</span>}
        <ClearFilters />
      </div>
      {report.isError && <ProblemBox error={report.error} retry={report.refetch} />}
      {pipelines.isError && !pipeline && <Missing of={pipelines} />}
      {pipelines.data?.length === 0 && !pipeline && <NoPipeline />}
      {!r && report.isPending && (pipeline || pipelines.isPending) && (
        <>
          <Progress />
          <Skeleton active />
        </>
      )}
      {r?.why && <Nothing />}
      {r && !r.why && nothingIn(r) && <Empty title={t('funnel.empty')}>{t('analysis.nothingHint')}</Empty>}
      {r && !r.why && (
        <>
          <Unknowns r={r} open={setOpen} />
          <Tiles r={r} open={setOpen} filter={q} />
          <div className="funnel-stages">
            <FunnelShape r={r} open={setOpen} />
            <StageTable r={r} open={setOpen} />
          </div>
          <Uncertain years={r.uncertain} />
          {r.asOf < me.today ? (
            <div className="card pad ink2 mt-16">
              {t('common.named', { name: t('waterfall.title'), value: t('funnel.todayOnly') })}
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
