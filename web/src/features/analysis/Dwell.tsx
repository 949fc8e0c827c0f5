import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Query } from '../../ui/address';
import { axes, hover, legend, useColours } from '../../ui/Chart';
import { num, percent } from '../../ui/format';
import { Uncertain } from '../../ui/Uncertain';
import { Opens } from '../funnel/Opens';
import { type Figure, type OpenFigure, type Report, windowOf } from '../funnel/report';
import { Card } from './Card';
import { Change } from './Change';

type Stage = Report['stages'][number];

/** Dwell is how long deals stay in a stage: the whole distribution, and its figures beside the period before. */
export function Dwell({ r, q, open }: { r: Report; q: Query; open: OpenFigure }) {
  const { t } = useTranslation();
  const c = useColours();
  const stages = r.stages.filter((s) => s.kind === 'open' && s.dwell);
  const longest = [...stages].sort((a, b) => (b.dwell?.working.median ?? 0) - (a.dwell?.working.median ?? 0))[0];
  const [chosen, choose] = useState<string>();
  const stage = stages.find((s) => s.id === chosen) ?? longest;
  const was = new Map(r.compared?.stages.map((s) => [s.id, s]));
  const bins = stage?.dwell?.histogram ?? [];
  const binName = (b: (typeof bins)[number]) =>
    b.to < 0
      ? t('analysis.over', { n: b.from - 1 })
      : b.from === 0
        ? t('analysis.upTo', { n: b.to })
        : `${b.from}–${b.to}`;
  const option = {
    ...axes(c, bins.map(binName), (v) => v.toLocaleString()),
    legend: legend(c),
    tooltip: hover(c, (v) => v.toLocaleString()),
    series: [
      {
        id: 'stayed',
        name: t('analysis.left'),
        type: 'bar' as const,
        stack: 's',
        barMaxWidth: 60,
        itemStyle: { color: c.primary },
        data: bins.map((b) => b.left),
      },
      {
        id: 'staying',
        name: t('analysis.staying'),
        type: 'bar' as const,
        stack: 's',
        itemStyle: { color: c.warn, opacity: 0.75 },
        data: bins.map((b) => b.open),
      },
    ],
  };
  const show = (s: Stage, i: number, id: string) =>
    open({
      measure: id,
      stage: s.id,
      bin: i,
      title: `${s.name} · ${t(`analysis.${id === 'staying' ? 'staying' : 'left'}`)} · ${binName(bins[i] ?? { from: 0, to: 0, left: 0, open: 0 })}`,
    });
  const stays = (s: Stage, measure: string, text: React.ReactNode, window?: Partial<Figure>) => (
    <Opens open={open} of={{ measure, stage: s.id, ...window, title: `${s.name} · ${t(`funnel.measure.${measure}`)}` }}>
      {text}
    </Opens>
  );
  return (
    <>
      <Card
        title={t('analysis.dwell')}
        hint={t('analysis.def.dwell')}
        sheet={{ ...q, part: 'dwell' }}
        option={option}
        onPick={(i, id) => stage && show(stage, i, id)}
        extra={
          <Select
            size="small"
            aria-label={t('opp.stage')}
            value={stage?.id}
            onChange={choose}
            className="minw-140"
            options={stages.map((s) => ({ value: s.id, label: s.name }))}
          />
        }
        note={
          stage?.limits && (
            <>
              {t('analysis.limits', {
                stalled: stage.limits.stalledDays,
                over: stage.limits.overstayedDays,
                gaps: stage.limits.gapsKnown,
              })}{' '}
              <Uncertain years={r.uncertain} />
            </>
          )
        }
        table={
          <table className="t">
            <thead>
              <tr>
                <th>{t('analysis.days')}</th>
                <th>{t('analysis.left')}</th>
                <th>{t('analysis.staying')}</th>
              </tr>
            </thead>
            <tbody>
              {bins.map((b, i) => (
                <tr key={b.from}>
                  <th scope="row">{binName(b)}</th>
                  {(['stayed', 'staying'] as const).map((id) => (
                    <td key={id}>
                      <button type="button" className="open" onClick={() => stage && show(stage, i, id)}>
                        {(id === 'stayed' ? b.left : b.open).toLocaleString()}
                      </button>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        }
      />
      <Card
        title={t('analysis.stays')}
        hint={t('analysis.def.stays')}
        sheet={{ ...q, part: 'stages' }}
        option={null}
        table={
          <table className="t">
            <thead>
              <tr>
                <th>{t('opp.stage')}</th>
                <th>n</th>
                <th>{t('analysis.median')}</th>
                {r.compared && <th>{t('analysis.before')}</th>}
                {r.compared && <th>{t('analysis.change')}</th>}
                <th>p80</th>
                <th>p90</th>
                <th>{t('analysis.forward')}</th>
                <th>p80</th>
                <th>{t('analysis.survival')}</th>
                <th>{t('analysis.staying')}</th>
                <th>{t('funnel.onTime')}</th>
              </tr>
            </thead>
            <tbody>
              {stages.map((s) => (
                <tr key={s.id} className={(s.dwell?.working.n ?? 0) < 10 ? 'few' : ''}>
                  <td>
                    <button type="button" className="open" onClick={() => choose(s.id)}>
                      {s.name}
                    </button>
                  </td>
                  <td>{stays(s, 'stayed', s.dwell?.working.n.toLocaleString())}</td>
                  <td>{stays(s, 'stayed', num(s.dwell?.working.median))}</td>
                  {r.compared && (
                    <td>{stays(s, 'stayed', num(was.get(s.id)?.dwell?.working.median), windowOf(r.compared))}</td>
                  )}
                  {r.compared && (
                    <td>
                      <Change now={s.dwell?.working.median} before={was.get(s.id)?.dwell?.working.median} less />
                    </td>
                  )}
                  <td>{stays(s, 'stayed', num(s.dwell?.working.p80))}</td>
                  <td>{stays(s, 'stayed', num(s.dwell?.working.p90))}</td>
                  <td>
                    {stays(s, 'stayed_forward', num(s.dwell?.forward.median))}{' '}
                    <small className="ink3">{t('funnel.ofStays', { count: s.dwell?.forward.n ?? 0 })}</small>
                  </td>
                  <td>{stays(s, 'stayed_forward', num(s.dwell?.forward.p80))}</td>
                  <td>{stays(s, 'stays', num(s.dwell?.survivalMedian))}</td>
                  <td>{stays(s, 'staying', s.dwell?.open.toLocaleString())}</td>
                  <td>{stays(s, 'stayed', percent(s.dwell?.onTimeBp, 0))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        }
      />
    </>
  );
}
