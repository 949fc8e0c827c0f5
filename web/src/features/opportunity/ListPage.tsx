import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { dealStates } from '../../api/enums.gen';
import { ExportButton } from '../../app/ExportButton';
import { SavedViews } from '../../app/SavedViews';
import { useCan, useMe, useNames, usePipeline, usePipelines } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { Empty, Fold, Totals, usePhone } from '../../ui/bits';
import { day } from '../../ui/format';
import { later } from '../../ui/later';
import { Pager, usePages } from '../../ui/Pager';
import { ProblemBox } from '../../ui/Problem';
import { Search } from '../../ui/Search';
import { Select } from '../../ui/Select';
import { useUrl } from '../../ui/useUrl';
import { ClockChips } from './Clocks';
import { useColumns, useShown, useStageName } from './columns';
import { CreateDialog } from './dialogs';
import { ClearFilters, FilterBar, FilterChips, MoreFilters } from './Filters';
import { NextStep } from './NextStep';
import { OtherView } from './OtherView';
import { listOf, type Opp } from './queries';
import { Rows } from './Rows';
import { onList } from './sameDeals';

/** narrowings are what a button keeps; what is nobody's is asked for on the desk. */
const narrowings = [
  'stalled',
  'overstayed',
  'passed',
  'noNextStep',
  'waiting',
  'exceptions',
  'provisional',
  'noOwner',
] as const;

const BulkBar = later(() => import('./BulkBar').then((m) => m.BulkBar));

/** ListPage: saved views, filters in the URL, column choice, keyset pages, bulk acts, export. */
export default function ListPage() {
  const { t } = useTranslation();
  const { get, set, query, params } = useUrl();
  const me = useMe();
  const pipelines = usePipelines();
  const pipeline = usePipeline(get('pipeline'));
  const canWrite = useCan('opportunity.write');
  const pages = usePages(query);
  const [creating, setCreating] = useState(false);
  // What was chosen from other filters is not acted upon unseen.
  const { sort: _sort, desc: _desc, ...filters } = query;
  const question = JSON.stringify(filters);
  const [picked, setPicked] = useState({ question, ids: [] as string[] });
  const selected = picked.question === question ? picked.ids : [];
  const setSelected = (ids: string[]) => setPicked({ question, ids });
  const phone = usePhone();
  const { shown, show } = useShown();
  const list = useQuery({ ...listOf({ ...query, cursor: pages.cursor }), placeholderData: (old) => old });
  const foreign = list.data?.totals.some((x) => x.currency !== me.currency) ?? false;
  const { columns, choice } = useColumns(foreign);
  const total = list.data?.totals.reduce((n, x) => n + x.count, 0) ?? 0;
  const empty = (
    <Empty title={t('list.empty')}>
      <p>{t('list.emptyHint')}</p>
      <ClearFilters type="default" />{' '}
      {canWrite && <Button onClick={() => setCreating(true)}>{t('create.title')}</Button>}
    </Empty>
  );
  return (
    <>
      <div className="top">
        <h1>{t('list.title')}</h1>
        <OtherView to="/board" />
        <span className="stamp">
          {list.data?.counting ? t('list.computing') : list.data && t('list.count', { count: total })}
          {total > 0 && ' · '}
          <Totals of={list.data?.totals} />
          {total > 1 && !get('sort') && ` · ${t('list.newestFirst')}`}
        </span>
        <div className="sp" />
        <ExportButton path="opportunities" params={params} />
        {canWrite && (
          <Button type="primary" onClick={() => setCreating(true)}>
            {t('create.title')}
          </Button>
        )}
      </div>
      <Fold
        first={
          <>
            <SavedViews screen="opportunities" also={{ screen: 'board', as: onList }} />
            <Search className="w-200" />
          </>
        }
      >
        <FilterBar />
        <Select
          aria-label={t('opp.state')}
          allowClear
          mode="multiple"
          placeholder={t('opp.state')}
          value={params.getAll('state')}
          onChange={(v: string[]) => set({ state: v })}
          className="minw-110"
          options={dealStates.map((s) => ({ value: s, label: t(`state.${s}`) }))}
        />
        {pipeline.data && (
          <Select
            aria-label={t('opp.stage')}
            allowClear
            placeholder={t('opp.stage')}
            value={pipeline.data.stages.find((s) => s.id === get('stage'))?.id}
            onChange={(v) => set({ stage: v })}
            className="minw-120"
            options={pipeline.data.stages.map((s) => ({ value: s.id, label: s.name }))}
          />
        )}
        {narrowings
          .filter((k) => k !== 'noOwner' || get(k))
          .map((k) => (
            <Button
              key={k}
              type={get(k) ? 'primary' : 'default'}
              aria-pressed={!!get(k)}
              // A win is not open: asked for, wins are looked for among all.
              onClick={() =>
                set({
                  [k]: get(k) ? undefined : 'true',
                  ...(k === 'provisional' || k === 'exceptions' ? { state: [] } : {}),
                })
              }
            >
              {t(`list.${k}`)}
            </Button>
          ))}
        <MoreFilters />
        <Select
          aria-label={t('list.columns')}
          mode="multiple"
          maxTagCount={0}
          maxTagPlaceholder={t('list.columns')}
          value={shown}
          onChange={show}
          className="minw-90"
          options={choice}
        />
        <ClearFilters />
      </Fold>
      <FilterChips />
      {list.isError && <ProblemBox error={list.error} retry={list.refetch} />}
      {list.isPending && (
        <div className="card pad">
          <Skeleton active paragraph={{ rows: 12 }} />
        </div>
      )}
      {list.data && phone && <Cards items={list.data.items} empty={empty} />}
      {list.data && !phone && (
        <Rows
          items={list.data.items}
          columns={columns}
          picked={canWrite ? { ids: selected, set: setSelected } : undefined}
          stale={list.isPlaceholderData}
          empty={empty}
        />
      )}
      <Pager pages={pages} next={list.data?.next} />
      {selected.length > 0 && canWrite && (
        <BulkBar selected={selected} pipelineId={get('pipeline')} onDone={setSelected} />
      )}
      {creating && (
        <CreateDialog onClose={() => setCreating(false)} pipelineId={get('pipeline') ?? pipelines.data?.[0]?.id} />
      )}
    </>
  );
}

/** Cards is the list on a phone: what, whose, how much, and what is wrong. */
function Cards({ items, empty }: { items: Opp[]; empty: ReactNode }) {
  const me = useMe();
  const names = useNames();
  const stageName = useStageName();
  return (
    <div className="card">
      {items.length === 0 && empty}
      {items.map((o) => (
        <Link className="rowlink" key={o.id} to={`/opportunities/${o.id}`}>
          <span>
            <b>{o.name}</b>
            <small>
              {stageName(o)} · {names.member(o.ownerId)} ·{' '}
              {day(o.state === 'open' ? o.expectedOn : o.closedOn, me.today)}
            </small>
            <small>
              <NextStep opp={o} />
            </small>
            <ClockChips opp={o} />
          </span>
          <Amount minor={o.state === 'won' ? o.contractMinor : o.amountMinor} currency={o.currency} />
        </Link>
      ))}
    </div>
  );
}
