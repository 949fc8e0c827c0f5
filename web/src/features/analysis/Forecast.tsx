import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { Amount, useAmount } from '../../ui/Amount';
import type { Query } from '../../ui/address';
import { axes, hover, legend, useColours } from '../../ui/Chart';
import { Missing } from '../../ui/Problem';
import { Opens } from '../funnel/Opens';
import { type Figure, type OpenFigure, stated } from '../funnel/report';
import { Card } from './Card';
import { forecastOf } from './queries';

type Month = Schemas['FunnelForecastMonth'];

/** Forecast is the open pipeline by month of expected close, by three probabilities that are never mixed. */
export function Forecast({ q, open }: { q: Query; open: OpenFigure }) {
  const { t } = useTranslation();
  const amount = useAmount();
  const c = useColours();
  const answer = useQuery(forecastOf(q));
  if (!answer.data) return <Missing of={answer} />;
  const f = answer.data;
  const short = (minor: number) => amount.short(minor, f.currency);
  const figure = (m: Month, measure: string, name: string): Figure => ({ measure, month: m.month, title: name });
  const bar = (id: string, name: string, colour: string, of: (m: Month) => number, opacity = 1, stack?: string) => ({
    id,
    name,
    type: 'bar' as const,
    stack,
    barMaxWidth: 22,
    itemStyle: { color: colour, opacity },
    data: f.months.map(of),
  });
  const row = (key: string, name: string, m: Month, measure: string) => {
    const opens = (text: React.ReactNode) => (
      <Opens open={open} of={figure(m, measure, name)}>
        {text}
      </Opens>
    );
    const sum = (minor: number | null) =>
      opens(<Amount minor={minor} currency={f.currency} tooLarge={m.open.tooLarge} />);
    return (
      <tr key={key} className={key === 'total' ? 'whole' : ''}>
        <th scope="row">{name}</th>
        <td>{opens(m.count.toLocaleString())}</td>
        <td>{sum(m.open.amountMinor)}</td>
        <td>{sum(m.open.expectedMinor)}</td>
        <td>
          {sum(stated(m.open, m.count))}
          {m.open.noConfidence > 0 && (
            <small className="ink3"> {t('analysis.noConfidence', { count: m.open.noConfidence })}</small>
          )}
        </td>
        <td>{sum(m.open.calibratedMinor)}</td>
        <td>
          {m.won > 0 && (
            <Opens
              open={open}
              of={{ measure: 'won', from: `${f.asOf.slice(0, 8)}01`, to: '', title: `${name} · ${t('state.won')}` }}
            >
              <Amount minor={m.wonAmountMinor} currency={f.currency} tooLarge={m.wonTooLarge} />
            </Opens>
          )}
        </td>
      </tr>
    );
  };
  const table = (
    <table className="t">
      <thead>
        <tr>
          <th>{t('analysis.expectedMonth')}</th>
          <th>{t('funnel.count')}</th>
          <th>{t('funnel.amount')}</th>
          <th>{t('analysis.byExpected')}</th>
          <th>{t('analysis.byConfidence')}</th>
          <th>{t('analysis.byCalibrated')}</th>
          <th>{t('analysis.wonSoFar')}</th>
        </tr>
      </thead>
      <tbody>
        {row('overdue', t('analysis.overdue'), f.overdue, 'expected_overdue')}
        {f.months.map((m) => row(m.month, m.month, m, 'expected'))}
        {row('undated', t('analysis.undated'), f.undated, 'expected_none')}
        {row('total', t('analysis.total'), f.total, 'open')}
      </tbody>
    </table>
  );
  return (
    <>
      <Card
        title={t('analysis.forecast')}
        hint={t('analysis.def.forecast')}
        sheet={{ ...q, part: 'forecast' }}
        height={320}
        option={{
          ...axes(
            c,
            f.months.map((m) => m.month),
            short,
          ),
          legend: legend(c),
          tooltip: hover(c, short),
          series: [
            bar('won', t('analysis.wonSoFar'), c.good, (m) => m.wonAmountMinor),
            bar('amount', t('analysis.unweighted'), c.open, (m) => m.open.amountMinor),
            bar('expected', t('analysis.byExpected'), c.primary, (m) => m.open.expectedMinor),
            bar('confidence', t('analysis.byConfidence'), c.info, (m) => m.open.confidenceMinor, 0.75),
            bar('calibrated', t('analysis.byCalibrated'), c.warn, (m) => m.open.calibratedMinor),
          ],
        }}
        onPick={(i, id) => {
          const m = f.months[i];
          if (!m) return;
          if (id === 'won')
            open({ measure: 'won', from: `${m.month}-01`, to: '', title: `${m.month} · ${t('state.won')}` });
          else open(figure(m, 'expected', m.month));
        }}
        note={
          f.overdue.count > 0 && (
            <span className="bad">
              {t('analysis.overdueNote', { count: f.overdue.count })}{' '}
              <button
                type="button"
                className="open"
                onClick={() => open(figure(f.overdue, 'expected_overdue', t('analysis.overdue')))}
              >
                <Amount minor={f.overdue.open.amountMinor} currency={f.currency} tooLarge={f.overdue.open.tooLarge} />
              </button>
            </span>
          )
        }
        table={table}
      />
      <Card
        title={t('analysis.forecastTable')}
        hint={t('analysis.def.forecast')}
        sheet={{ ...q, part: 'forecast' }}
        option={null}
        table={table}
      />
    </>
  );
}
