import { useQuery } from '@tanstack/react-query';
import { Drawer, Select, Skeleton, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, must, type Schemas } from '../../api/client';
import { useMe, useOrg, usePipelines } from '../../app/session';
import { DateInput, Empty, Money, Scroll } from '../../ui/bits';
import { num, percent } from '../../ui/format';
import { ProblemBox } from '../../ui/Problem';
import { useUrl } from './useUrl';

type Report = Schemas['FunnelReport'];
type Open = { measure: string; stage?: string; key?: string; title: string };
const groups = ['owner', 'team', 'product', 'region', 'account-industry', 'account-class', 'source', 'month'];

/** FunnelPage: what converts, how fast, where it gets stuck, what it is worth; every figure opens. */
export default function FunnelPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { get, set, query } = useUrl();
  const pipelines = usePipelines();
  const org = useOrg().data;
  const pipeline = get('pipeline') ?? pipelines.data?.[0]?.id;
  const groupBy = get('groupBy') ?? 'owner';
  const q = { ...query, pipeline, groupBy };
  const report = useQuery({
    queryKey: ['funnel', q],
    queryFn: ({ signal }) => must(api.GET('/api/reports/funnel', { params: { query: q as never }, signal })),
    enabled: !!pipeline,
    placeholderData: (old) => old,
  });
  const [open, setOpen] = useState<Open | null>(null);
  const r = report.data;
  return (
    <>
      <div className="top">
        <h1>{t('funnel.title')}</h1>
      </div>
      <div className="filters">
        <Select
          aria-label={t('opp.pipeline')}
          value={pipeline}
          onChange={(v) => set({ pipeline: v })}
          style={{ minWidth: 130 }}
          options={pipelines.data?.map((p) => ({ value: p.id, label: p.name }))}
        />
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
        <Select
          aria-label={t('opp.team')}
          allowClear
          placeholder={t('opp.team')}
          value={get('team')}
          onChange={(v) => set({ team: v })}
          style={{ minWidth: 120 }}
          options={org?.teams.map((x) => ({ value: x.id, label: x.name }))}
        />
        <Select
          aria-label={t('opp.owner')}
          allowClear
          placeholder={t('opp.owner')}
          showSearch={{ optionFilterProp: 'label' }}
          value={get('owner')}
          onChange={(v) => set({ owner: v })}
          style={{ minWidth: 120 }}
          options={org?.members.map((x) => ({ value: x.id, label: x.name }))}
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
          <Tiles r={r} open={setOpen} />
          <Stages r={r} open={setOpen} />
          <div className="cols" style={{ marginTop: 16 }}>
            <Groups r={r} groupBy={groupBy} set={(v) => set({ groupBy: v })} open={setOpen} />
            <div>
              <Losses r={r} />
              <LeftOut r={r} open={setOpen} />
            </div>
          </div>
        </>
      )}
      {open && r && <Records q={q} open={open} onClose={() => setOpen(null)} />}
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

function Figure({ label, hint, children }: { label: string; hint: string; children: React.ReactNode }) {
  return (
    <div className="num">
      <Tooltip title={hint}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the definition must be reachable by keyboard */}
        <small tabIndex={0} style={{ borderBottom: '1px dotted var(--ink3)', cursor: 'help', justifySelf: 'start' }}>
          {label}
        </small>
      </Tooltip>
      <b>{children}</b>
    </div>
  );
}

function Tiles({ r, open }: { r: Report; open: (o: Open) => void }) {
  const { t } = useTranslation();
  const p = r.population;
  const link = (measure: string, n: number) => (
    <button type="button" className="open" onClick={() => open({ measure, title: t(`funnel.measure.${measure}`) })}>
      {n.toLocaleString()}
    </button>
  );
  return (
    <div className="card pad head" style={{ marginBottom: 16 }}>
      <Figure label={t('funnel.population')} hint={t('funnel.def.population')}>
        {link('created', p.created)}
        <small className="ink2" style={{ fontSize: 13, fontWeight: 400 }}>
          {' '}
          = {t('state.open')} {link('open', p.open)} + {t('state.won')} {p.won.toLocaleString()} + {t('state.lost')}{' '}
          {p.lost.toLocaleString()} + {t('state.withdrawn')} {p.withdrawn.toLocaleString()}
        </small>
      </Figure>
      <Figure label={t('funnel.winRate')} hint={t('funnel.def.winRate')}>
        {percent(r.closedWinRate.bp)}{' '}
        <small className="ink2" style={{ fontSize: 13, fontWeight: 400 }}>
          {link('won', r.closedWinRate.won)} : {link('lost', r.closedWinRate.lost)}
        </small>
      </Figure>
      <Figure label={t('funnel.wonAmount')} hint={t('funnel.def.wonAmount')}>
        <Money minor={r.wonAmountMinor} currency={r.currency} />
      </Figure>
      <Figure label={t('funnel.openAmount')} hint={t('funnel.def.openAmount')}>
        <Money minor={r.openAmountMinor} currency={r.currency} />
      </Figure>
      <Figure label={t('funnel.cycle')} hint={t('funnel.def.cycle')}>
        {num(r.cycleDays.won.median)}{' '}
        <small className="ink2" style={{ fontSize: 13, fontWeight: 400 }}>
          p90 {num(r.cycleDays.won.p90)} · n {r.cycleDays.won.n}
        </small>
      </Figure>
      <Figure label={t('funnel.velocity')} hint={t('funnel.def.velocity', { stage: r.velocity.qualifiedStage })}>
        {r.velocity.perDayMinor === null ? (
          <Tooltip title={t('funnel.velocityWhy', { n: r.velocity.n })}>—</Tooltip>
        ) : (
          <>
            <Money minor={r.velocity.perDayMinor} currency={r.currency} />
            <small className="ink2" style={{ fontSize: 13, fontWeight: 400 }}>
              {' '}
              {t('funnel.perDay')} = {r.velocity.open} × {percent(r.velocity.winRate.bp)} ×{' '}
              <Money minor={r.velocity.meanWonMinor} currency={r.currency} /> ÷ {num(r.velocity.meanDays)}
            </small>
          </>
        )}
      </Figure>
      <Figure label={t('funnel.flow')} hint={t('funnel.def.flow')}>
        {percent(r.flow.onTimeBp)}{' '}
        <small className="ink2" style={{ fontSize: 13, fontWeight: 400 }}>
          n {r.flow.left}
        </small>
      </Figure>
    </div>
  );
}

function Stages({ r, open }: { r: Report; open: (o: Open) => void }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...r.stages.map((s) => s.reached));
  const link = (measure: string, stage: Report['stages'][number], text: React.ReactNode) => (
    <button
      type="button"
      className="open"
      onClick={() => open({ measure, stage: stage.id, title: `${stage.name} · ${t(`funnel.measure.${measure}`)}` })}
    >
      {text}
    </button>
  );
  const worst = r.stages
    .filter((s) => s.kind === 'open' && (s.cohort?.advanced ?? 0) + (s.cohort?.lost ?? 0) >= 20)
    .sort((a, b) => (a.cohort?.advancedBp ?? 0) - (b.cohort?.advancedBp ?? 0))[0];
  return (
    <div className="card">
      <h2>
        {t('funnel.stages')} <span>{t('funnel.stagesHint')}</span>
      </h2>
      <div className="scroll">
        <table className="t">
          <thead>
            <tr>
              <th>{t('opp.stage')}</th>
              <th>{t('funnel.reached')}</th>
              <th className="l" style={{ minWidth: 150 }}>
                {t('funnel.became')}
              </th>
              <th>{t('funnel.onward')}</th>
              <th>{t('state.lost')}</th>
              <th>{t('state.open')}</th>
              <th>{t('funnel.stay')}</th>
              <th>p80</th>
              <th>{t('funnel.onTime')}</th>
              <th>{t('funnel.openNow')}</th>
              <th>{t('funnel.amount')}</th>
              <th>{t('funnel.weighted')}</th>
            </tr>
          </thead>
          <tbody>
            {r.stages.map((s) => (
              <tr key={s.id}>
                <td>
                  <b>{s.name}</b> {s.id === worst?.id && <span className="chip b">{t('funnel.bottleneck')}</span>}
                  {s.cohort?.immature && <span className="chip">{t('funnel.immature')}</span>}
                </td>
                <td>
                  {s.kind === 'lost' ? s.reached.toLocaleString() : link('reached', s, s.reached.toLocaleString())}
                </td>
                <td className="l">
                  <div
                    className="bar"
                    style={{ width: `${Math.max(4, (100 * s.reached) / most)}%` }}
                    title={t('funnel.became')}
                  >
                    {s.cohort ? (
                      <>
                        <i style={{ width: `${(s.cohort.advancedBp ?? 0) / 100}%`, background: 'var(--primary)' }} />
                        <i
                          style={{ width: `${(s.cohort.lostBp ?? 0) / 100}%`, background: 'var(--bad)', opacity: 0.55 }}
                        />
                        <i
                          style={{ width: `${(s.cohort.openBp ?? 0) / 100}%`, background: 'var(--ink3)', opacity: 0.4 }}
                        />
                      </>
                    ) : (
                      <i style={{ width: '100%', background: s.kind === 'won' ? 'var(--good)' : 'var(--bad)' }} />
                    )}
                  </div>
                </td>
                <td>{s.cohort ? link('advanced', s, percent(s.cohort.advancedBp)) : ''}</td>
                <td>{s.cohort ? link('stage_lost', s, percent(s.cohort.lostBp)) : ''}</td>
                <td>{s.cohort ? link('stage_open', s, percent(s.cohort.openBp)) : ''}</td>
                <td>
                  {s.dwell ? (
                    <Tooltip
                      title={t('funnel.stayDetail', {
                        n: s.dwell.working.n,
                        open: s.dwell.open,
                        survival: num(s.dwell.survivalMedian),
                        calendar: num(s.dwell.calendar.median),
                      })}
                    >
                      {num(s.dwell.working.median)}
                    </Tooltip>
                  ) : (
                    ''
                  )}
                </td>
                <td>{s.dwell ? num(s.dwell.working.p80) : ''}</td>
                <td>{s.dwell ? percent(s.dwell.onTimeBp, 0) : ''}</td>
                <td>{s.kind === 'open' ? link('stage_now', s, s.open) : ''}</td>
                <td>{s.weighted && <Money minor={s.weighted.amountMinor} currency={r.currency} />}</td>
                <td>
                  {s.weighted && (
                    <Tooltip
                      title={t('funnel.weightedDetail', {
                        expected: percent(s.weighted.expectedBp, 0),
                        calibrated: percent(s.weighted.calibratedBp, 0),
                        n: s.weighted.resolved,
                        none: s.weighted.noConfidence,
                      })}
                    >
                      <span className="ink2">
                        <Money minor={s.weighted.expectedMinor} currency={r.currency} /> /{' '}
                        <Money minor={s.weighted.confidenceMinor} currency={r.currency} /> /{' '}
                        <Money minor={s.weighted.calibratedMinor} currency={r.currency} />
                      </span>
                    </Tooltip>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Groups({
  r,
  groupBy,
  set,
  open,
}: {
  r: Report;
  groupBy: string;
  set: (v: string) => void;
  open: (o: Open) => void;
}) {
  const { t } = useTranslation();
  const [by, setBy] = useState<'won' | 'rate' | 'open'>('won');
  const list = [...(r.groups ?? [])].sort((a, b) =>
    by === 'won'
      ? b.wonAmountMinor - a.wonAmountMinor
      : by === 'open'
        ? b.openAmountMinor - a.openAmountMinor
        : (b.closedWinRate.bp ?? -1) - (a.closedWinRate.bp ?? -1),
  );
  const head = (key: typeof by, text: string) => (
    <th aria-sort={by === key ? 'descending' : 'none'}>
      <button type="button" className="open" onClick={() => setBy(key)}>
        {text}
        {by === key ? ' ↓' : ''}
      </button>
    </th>
  );
  return (
    <div className="card">
      <h2>
        {t('funnel.compare')}
        <Select
          aria-label={t('funnel.groupBy')}
          size="small"
          value={groupBy}
          onChange={set}
          style={{ minWidth: 120 }}
          options={groups.map((g) => ({ value: g, label: t(`funnel.group.${g}`) }))}
        />
      </h2>
      <div className="scroll">
        <table className="t">
          <thead>
            <tr>
              <th>{t(`funnel.group.${groupBy}`)}</th>
              <th>{t('funnel.population')}</th>
              {head('open', t('funnel.openAmount'))}
              {head('rate', t('funnel.winRate'))}
              {head('won', t('funnel.wonAmount'))}
              <th>{t('funnel.cycle')}</th>
            </tr>
          </thead>
          <tbody>
            {list.map((g) => (
              <tr key={g.id}>
                <td>{g.key || t('funnel.none')}</td>
                <td>
                  <button
                    type="button"
                    className="open"
                    onClick={() => open({ measure: 'created', key: g.id, title: g.key || t('funnel.none') })}
                  >
                    {g.population.created.toLocaleString()}
                  </button>
                </td>
                <td>
                  <Money minor={g.openAmountMinor} currency={r.currency} />
                </td>
                <td className={g.closedWinRate.won + g.closedWinRate.lost < 10 ? 'ink3' : ''}>
                  {percent(g.closedWinRate.bp)}{' '}
                  <button
                    type="button"
                    className="open"
                    onClick={() => open({ measure: 'won', key: g.id, title: `${g.key} · ${t('state.won')}` })}
                  >
                    {g.closedWinRate.won}
                  </button>
                  <span className="ink3">/{g.closedWinRate.won + g.closedWinRate.lost}</span>
                </td>
                <td>
                  <Money minor={g.wonAmountMinor} currency={r.currency} />
                </td>
                <td>{num(g.cycleDays.won.median)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {r.multiProduct > 0 && <div className="pad ink2">{t('funnel.multi', { count: r.multiProduct })}</div>}
    </div>
  );
}

function Losses({ r }: { r: Report }) {
  const { t } = useTranslation();
  if (r.losses.length === 0) return null;
  return (
    <div className="card">
      <h2>{t('funnel.losses')}</h2>
      <Scroll label={t('funnel.losses')}>
        <table className="t">
          <thead>
            <tr>
              <th>{t('loss.kind')}</th>
              <th className="l">{t('funnel.lostFrom')}</th>
              <th>{t('funnel.count')}</th>
              <th>{t('funnel.amount')}</th>
            </tr>
          </thead>
          <tbody>
            {r.losses.slice(0, 12).map((l) => (
              <tr key={l.kind + l.competitor + l.stageId}>
                <td>
                  {t(`loss.${l.kind}`)} {l.competitor}
                </td>
                <td className="l">{l.stage || t('funnel.stageUnknown')}</td>
                <td>{l.count.toLocaleString()}</td>
                <td>
                  <Money minor={l.amountMinor} currency={r.currency} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}

function LeftOut({ r, open }: { r: Report; open: (o: Open) => void }) {
  const { t } = useTranslation();
  const l = r.leftOut;
  if (l.undated + l.closedUndated + l.noAmount + l.noRate.length === 0) return null;
  return (
    <div className="card">
      <h2>{t('funnel.leftOut')}</h2>
      <div style={{ padding: '8px 0' }}>
        {l.undated > 0 && (
          <div className="kv">
            <span>{t('funnel.undated')}</span>
            <button
              type="button"
              className="open"
              onClick={() => open({ measure: 'undated', title: t('funnel.undated') })}
            >
              {l.undated}
            </button>
          </div>
        )}
        {l.closedUndated > 0 && (
          <div className="kv">
            <span>{t('funnel.closedUndated')}</span>
            <b>{l.closedUndated}</b>
          </div>
        )}
        {l.noAmount > 0 && (
          <div className="kv">
            <span>{t('funnel.noAmount')}</span>
            <b>{l.noAmount}</b>
          </div>
        )}
        {l.noRate.map((x) => (
          <div className="kv" key={x.currency}>
            <span>{t('funnel.noRate', { count: x.count })}</span>
            <b>
              <Money minor={x.amountMinor} currency={x.currency} />
            </b>
          </div>
        ))}
      </div>
    </div>
  );
}

/** Records opens a figure: the newest behind it, and how many there are. */
function Records({ q, open, onClose }: { q: Record<string, unknown>; open: Open; onClose: () => void }) {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ['funnel', 'records', q, open],
    queryFn: async () => {
      const f = await must(
        api.GET('/api/reports/funnel/records', {
          params: {
            query: {
              ...q,
              measure: open.measure,
              ofStage: open.stage,
              ...(open.key !== undefined ? { hasKey: true, key: open.key } : {}),
            } as never,
          },
        }),
      );
      const details = await Promise.all(
        f.ids
          .slice(0, 50)
          .map((id) => must(api.GET('/api/opportunities/{id}', { params: { path: { id } } })).catch(() => null)),
      );
      return { total: f.total, items: details.filter((x) => x !== null) };
    },
  });
  return (
    <Drawer open size="large" title={open.title} onClose={onClose}>
      {found.isPending && <Skeleton active />}
      {found.isError && <ProblemBox error={found.error} />}
      {found.data && (
        <>
          <p className="ink2">{t('funnel.records', { count: found.data.total, shown: found.data.items.length })}</p>
          {found.data.items.map((o) => (
            <div className="kv" key={o.id} style={{ padding: '8px 0', borderBottom: '1px solid var(--line2)' }}>
              <span>
                <Link to={`/opportunities/${o.id}`}>{o.name}</Link>
                <br />
                <small className="ink2">
                  {o.account} · {t(`state.${o.state}`)} {o.closedOn || o.enteredOn}
                </small>
              </span>
              <b>
                <Money minor={o.state === 'won' ? o.contractMinor : o.amountMinor} currency={o.currency} />
              </b>
            </div>
          ))}
        </>
      )}
    </Drawer>
  );
}
