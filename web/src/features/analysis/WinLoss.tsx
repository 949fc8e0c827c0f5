import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Amount, useAmount } from '../../ui/Amount';
import type { Query } from '../../ui/address';
import { axes, hover, useColours } from '../../ui/Chart';
import { percent } from '../../ui/format';
import { Missing } from '../../ui/Problem';
import { Opens } from '../funnel/Opens';
import type { Figure, OpenFigure, Report } from '../funnel/report';
import { Card } from './Card';
import { intervals, safe } from './Intervals';
import { rivalsOf } from './queries';
import { Reasons } from './Reasons';

/** WinLoss: against whom, why and where deals are lost. */
export function WinLoss({ r, q, open }: { r: Report; q: Query; open: OpenFigure }) {
  const { t } = useTranslation();
  return (
    <>
      <RivalCard q={q} whole={r.closedWinRate.bp} open={open} />
      <div className="cols even">
        <LossCard
          r={r}
          q={q}
          open={open}
          title={t('analysis.byReason')}
          hint={t('analysis.def.byReason')}
          of={(l) => ({ key: l.kind, name: t(`loss.${l.kind}`), figure: { measure: 'lost_kind', kind: l.kind } })}
        />
        <LossCard
          r={r}
          q={q}
          open={open}
          title={t('analysis.byStage')}
          hint={t('analysis.def.byStage')}
          order={r.stages.map((s) => s.id)}
          of={(l) => ({
            key: l.stageId,
            name: l.stage || t('funnel.stageUnknown'),
            figure: { measure: 'lost_stage', stage: l.stageId },
          })}
        />
      </div>
      <Reasons q={q} open={open} />
    </>
  );
}

function RivalCard({ q, whole, open }: { q: Query; whole: number | null; open: OpenFigure }) {
  const { t } = useTranslation();
  const c = useColours();
  const answer = useQuery(rivalsOf(q));
  if (!answer.data) return <Missing of={answer} />;
  const { rows, currency } = answer.data;
  const shown = rows.slice(0, 20);
  const name = (x: (typeof rows)[number]) => x.competitor || t('analysis.noRival');
  const figure = (x: (typeof rows)[number], measure: 'won' | 'lost' | 'lost_to' | 'closed'): Figure => ({
    measure: `rival_${measure}`,
    competitor: x.competitorId,
    title: `${name(x)} · ${t(`analysis.rivalFigure.${measure}`)}`,
  });
  const link = (x: (typeof rows)[number], measure: 'won' | 'lost' | 'lost_to' | 'closed', text: ReactNode) => (
    <Opens open={open} of={figure(x, measure)}>
      {text}
    </Opens>
  );
  return (
    <Card
      title={t('analysis.byRival')}
      hint={t('analysis.def.byRival')}
      sheet={{ ...q, part: 'rivals' }}
      empty={rows.length === 0}
      height={60 + 30 * Math.max(2, shown.length)}
      option={
        rows.length === 0
          ? null
          : intervals(
              c,
              shown.map((x) => ({
                name: name(x),
                won: x.winRate.won,
                lost: x.winRate.lost,
                bp: x.winRate.bp,
                low: x.winRate.lowBp,
                high: x.winRate.highBp,
              })),
              whole,
              { rate: t('funnel.winRate'), whole: t('analysis.whole') },
            )
      }
      onPick={(i) => {
        const x = shown[i];
        if (x) open(figure(x, 'lost'));
      }}
      note={t('analysis.smallSamples')}
      table={
        <table className="t">
          <thead>
            <tr>
              <th>{t('analysis.rival')}</th>
              <th>{t('state.won')}</th>
              <th>{t('state.lost')}</th>
              <th>{t('analysis.lostTo')}</th>
              <th>{t('funnel.winRate')}</th>
              <th>{t('analysis.interval')}</th>
              <th>{t('funnel.wonAmount')}</th>
              <th>{t('analysis.lostAmount')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((x) => (
              <tr key={x.competitorId} className={x.winRate.won + x.winRate.lost < 10 ? 'few' : ''}>
                <td>{x.competitorId ? <Link to={`/competitors/${x.competitorId}`}>{name(x)}</Link> : name(x)}</td>
                <td>{link(x, 'won', x.winRate.won)}</td>
                <td>{link(x, 'lost', x.winRate.lost)}</td>
                <td>{x.competitorId && link(x, 'lost_to', x.lostTo)}</td>
                <td>{link(x, 'closed', percent(x.winRate.bp))}</td>
                <td>{link(x, 'closed', `${percent(x.winRate.lowBp, 0)} – ${percent(x.winRate.highBp, 0)}`)}</td>
                <td>
                  {link(x, 'won', <Amount minor={x.wonAmountMinor} currency={currency} tooLarge={x.tooLarge.won} />)}
                </td>
                <td>
                  {link(x, 'lost', <Amount minor={x.lostAmountMinor} currency={currency} tooLarge={x.tooLarge.lost} />)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
}

type Loss = Report['losses'][number];
type Part = { key: string; name: string; figure: Omit<Figure, 'title'> };

function LossCard({
  r,
  q,
  open,
  title,
  hint,
  of,
  order,
}: {
  r: Report;
  q: Query;
  open: OpenFigure;
  title: string;
  hint: string;
  of: (l: Loss) => Part;
  order?: string[];
}) {
  const { t } = useTranslation();
  const amount = useAmount();
  const c = useColours();
  const by = new Map<string, Part & { count: number; amount: number }>();
  for (const l of r.losses) {
    const p = of(l);
    const row = by.get(p.key) ?? { ...p, count: 0, amount: 0 };
    row.count += l.count;
    row.amount += l.amountMinor;
    by.set(p.key, row);
  }
  const rows = [...by.values()].sort((a, b) =>
    order ? order.indexOf(a.key) - order.indexOf(b.key) : b.count - a.count,
  );
  const total = rows.reduce((n, x) => n + x.count, 0);
  const opened = (x: (typeof rows)[number]): Figure => ({ ...x.figure, title: `${t('state.lost')} · ${x.name}` });
  return (
    <Card
      title={title}
      hint={hint}
      sheet={{ ...q, part: 'losses' }}
      empty={rows.length === 0}
      height={260}
      option={
        rows.length === 0
          ? null
          : {
              ...axes(
                c,
                rows.map((x) => x.name),
                (v) => v.toLocaleString(),
              ),
              tooltip: {
                ...hover(c),
                formatter: (p: { dataIndex: number }[]) => {
                  const x = rows[p[0]?.dataIndex ?? 0];
                  return x ? `${safe(x.name)}<br><b>${x.count}</b> · ${amount.short(x.amount, r.currency)}` : '';
                },
              },
              series: [
                {
                  id: 'lost',
                  type: 'bar',
                  barMaxWidth: 46,
                  itemStyle: { color: c.bad, opacity: 0.8 },
                  data: rows.map((x) => x.count),
                },
              ],
            }
      }
      onPick={(i) => {
        const x = rows[i];
        if (x) open(opened(x));
      }}
      table={
        <table className="t">
          <thead>
            <tr>
              <th>{title}</th>
              <th>{t('funnel.count')}</th>
              <th>{t('analysis.share')}</th>
              <th>{t('funnel.amount')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((x) => (
              <tr key={x.key}>
                <td>{x.name}</td>
                <td>
                  <Opens open={open} of={opened(x)}>
                    {x.count.toLocaleString()}
                  </Opens>
                </td>
                <td>
                  <Opens open={open} of={opened(x)}>
                    {percent(total ? Math.round((10000 * x.count) / total) : null, 0)}
                  </Opens>
                </td>
                <td>
                  <Opens open={open} of={opened(x)}>
                    <Amount minor={x.amount} currency={r.currency} />
                  </Opens>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
}
