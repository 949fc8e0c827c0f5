import { useQuery } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { useNames } from '../../app/session';
import { DataTable } from '../../ui/DataTable';
import { percent } from '../../ui/format';
import { useWorkHours } from '../../ui/useWorkHours';
import { Behind, type Of } from './Behind';
import { coverageOf, measuresOf } from './queries';

type Measure = Schemas['GuidanceMeasureBody'];
type Row = Measure & { due: number; covered: number; missed: number };
type Order = 'name' | 'unanswered';

/** Table is how each of those who report to the reader answers and looks, never ranked by speed. */
export function Table() {
  const { t } = useTranslation();
  const names = useNames();
  const hours = useWorkHours();
  const measures = useQuery(measuresOf);
  const coverage = useQuery(coverageOf);
  const [order, setOrder] = useState<Order>('name');
  const [opened, setOpened] = useState<Of>();
  const opens = (m: Row, figure: Of['figure'], shown: string | number) =>
    shown === 0 || shown === '' ? (
      shown
    ) : (
      <Button
        type="link"
        className="open"
        aria-label={t('guidance.behind.show', {
          who: names.member(m.memberId),
          what: t(`guidance.behind.of.${figure}`),
          n: shown,
        })}
        onClick={() => setOpened({ memberId: m.memberId, figure })}
      >
        {shown}
      </Button>
    );
  const rows = measures.data && coverage.data && joined(measures.data.items, coverage.data);
  const byName = (a: Row, b: Row) => names.member(a.memberId).localeCompare(names.member(b.memberId), 'zh-CN');
  const open = (m: Row) => m.unanswered + m.late;
  rows?.sort((a, b) => (order === 'unanswered' ? open(b) - open(a) : 0) || byName(a, b));
  const minutes = (n: number | null, m: Row) =>
    m.answered + open(m) === 0 ? '' : n === null ? t('guidance.table.unknown') : hours(n);
  const part = (of: number, all: number) => (all === 0 ? '' : t('guidance.table.part', { of, all }));
  return (
    <div className="card">
      <h2>
        {t('guidance.table.title')} <span>{t('guidance.table.span')}</span>
      </h2>
      <div className="filters pad">
        <Segmented<Order>
          aria-label={t('guidance.table.order')}
          value={order}
          onChange={setOrder}
          options={(['name', 'unanswered'] as const).map((value) => ({
            value,
            label: t(`guidance.table.by.${value}`),
          }))}
        />
      </div>
      <DataTable
        label={t('guidance.table.title')}
        asked={measures.data ? coverage : measures}
        rows={rows}
        id={(m) => m.memberId}
        none={t('guidance.table.none')}
        columns={[
          { name: t('guidance.table.who'), of: (m) => names.member(m.memberId), left: true },
          { name: t('opp.team'), of: (m) => names.team(m.teamId), left: true },
          { name: t('guidance.table.asked'), of: (m) => opens(m, 'asked', m.asked) },
          { name: t('guidance.table.answered'), of: (m) => opens(m, 'answered', m.answered) },
          { name: t('guidance.table.unanswered'), of: (m) => opens(m, 'unanswered', open(m)) },
          { name: t('guidance.table.running'), of: (m) => opens(m, 'inTime', m.running - m.late) },
          { name: t('guidance.table.receivedOnly'), of: (m) => opens(m, 'received', m.receivedOnly) },
          { name: t('guidance.table.median'), of: (m) => opens(m, 'asked', minutes(m.medianMinutes, m)) },
          { name: t('guidance.table.p90'), of: (m) => opens(m, 'asked', minutes(m.p90Minutes, m)) },
          {
            name: t('guidance.table.used'),
            of: (m) => opens(m, 'advice', part(m.used, m.used + m.notUsed + m.outcomeOpen)),
          },
          {
            name: t('guidance.table.advised'),
            of: (m) => (
              <>
                {opens(m, 'advised', m.advisedDeals && t('guidance.table.advisedOf', advisedOf(m)))}
                {few(m) && (
                  <div className="ink3">
                    {t('guidance.table.wonWithin', { low: percent(m.wonLowBp, 0), high: percent(m.wonHighBp, 0) })}
                  </div>
                )}
              </>
            ),
          },
          { name: t('guidance.table.covered'), of: (m) => opens(m, 'covered', part(m.covered, m.due)) },
        ]}
      />
      <div className="pad ink3">{t('guidance.table.hint')}</div>
      {opened && <Behind of={opened} onClose={() => setOpened(undefined)} />}
    </div>
  );
}

const advisedOf = (m: Row) => ({ won: m.advisedWon, lost: m.advisedLost, all: m.advisedDeals });

/** few tells whether so little is won or lost yet that the rate says little without its interval. */
const few = (m: Row) => m.wonLowBp !== null && m.advisedWon + m.advisedLost < 30;

const unadvised = { advisedDeals: 0, advisedWon: 0, advisedLost: 0, wonLowBp: null, wonHighBp: null };
const silent = { asked: 0, answered: 0, unanswered: 0, running: 0, late: 0, receivedOnly: 0, used: 0, notUsed: 0 };

/** joined has a row for each who was asked something, or was to look at something. What still has time is not due yet. */
function joined(measures: Measure[], coverage: Schemas['GuidanceCoverageBody'][]): Row[] {
  const rows = new Map<string, Row>(measures.map((m) => [m.memberId, { ...m, due: 0, covered: 0, missed: 0 }]));
  for (const c of coverage) {
    const none = {
      ...silent,
      ...unadvised,
      outcomeOpen: 0,
      medianMinutes: null,
      p90Minutes: null,
      leads: true,
      teamId: '',
    };
    const row = rows.get(c.memberId) ?? { ...none, memberId: c.memberId, due: 0, covered: 0, missed: 0 };
    row.due += c.covered + c.missed;
    row.covered += c.covered;
    row.missed += c.missed;
    rows.set(c.memberId, row);
  }
  return [...rows.values()];
}
