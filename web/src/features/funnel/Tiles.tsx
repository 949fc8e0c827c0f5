import { useQuery } from '@tanstack/react-query';
import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe } from '../../app/session';
import { Amount } from '../../ui/Amount';
import type { Query } from '../../ui/address';
import { Totals, UnlikeTax } from '../../ui/bits';
import { num, percent } from '../../ui/format';
import { Tile } from '../../ui/Tile';
import { listOf } from '../opportunity/queries';
import type { OpenFigure, Report } from './report';

/** Tiles is the whole in figures; each names its definition and opens. */
export function Tiles({ r, open, filter }: { r: Report; open: OpenFigure; filter: Query }) {
  const { t } = useTranslation();
  const me = useMe();
  const p = r.population;
  const past = r.asOf < me.today;
  const windowed = !!(r.from || r.to);
  // Without a period nothing was created "in" one.
  const title = (measure: string) =>
    !windowed && measure.startsWith('created_')
      ? `${t('funnel.measure.created')} · ${t(`state.${measure.slice('created_'.length)}`)}`
      : t(`funnel.measure.${measure}`);
  const link = (measure: string, n: React.ReactNode) => (
    <button type="button" className="open" onClick={() => open({ measure, title: title(measure) })}>
      {typeof n === 'number' ? n.toLocaleString() : n}
    </button>
  );
  return (
    <div className="card pad head mb-16">
      <Tile label={t('funnel.population')} hint={t(windowed ? 'funnel.def.population' : 'funnel.def.populationAll')}>
        {link('created', p.created)}
        <small className="ink2 aside">
          {' '}
          = {t('state.open')} {link('created_open', p.open)} + {t('state.won')} {link('created_won', p.won)} +{' '}
          {t('state.lost')} {link('created_lost', p.lost)} + {t('state.withdrawn')}{' '}
          {link('created_withdrawn', p.withdrawn)}
        </small>
      </Tile>
      <Tile label={t('funnel.winRate')} hint={t('funnel.def.winRate')}>
        {percent(r.closedWinRate.bp)}{' '}
        <small className="ink2 aside">
          {link('won', r.closedWinRate.won)} : {link('lost', r.closedWinRate.lost)}
        </small>
      </Tile>
      <Tile label={t('funnel.amountRate')} hint={t('funnel.def.amountRate')}>
        {r.closedWinRateByAmountWhy ? (
          <Tooltip title={t(`funnel.amountRateWhy.${r.closedWinRateByAmountWhy}`)}>—</Tooltip>
        ) : (
          link('won', percent(r.closedWinRateByAmountBp))
        )}
      </Tile>
      <Tile label={t('funnel.createdRate')} hint={t('funnel.def.createdRate')}>
        {percent(r.createdWinRate.bp)}{' '}
        <small className="ink2 aside">
          {link('created_won', p.won)} / {link('created', p.created)}
        </small>
      </Tile>
      <Tile label={t('funnel.wonAmount')} hint={t('funnel.def.wonAmount')}>
        {link('won', <Amount minor={r.wonAmountMinor} currency={r.currency} tooLarge={r.tooLarge.won} />)}{' '}
        <UnlikeTax count={r.unlikeTax.won} />
      </Tile>
      <Tile label={t('funnel.openAmount')} hint={t('funnel.def.openAmount')}>
        {link('open', <Amount minor={r.openAmountMinor} currency={r.currency} tooLarge={r.tooLarge.open} />)}{' '}
        <UnlikeTax count={r.unlikeTax.open} />
      </Tile>
      <Tile label={t('funnel.cycle')} hint={t('funnel.def.cycle')}>
        {link('won', num(r.cycleDays.won.median))}{' '}
        <small className="ink2 aside">
          p90 {num(r.cycleDays.won.p90)} · {t('funnel.ofWon', { count: r.cycleDays.won.n })}
        </small>
      </Tile>
      <Tile label={t('funnel.velocity')} hint={t('funnel.def.velocity', { stage: r.velocity.qualifiedStage })}>
        {r.velocity.perDayMinor === null ? (
          <Tooltip
            title={
              r.velocity.why === 'too_large' ? t('money.tooLarge') : t('funnel.velocityWhy', { count: r.velocity.n })
            }
          >
            —
          </Tooltip>
        ) : (
          <>
            {link('won', <Amount minor={r.velocity.perDayMinor} currency={r.currency} />)}
            <small className="ink2 aside">
              {' '}
              {t('funnel.perDay')} = {r.velocity.open} × {percent(r.velocity.winRate.bp)} ×{' '}
              <Amount minor={r.velocity.meanWonMinor} currency={r.currency} /> ÷ {num(r.velocity.meanDays)}
            </small>
          </>
        )}
      </Tile>
      <Tile label={t('funnel.flow')} hint={t('funnel.def.flow')}>
        {link('created', percent(r.flow.onTimeBp))}{' '}
        <small className="ink2 aside">
          {link('created', t('funnel.ofStays', { count: r.flow.left }))}
          {r.flow.perOpenMonth !== null && ` · ${t('funnel.perOpenMonth', { n: r.flow.perOpenMonth })}`}
        </small>
      </Tile>
      {past ? (
        <Tile label={`${t('list.stalled')} · ${t('list.overstayed')}`} hint={t('funnel.todayOnlyHint')}>
          <small className="ink2">{t('funnel.todayOnly')}</small>
        </Tile>
      ) : (
        <>
          <Late r={r} filter={filter} kind="stalled" />
          <Late r={r} filter={filter} kind="overstayed" />
        </>
      )}
    </div>
  );
}

/** Late counts what is stalled or overstayed today and opens the list of it. */
function Late({ r, filter, kind }: { r: Report; filter: Query; kind: 'stalled' | 'overstayed' }) {
  const { t } = useTranslation();
  const { groupBy: _g, from: _f, to: _t, asOf: _a, ...rest } = filter;
  const q = { ...rest, pipeline: r.pipelineId, [kind]: 'true' };
  const list = useQuery(listOf({ ...q, limit: '1' }));
  const address = new URLSearchParams();
  for (const [k, v] of Object.entries(q))
    for (const one of Array.isArray(v) ? v : [v]) if (one) address.append(k, String(one));
  const n = list.data?.totals.reduce((sum, x) => sum + x.count, 0);
  return (
    <Tile label={t(`list.${kind}`)} hint={t(`funnel.def.${kind}`)}>
      <Link to={`/opportunities?${address}`} className={n ? 'bad' : ''}>
        {n === undefined ? '…' : n.toLocaleString()}{' '}
        <small className="ink2 aside">
          <Totals of={list.data?.totals} />
        </small>
      </Link>
    </Tile>
  );
}
