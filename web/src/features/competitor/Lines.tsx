import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe } from '../../app/session';
import { Scroll, Totals } from '../../ui/bits';
import { day } from '../../ui/format';
import type { Line, Went } from './queries';
import { Place } from './Seen';

/** orders are what the list may be ordered by; the first is how it is shown. */
export const orders = ['last', 'open', 'worth', 'closed', 'people', 'name'] as const;
export type Order = (typeof orders)[number];

type Of = { items: Line[]; went: Map<string, Went> | undefined; report: boolean };

/** ordered is the list as it was asked for; those that are alike by name. */
export function ordered(list: readonly Line[], order: Order, went: Of['went'], currency: string): Line[] {
  const worth = (l: Line) => l.worth.find((x) => x.currency === currency)?.amountMinor ?? 0;
  const closed = (l: Line) => (went?.get(l.id)?.won ?? 0) + (went?.get(l.id)?.lost ?? 0);
  const by: Record<Order, (a: Line, b: Line) => number> = {
    last: (a, b) => b.lastOn.localeCompare(a.lastOn),
    open: (a, b) => b.open - a.open,
    worth: (a, b) => worth(b) - worth(a),
    closed: (a, b) => closed(b) - closed(a),
    people: (a, b) => b.people - a.people,
    name: () => 0,
  };
  return [...list].sort((a, b) => by[order](a, b) || a.name.localeCompare(b.name, 'zh-CN'));
}

/** useRecord words how it went against one; a dash until that is known. */
function useRecord(went: Of['went']) {
  const { t } = useTranslation();
  return (l: Line) => (went ? t('competitor.went', went.get(l.id) ?? { won: 0, lost: 0 }) : '—');
}

/** Table is the list on a desk; its headings order it. */
export function Table({ items, went, report, order, onOrder }: Of & { order: Order; onOrder: (o: Order) => void }) {
  const { t } = useTranslation();
  const head = (o: Order, left?: boolean) => (
    <th
      className={left ? 'l' : undefined}
      aria-sort={order === o ? (o === 'name' ? 'ascending' : 'descending') : 'none'}
    >
      <button type="button" className="open" onClick={() => onOrder(o)}>
        {t(`competitor.order.${o}`)}
        {order === o ? (o === 'name' ? ' ↑' : ' ↓') : ''}
      </button>
    </th>
  );
  return (
    <Scroll label={t('competitor.title')}>
      <table className="t">
        <thead>
          <tr>
            {head('name')}
            {head('last', true)}
            {head('open')}
            {head('worth')}
            {report && head('closed')}
            {head('people')}
          </tr>
        </thead>
        <tbody>
          {items.map((l) => (
            <Row key={l.id} l={l} went={went} report={report} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Row({ l, went, report }: { l: Line } & Omit<Of, 'items'>) {
  const { t } = useTranslation();
  const me = useMe();
  const record = useRecord(went);
  return (
    <tr>
      <td>
        <Link to={`/competitors/${l.id}`}>
          <b>{l.name}</b>
        </Link>
        {l.aliases && <div className="ink2">{l.aliases.join(t('common.comma'))}</div>}
      </td>
      <td className="l">
        {l.last ? (
          <>
            {day(l.lastOn, me.today)} {t(`sightingKind.${l.last.kind}`)}
            <div className="ink2">
              <Place x={l.last} />
            </div>
          </>
        ) : (
          '—'
        )}
      </td>
      <td>{l.open}</td>
      <td>{l.worth.length > 0 ? <Totals of={l.worth} /> : '—'}</td>
      {report && <td className="whole">{record(l)}</td>}
      <td>{l.people}</td>
    </tr>
  );
}

/** Cards is the list on a phone. */
export function Cards({ items, went }: Omit<Of, 'report'>) {
  const { t } = useTranslation();
  const me = useMe();
  const record = useRecord(went);
  const seen = (l: Line) =>
    l.last
      ? t('competitor.lastAt', { on: day(l.lastOn, me.today), where: l.last.opportunityName || l.last.accountName })
      : t('sighting.never');
  return items.map((l) => (
    <Link className="rowlink" key={l.id} to={`/competitors/${l.id}`}>
      <span>
        <b>{l.name}</b>
        <small>{seen(l)}</small>
        <small>
          {[went && record(l), l.people > 0 && t('competitor.cameCount', { count: l.people })]
            .filter(Boolean)
            .join(' · ')}
        </small>
      </span>
      <span>
        {t('competitor.openCount', { count: l.open })}
        <br />
        <Totals of={l.worth} />
      </span>
    </Link>
  ));
}
