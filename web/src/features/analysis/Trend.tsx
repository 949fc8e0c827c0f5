import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { Amount, useAmount } from '../../ui/Amount';
import type { Query } from '../../ui/address';
import { axes, hover, type Option, useColours } from '../../ui/Chart';
import { num, percent } from '../../ui/format';
import { Missing } from '../../ui/Problem';
import type { OpenFigure } from '../funnel/report';
import { Card } from './Card';
import { trendOf } from './queries';
import { trendQuestion } from './questions';
import { bar, line, two } from './series';

type Point = Schemas['FunnelTrendPoint'];

/** Trend: win rate, velocity, flow and the open pipeline, each period as of its own end. */
export function Trend({
  q,
  step,
  setStep,
  open,
}: {
  q: Query;
  step: string;
  setStep: (s: string) => void;
  open: OpenFigure;
}) {
  const { t } = useTranslation();
  const amount = useAmount();
  const c = useColours();
  const ask = trendQuestion(q, step);
  const answer = useQuery(trendOf(ask));
  if (!answer.data) return <Missing of={answer} />;
  const { points, currency } = answer.data;
  const name = (p: Point) =>
    step === 'quarter' ? `${p.from.slice(0, 4)} Q${Math.ceil(Number(p.from.slice(5, 7)) / 3)}` : p.from.slice(0, 7);
  const names = points.map((p) => (p.partial ? `${name(p)}*` : name(p)));
  const short = (minor: number) => amount.short(minor, currency);
  const share = (bp: number | null | undefined) => (bp === null || bp === undefined ? null : bp / 100);
  const show = (i: number, measure: string) => {
    const p = points[i];
    if (p)
      open({
        measure,
        from: p.from,
        to: p.to,
        asOf: p.partial ? (q.asOf as string | undefined) : addDay(p.to, -1),
        title: `${name(p)} · ${t(`funnel.measure.${measure}`)}`,
      });
  };
  const card = (
    title: string,
    hint: string,
    option: Option,
    onPick: (i: number, id: string) => void,
    head: string[],
    cells: (p: Point, i: number) => React.ReactNode[],
    extra?: React.ReactNode,
    none?: string,
  ) => (
    <Card
      none={none}
      title={title}
      hint={hint}
      sheet={{ ...ask, part: 'trend' }}
      option={option}
      height={270}
      onPick={onPick}
      extra={extra}
      note={points.some((p) => p.partial) ? t('analysis.partial') : undefined}
      table={
        <table className="t">
          <thead>
            <tr>
              <th>{t('funnel.quick')}</th>
              {head.map((h) => (
                <th key={h}>{h}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.map((p, i) => (
              <tr key={p.from}>
                <th scope="row">{names[i]}</th>
                {cells(p, i).map((x, k) => (
                  <td key={head[k]} title={p.why && t('funnel.nothingRecorded')}>
                    {p.why ? '—' : x}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
  const figure = (i: number, measure: string, text: React.ReactNode) => (
    <button key={measure + i} type="button" className="open" onClick={() => show(i, measure)}>
      {text}
    </button>
  );
  return (
    <>
      {card(
        t('analysis.trendRate'),
        t('analysis.def.trendRate'),
        {
          ...two(
            c,
            names,
            (v) => v.toLocaleString(),
            (v) => `${v}%`,
          ),
          series: [
            bar(
              'won',
              t('state.won'),
              c.good,
              points.map((p) => (p.why ? null : p.closedWinRate.won)),
              's',
            ),
            bar(
              'lost',
              t('state.lost'),
              c.bad,
              points.map((p) => (p.why ? null : p.closedWinRate.lost)),
              's',
              0.7,
            ),
            line(
              'rate',
              t('funnel.winRate'),
              c.primary,
              points.map((p) => share(p.closedWinRate.bp)),
              1,
              (v) => `${v.toFixed(1)}%`,
            ),
          ],
        },
        (i, id) => show(i, id === 'lost' ? 'lost' : 'won'),
        [t('state.won'), t('state.lost'), t('funnel.winRate'), t('analysis.interval'), t('funnel.wonAmount')],
        (p, i) => [
          figure(i, 'won', p.closedWinRate.won),
          figure(i, 'lost', p.closedWinRate.lost),
          figure(i, 'closed', percent(p.closedWinRate.bp)),
          figure(i, 'closed', `${percent(p.closedWinRate.lowBp, 0)} – ${percent(p.closedWinRate.highBp, 0)}`),
          figure(i, 'won', <Amount minor={p.wonAmountMinor} currency={currency} tooLarge={p.tooLarge.won} />),
        ],
        <Segmented
          aria-label={t('analysis.step')}
          size="small"
          value={step}
          onChange={setStep}
          options={[
            { value: 'month', label: t('analysis.months') },
            { value: 'quarter', label: t('analysis.quarters') },
          ]}
        />,
      )}
      <div className="cols even">
        {card(
          t('funnel.velocity'),
          t('analysis.def.velocity'),
          {
            ...axes(c, names, short),
            tooltip: hover(c, short),
            series: [
              line(
                'velocity',
                t('funnel.velocity'),
                c.primary,
                points.map((p) => p.velocity.perDayMinor),
                0,
                short,
                true,
              ),
            ],
          },
          (i) => show(i, 'qualified_won'),
          [
            t('funnel.velocity'),
            t('state.open'),
            t('funnel.winRate'),
            t('analysis.meanWon'),
            t('analysis.meanDays'),
            'n',
          ],
          (p, i) => [
            figure(i, 'qualified_won', <Amount minor={p.velocity.perDayMinor} currency={currency} />),
            figure(i, 'qualified_open', p.velocity.open),
            figure(i, 'qualified_closed', percent(p.velocity.winRate.bp)),
            figure(i, 'qualified_won', <Amount minor={p.velocity.meanWonMinor} currency={currency} />),
            figure(i, 'qualified_won', num(p.velocity.meanDays)),
            figure(i, 'qualified_won', p.velocity.n),
          ],
          undefined,
          step === 'month' ? t('analysis.noVelocity') : undefined,
        )}
        {card(
          t('funnel.flow'),
          t('analysis.def.flow'),
          {
            ...two(
              c,
              names,
              (v) => `${v}%`,
              (v) => String(v),
            ),
            series: [
              bar(
                'ontime',
                t('funnel.onTime'),
                c.primary,
                points.map((p) => share(p.flow.onTimeBp)),
                undefined,
                0.8,
                (v) => `${v.toFixed(1)}%`,
              ),
              line(
                'ground',
                t('analysis.newGround'),
                c.warn,
                points.map((p) => p.flow.perOpenMonth),
                1,
                (v) => v.toFixed(2),
              ),
            ],
          },
          (i) => show(i, 'stayed'),
          [t('funnel.onTime'), t('analysis.left'), t('analysis.newGround')],
          (p, i) => [
            figure(i, 'stayed', percent(p.flow.onTimeBp)),
            figure(i, 'stayed', p.flow.left),
            figure(i, 'open', num(p.flow.perOpenMonth, 2)),
          ],
        )}
      </div>
      {card(
        t('analysis.trendOpen'),
        t('analysis.def.trendOpen'),
        {
          ...two(c, names, short, (v) => v.toLocaleString()),
          series: [
            bar(
              'open',
              t('funnel.openAmount'),
              c.info,
              points.map((p) => (p.why ? null : p.openAmountMinor)),
              undefined,
              0.8,
              short,
            ),
            line(
              'created',
              t('analysis.created'),
              c.warn,
              points.map((p) => (p.why ? null : p.created)),
              1,
              (v) => v.toLocaleString(),
            ),
          ],
        },
        (i, id) => show(i, id === 'created' ? 'created' : 'open'),
        [t('funnel.openAmount'), t('state.open'), t('analysis.created'), t('funnel.cycle')],
        (p, i) => [
          figure(i, 'open', <Amount minor={p.openAmountMinor} currency={currency} tooLarge={p.tooLarge.open} />),
          figure(i, 'open', p.open.toLocaleString()),
          figure(i, 'created', p.created.toLocaleString()),
          figure(i, 'won', num(p.cycleMedian)),
        ],
      )}
    </>
  );
}

const addDay = (d: string, n: number) => new Date(Date.parse(d) + n * 86_400_000).toISOString().slice(0, 10);
