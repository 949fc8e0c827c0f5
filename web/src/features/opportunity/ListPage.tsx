import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Modal, Select, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, must } from '../../api/client';
import { useCan, useMe, useNames, usePipeline, usePipelines } from '../../app/session';
import { Empty, Money } from '../../ui/bits';
import { day, percent } from '../../ui/format';
import { ProblemBox, useProblemText } from '../../ui/Problem';
import { ClockChips } from './Clocks';
import { CreateDialog } from './CreateDialog';
import { FilterBar, useFilter } from './Filters';
import { listOf, type Opp, opportunityKeys } from './queries';

const columnsAll = [
  'account',
  'stage',
  'amount',
  'owner',
  'clocks',
  'expected',
  'confidence',
  'source',
  'created',
] as const;

/** ListPage: filters in the URL, column choice, keyset pages, bulk moves. */
export default function ListPage() {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const { get, set, params } = useFilter();
  const query = useQueryClient();
  const { message } = App.useApp();
  const problemText = useProblemText();
  const pipelines = usePipelines();
  const pipeline = usePipeline(get('pipeline'));
  const canWrite = useCan('opportunity.write');
  const [cursors, setCursors] = useState<string[]>([]);
  const [creating, setCreating] = useState(false);
  const [selected, setSelected] = useState<string[]>([]);
  const [bulk, setBulk] = useState<string>();
  const [shown, setShown] = useState<string[]>(() => {
    const s = localStorage.getItem('yunchou.columns');
    return s ? (JSON.parse(s) as string[]) : ['account', 'stage', 'amount', 'owner', 'clocks', 'expected'];
  });
  const filter = {
    ...Object.fromEntries(params),
    state: get('state') ? (get('state') as string).split(',') : undefined,
    desc: get('desc') === 'true' ? true : undefined,
    cursor: cursors.at(-1),
  };
  const list = useQuery(listOf(filter));
  const stageName = (o: Opp) =>
    o.state === 'withdrawn'
      ? t('state.withdrawn')
      : (pipeline.data?.stages.find((s) => s.id === o.stageId)?.name ?? t(`state.${o.state}`));
  const sortable = (key: string, title: string) => (
    <button
      type="button"
      className="open"
      onClick={() => {
        setCursors([]);
        set({ sort: key, desc: get('sort') === key && get('desc') !== 'true' ? 'true' : undefined });
      }}
    >
      {title}
      {get('sort') === key ? (get('desc') === 'true' ? ' ↓' : ' ↑') : ''}
    </button>
  );
  const columns = {
    account: {
      title: t('opp.account'),
      render: (_: unknown, o: Opp) => (o.accountId ? <Link to={`/accounts/${o.accountId}`}>{o.account}</Link> : '—'),
    },
    stage: { title: t('opp.stage'), render: (_: unknown, o: Opp) => stageName(o) },
    amount: {
      title: sortable('amount', t('opp.amount')),
      align: 'right' as const,
      render: (_: unknown, o: Opp) => <Money minor={o.amountMinor} currency={o.currency} />,
    },
    owner: { title: t('opp.owner'), render: (_: unknown, o: Opp) => names.member(o.ownerId) },
    clocks: { title: sortable('progress', t('opp.clocks')), render: (_: unknown, o: Opp) => <ClockChips opp={o} /> },
    expected: {
      title: sortable('expected', t('opp.expectedOn')),
      render: (_: unknown, o: Opp) => day(o.state === 'open' ? o.expectedOn : o.closedOn, me.today),
    },
    confidence: {
      title: t('opp.confidence'),
      align: 'right' as const,
      render: (_: unknown, o: Opp) => percent(o.confidenceBp, 0),
    },
    source: { title: t('opp.source'), render: (_: unknown, o: Opp) => o.source || '—' },
    created: {
      title: sortable('created', t('opp.createdOn')),
      render: (_: unknown, o: Opp) => day(o.createdOn, me.today),
    },
  };
  const total = list.data?.totals.reduce((n, x) => n + x.count, 0) ?? 0;
  const moveAll = async () => {
    const results = await must(
      api.POST('/api/bulk/move', { headers: { 'Yunchou-Path': 'bulk' }, body: { ids: selected, to: bulk ?? '' } }),
    ).catch((e) => {
      message.error(problemText(e));
      return [];
    });
    const moved = results.filter((r) => r.moved).length;
    if (results.length) message.info(t('list.bulkDone', { moved, refused: results.length - moved }));
    setBulk(undefined);
    setSelected([]);
    await query.invalidateQueries({ queryKey: opportunityKeys.all });
  };
  const exportCsv = async () => {
    const rows: string[][] = [
      [
        t('opp.name'),
        t('opp.account'),
        t('opp.stage'),
        t('opp.amount'),
        t('opp.currency'),
        t('opp.owner'),
        t('opp.expectedOn'),
        t('opp.createdOn'),
        t('opp.closedOn'),
      ],
    ];
    let cursor: string | undefined;
    do {
      const p = await must(
        api.GET('/api/opportunities', { params: { query: { ...filter, cursor, limit: 200 } as never } }),
      );
      for (const o of p.items)
        rows.push([
          o.name,
          o.account,
          stageName(o),
          o.amountMinor === null ? '' : String(o.amountMinor / 100),
          o.currency,
          names.member(o.ownerId),
          o.expectedOn,
          o.createdOn,
          o.closedOn,
        ]);
      cursor = p.next || undefined;
    } while (cursor && rows.length < 20000);
    // A leading =, +, - or @ would be a formula in a spreadsheet.
    const cell = (s: string) => `"${(/^[=+\-@\t\r]/.test(s) ? `'${s}` : s).replaceAll('"', '""')}"`;
    const url = URL.createObjectURL(
      new Blob([`\ufeff${rows.map((r) => r.map(cell).join(',')).join('\r\n')}`], { type: 'text/csv' }),
    );
    const a = document.createElement('a');
    a.href = url;
    a.download = `yunchou-${me.today}.csv`;
    a.click();
    URL.revokeObjectURL(url);
  };
  return (
    <>
      <div className="top">
        <h1>{t('list.title')}</h1>
        <span className="stamp">
          {t('list.count', { count: total })} ·{' '}
          {list.data?.totals.map((x) => (
            <Money key={x.currency} minor={x.amountMinor} currency={x.currency} />
          ))}
        </span>
        <div className="sp" />
        <Button onClick={exportCsv}>{t('list.export')}</Button>
        {canWrite && (
          <Button type="primary" onClick={() => setCreating(true)}>
            {t('create.title')}
          </Button>
        )}
      </div>
      <div className="filters">
        <FilterBar />
        <Select
          aria-label={t('opp.state')}
          allowClear
          placeholder={t('opp.state')}
          value={get('state')}
          onChange={(v) => set({ state: v })}
          style={{ minWidth: 110 }}
          options={['open', 'won', 'lost', 'withdrawn'].map((s) => ({ value: s, label: t(`state.${s}`) }))}
        />
        {pipeline.data && (
          <Select
            aria-label={t('opp.stage')}
            allowClear
            placeholder={t('opp.stage')}
            value={get('stage')}
            onChange={(v) => set({ stage: v })}
            style={{ minWidth: 120 }}
            options={pipeline.data.stages.map((s) => ({ value: s.id, label: s.name }))}
          />
        )}
        {(['stalled', 'overstayed', 'noNextStep'] as const).map((k) => (
          <Button
            key={k}
            type={get(k) ? 'primary' : 'default'}
            aria-pressed={!!get(k)}
            onClick={() => set({ [k]: get(k) ? undefined : 'true' })}
          >
            {t(`list.${k}`)}
          </Button>
        ))}
        <Select
          aria-label={t('list.columns')}
          mode="multiple"
          maxTagCount={0}
          maxTagPlaceholder={t('list.columns')}
          value={shown}
          onChange={(v) => {
            setShown(v);
            localStorage.setItem('yunchou.columns', JSON.stringify(v));
          }}
          style={{ minWidth: 90 }}
          options={columnsAll.map((c) => ({ value: c, label: t(`list.column.${c}`) }))}
        />
      </div>
      {list.isError && <ProblemBox error={list.error} retry={list.refetch} />}
      {selected.length > 0 && canWrite && (
        <div className="filters card pad">
          {t('list.selected', { count: selected.length })}
          <Select
            aria-label={t('list.moveTo')}
            placeholder={pipeline.data ? t('list.moveTo') : t('list.choosePipeline')}
            disabled={!pipeline.data}
            value={bulk}
            onChange={setBulk}
            style={{ minWidth: 140 }}
            options={pipeline.data?.stages
              .filter((s) => s.kind === 'open')
              .map((s) => ({ value: s.id, label: s.name }))}
          />
        </div>
      )}
      <div className="card">
        <div className="scroll">
          <Table<Opp>
            size="middle"
            rowKey="id"
            loading={list.isFetching}
            dataSource={list.data?.items ?? []}
            pagination={false}
            rowSelection={
              canWrite
                ? {
                    selectedRowKeys: selected,
                    onChange: (k) => setSelected(k as string[]),
                    getCheckboxProps: (o) => ({ 'aria-label': o.name }) as never,
                  }
                : undefined
            }
            locale={{
              emptyText: (
                <Empty title={t('list.empty')}>
                  <p>{t('list.emptyHint')}</p>
                </Empty>
              ),
            }}
            columns={[
              {
                title: sortable('name', t('opp.name')),
                render: (_: unknown, o: Opp) => (
                  <Link to={`/opportunities/${o.id}`}>
                    <b>{o.name}</b>
                  </Link>
                ),
              },
              ...columnsAll.filter((c) => shown.includes(c)).map((c) => ({ key: c, ...columns[c] })),
            ]}
          />
        </div>
      </div>
      <div className="filters" style={{ marginTop: 12, justifyContent: 'flex-end' }}>
        <Button disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>
          {t('common.previous')}
        </Button>
        <Button disabled={!list.data?.next} onClick={() => setCursors([...cursors, list.data?.next ?? ''])}>
          {t('common.next')}
        </Button>
      </div>
      {creating && (
        <CreateDialog onClose={() => setCreating(false)} pipelineId={get('pipeline') ?? pipelines.data?.[0]?.id} />
      )}
      <Modal
        open={!!bulk}
        onCancel={() => setBulk(undefined)}
        onOk={moveAll}
        title={t('list.bulkTitle', { count: selected.length })}
        okText={t('list.bulkGo')}
      >
        {t('list.bulkHint')}
      </Modal>
    </>
  );
}
