import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Amount } from '../../ui/Amount';
import type { Query } from '../../ui/address';
import { useColours } from '../../ui/Chart';
import { num, percent } from '../../ui/format';
import { Opens } from '../funnel/Opens';
import type { Figure, OpenFigure, Report } from '../funnel/report';
import { useGroupings } from '../funnel/useGroupings';
import { Card } from './Card';
import { Change } from './Change';
import { intervals } from './Intervals';

const most = 25;

/** Compare sets owners, teams and the rest side by side, with the interval each rate is worth. */
export function Compare({
  r,
  q,
  groupBy,
  setGroup,
  open,
}: {
  r: Report;
  q: Query;
  groupBy: string;
  setGroup: (g: string) => void;
  open: OpenFigure;
}) {
  const { t } = useTranslation();
  const groupings = useGroupings();
  const c = useColours();
  const was = new Map(r.compared?.groups?.map((g) => [g.id, g]));
  const rows = [...(r.groups ?? [])].sort(
    (a, b) => b.closedWinRate.won + b.closedWinRate.lost - a.closedWinRate.won - a.closedWinRate.lost,
  );
  const shown = rows.slice(0, most);
  const name = (g: (typeof rows)[number]) => g.key || t('funnel.none');
  const figure = (g: (typeof rows)[number], measure: string, text: string): Figure => ({
    measure,
    key: g.id,
    title: `${name(g)} · ${text}`,
  });
  const link = (g: (typeof rows)[number], measure: string, label: string, text: React.ReactNode) => (
    <Opens open={open} of={figure(g, measure, label)}>
      {text}
    </Opens>
  );
  const closed = (g: (typeof rows)[number], text: string) => link(g, 'closed', t('funnel.measure.closed'), text);
  return (
    <Card
      title={t('analysis.compareTitle')}
      hint={t('analysis.def.compare')}
      sheet={{ ...q, part: 'groups' }}
      empty={rows.length === 0}
      height={50 + 30 * Math.max(3, shown.length)}
      extra={
        <Select
          aria-label={t('funnel.groupBy')}
          size="small"
          value={groupBy}
          onChange={setGroup}
          className="minw-120"
          options={groupings}
        />
      }
      option={
        rows.length === 0
          ? null
          : intervals(
              c,
              shown.map((g) => ({
                name: name(g),
                won: g.closedWinRate.won,
                lost: g.closedWinRate.lost,
                bp: g.closedWinRate.bp,
                low: g.closedWinRate.lowBp,
                high: g.closedWinRate.highBp,
              })),
              r.closedWinRate.bp,
              { rate: t('funnel.winRate'), whole: t('analysis.whole') },
            )
      }
      onPick={(i) => {
        const g = shown[i];
        if (g) open(figure(g, 'won', t('state.won')));
      }}
      note={
        <>
          {t('analysis.smallSamples')} {rows.length > most && t('analysis.firstOf', { n: most, all: rows.length })}
        </>
      }
      table={
        <table className="t">
          <thead>
            <tr>
              <th>{groupings.find((g) => g.value === groupBy)?.label}</th>
              <th>{t('funnel.winRate')}</th>
              <th>{t('analysis.interval')}</th>
              {r.compared && <th>{t('analysis.change')}</th>}
              <th>{t('state.won')}</th>
              <th>{t('state.lost')}</th>
              <th>{t('funnel.wonAmount')}</th>
              {r.compared && <th>{t('analysis.change')}</th>}
              <th>{t('funnel.openAmount')}</th>
              <th>{t('funnel.cycle')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((g) => (
              <tr key={g.id} className={g.closedWinRate.won + g.closedWinRate.lost < 10 ? 'few' : ''}>
                <td>{name(g)}</td>
                <td>{closed(g, percent(g.closedWinRate.bp))}</td>
                <td>{closed(g, `${percent(g.closedWinRate.lowBp, 0)} – ${percent(g.closedWinRate.highBp, 0)}`)}</td>
                {r.compared && (
                  <td>
                    <Change now={g.closedWinRate.bp} before={was.get(g.id)?.closedWinRate.bp} points />
                  </td>
                )}
                <td>{link(g, 'won', t('state.won'), g.closedWinRate.won)}</td>
                <td>{link(g, 'lost', t('state.lost'), g.closedWinRate.lost)}</td>
                <td>
                  {link(
                    g,
                    'won',
                    t('state.won'),
                    <Amount minor={g.wonAmountMinor} currency={r.currency} tooLarge={g.tooLarge.won} />,
                  )}
                </td>
                {r.compared && (
                  <td>
                    <Change now={g.wonAmountMinor} before={was.get(g.id)?.wonAmountMinor} />
                  </td>
                )}
                <td>
                  {link(
                    g,
                    'open',
                    t('state.open'),
                    <Amount minor={g.openAmountMinor} currency={r.currency} tooLarge={g.tooLarge.open} />,
                  )}
                </td>
                <td>{link(g, 'won', t('state.won'), num(g.cycleDays.won.median))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
}
