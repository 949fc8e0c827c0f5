import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Amount } from '../../ui/Amount';
import { UnlikeTax } from '../../ui/bits';
import { num, percent } from '../../ui/format';
import type { OpenFigure, Report } from './report';
import { useGroupings } from './useGroupings';

/** Groups compares; a share of few is shown small. */
export function Groups({
  r,
  groupBy,
  set,
  open,
}: {
  r: Report;
  groupBy: string;
  set: (v: string) => void;
  open: OpenFigure;
}) {
  const { t } = useTranslation();
  const groupings = useGroupings();
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
          className="minw-120"
          options={groupings}
        />
      </h2>
      <div className="scroll">
        <table className="t">
          <thead>
            <tr>
              <th>{groupings.find((g) => g.value === groupBy)?.label}</th>
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
                <td>
                  {g.key || t('funnel.none')} <UnlikeTax count={g.unlikeTax.won + g.unlikeTax.open} />
                </td>
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
                  <button
                    type="button"
                    className="open"
                    onClick={() =>
                      open({ measure: 'open', key: g.id, title: `${g.key || t('funnel.none')} · ${t('state.open')}` })
                    }
                  >
                    <Amount minor={g.openAmountMinor} currency={r.currency} tooLarge={g.tooLarge.open} />
                  </button>
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
                  :
                  <button
                    type="button"
                    className="open"
                    onClick={() => open({ measure: 'lost', key: g.id, title: `${g.key} · ${t('state.lost')}` })}
                  >
                    {g.closedWinRate.lost}
                  </button>
                </td>
                <td>
                  <button
                    type="button"
                    className="open"
                    onClick={() => open({ measure: 'won', key: g.id, title: `${g.key} · ${t('state.won')}` })}
                  >
                    <Amount minor={g.wonAmountMinor} currency={r.currency} tooLarge={g.tooLarge.won} />
                  </button>
                </td>
                <td>
                  <button
                    type="button"
                    className="open"
                    onClick={() => open({ measure: 'won', key: g.id, title: `${g.key} · ${t('state.won')}` })}
                  >
                    {num(g.cycleDays.won.median)}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {r.multiProduct > 0 && <div className="pad ink2">{t('funnel.multi', { count: r.multiProduct })}</div>}
    </div>
  );
}
