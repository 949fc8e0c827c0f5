import { useQuery } from '@tanstack/react-query';
import { Select, Skeleton } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SavedViews } from '../../app/SavedViews';
import { useMe, usePipelines } from '../../app/session';
import { Empty, Fold } from '../../ui/bits';
import { Missing, ProblemBox } from '../../ui/Problem';
import { useUrl } from '../../ui/useUrl';
import { Records } from '../funnel/later';
import { Nothing } from '../funnel/Nothing';
import { AsOf, Period } from '../funnel/Period';
import { Progress } from '../funnel/Progress';
import { reportOf } from '../funnel/queries';
import { span } from '../funnel/questions';
import type { Figure } from '../funnel/report';
import { ClearFilters, FilterBar, FilterChips, MoreFilters } from '../opportunity/Filters';
import { NoPipeline } from '../pipeline/NoPipeline';
import { Conversion } from './Conversion';
import { Headline } from './Headline';
import { Cohorts, Compare, Dwell, Forecast, WinLoss } from './later';
import { compared, ownWindow, questionsOf, stepOf, type Tab, tabs } from './questions';
import { Trend } from './Trend';

/** inView has the tab that is open seen, where not all of them have room. */
const inView = (x: HTMLElement | null) => x?.scrollIntoView({ block: 'nearest', inline: 'nearest' });

/** AnalysisPage: the questions a director asks one after another, on one set of filters. */
export default function AnalysisPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { get, set, query, params } = useUrl();
  const pipelines = usePipelines();
  const pipeline = get('pipeline') ?? pipelines.data?.[0]?.id;
  const { tab, groupBy, ask, own, cohorts } = questionsOf(query, pipeline);
  const blank = params.size === 0;
  const last = useRef<Tab>(tab);
  useEffect(() => {
    // A first look is of the last twelve months beside the twelve before; whoever clears the filters stays in view.
    if (blank) set({ ...span('last12', me.today), compare: 'year', tab: last.current });
    else last.current = tab;
  });
  const report = useQuery({ ...reportOf(ask), enabled: !!pipeline && !blank });
  const [open, setOpen] = useState<Figure | null>(null);
  const r = report.data;
  return (
    <>
      <div className="top">
        <h1>{t('analysis.title')}</h1>
      </div>
      <nav className="views" aria-label={t('analysis.title')}>
        {tabs.map((k) => (
          <button
            type="button"
            key={k}
            ref={k === tab ? inView : undefined}
            aria-current={k === tab ? 'page' : undefined}
            onClick={() => set({ tab: k })}
          >
            {t(`analysis.tab.${k}`)}
          </button>
        ))}
      </nav>
      <Fold first={<SavedViews screen="analysis" />}>
        <FilterBar fallback={pipeline} />
        <MoreFilters />
        {ownWindow.has(tab) ? <AsOf /> : <Period />}
        {compared.has(tab) && (
          <Select
            aria-label={t('analysis.compareWith')}
            className="minw-150"
            value={get('compare') ?? ''}
            disabled={!get('from')}
            onChange={(v) => set({ compare: v })}
            options={['', 'previous', 'year'].map((k) => ({ value: k, label: t(`analysis.with.${k || 'none'}`) }))}
          />
        )}
        <ClearFilters />
      </Fold>
      <FilterChips />
      {report.isError && <ProblemBox error={report.error} retry={report.refetch} />}
      {pipelines.isError && !pipeline && <Missing of={pipelines} />}
      {pipelines.data?.length === 0 && !pipeline && <NoPipeline />}
      {!r && report.isPending && (pipeline || pipelines.isPending) && (
        <>
          <Progress />
          <Skeleton active />
        </>
      )}
      {r && !r.why && r.population.created === 0 && !ownWindow.has(tab) && (
        <Empty title={t('funnel.empty')}>
          <p>{t('analysis.nothingHint')}</p>
        </Empty>
      )}
      {r?.why && <Nothing />}
      {r && !r.why && (
        <div className={report.isPlaceholderData ? 'stale' : ''}>
          {tab === 'conversion' && (
            <>
              <Headline r={r} open={setOpen} />
              <Conversion r={r} q={ask} open={setOpen} />
            </>
          )}
          {tab === 'dwell' && <Dwell r={r} q={ask} open={setOpen} />}
          {tab === 'winloss' && <WinLoss r={r} q={ask} open={setOpen} />}
          {tab === 'compare' && (
            <Compare r={r} q={ask} groupBy={groupBy} setGroup={(g) => set({ groupBy: g })} open={setOpen} />
          )}
          {tab === 'trend' && <Trend q={own} step={stepOf(query)} setStep={(s) => set({ step: s })} open={setOpen} />}
          {tab === 'cohorts' && <Cohorts r={r} q={cohorts} set={set} open={setOpen} />}
          {tab === 'forecast' && <Forecast q={own} open={setOpen} />}
        </div>
      )}
      {open && r && <Records q={ownWindow.has(tab) ? own : ask} figure={open} onClose={() => setOpen(null)} />}
    </>
  );
}
