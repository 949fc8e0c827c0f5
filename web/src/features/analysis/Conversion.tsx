import { useTranslation } from 'react-i18next';
import type { Query } from '../../ui/address';
import { axes, hover, legend, useColours } from '../../ui/Chart';
import { percent } from '../../ui/format';
import { Opens } from '../funnel/Opens';
import { type OpenFigure, type Report, windowOf } from '../funnel/report';
import { Card } from './Card';
import { Change } from './Change';

/** Conversion is what became of each stage's cohort, beside the period before. */
export function Conversion({ r, q, open }: { r: Report; q: Query; open: OpenFigure }) {
  const { t } = useTranslation();
  const c = useColours();
  const stages = r.stages.filter((s) => s.kind === 'open');
  const was = new Map(r.compared?.stages.map((s) => [s.id, s]));
  const share = (bp: number | null | undefined) => (bp === null || bp === undefined ? null : bp / 100);
  const series = (id: string, name: string, colour: string, of: (s: Report['stages'][number]) => number | null) => ({
    id,
    name,
    type: 'bar' as const,
    stack: 'now',
    barMaxWidth: 46,
    itemStyle: { color: colour },
    data: stages.map(of),
  });
  const option = {
    ...axes(
      c,
      stages.map((s) => s.name),
      (v) => `${v}%`,
      { max: 100 },
    ),
    legend: legend(c),
    tooltip: hover(c, (v) => `${v.toFixed(1)}%`),
    series: [
      series('advanced', t('funnel.onward'), c.primary, (s) => share(s.cohort?.advancedBp)),
      series('stage_open', t('state.open'), c.open, (s) => share(s.cohort?.openBp)),
      series('stage_lost', t('state.lost'), c.bad, (s) => share(s.cohort?.lostBp)),
      ...(r.compared
        ? [
            {
              id: 'before',
              name: `${t('funnel.onward')} · ${t('analysis.before')}`,
              type: 'line' as const,
              symbol: 'diamond',
              symbolSize: 10,
              lineStyle: { width: 0 },
              itemStyle: { color: c.warn, borderColor: c.card, borderWidth: 1 },
              data: stages.map((s) => share(was.get(s.id)?.cohort?.advancedBp)),
            },
          ]
        : []),
    ],
  };
  const figure = (measure: string, s: Report['stages'][number], text: React.ReactNode) => (
    <Opens open={open} of={{ measure, stage: s.id, title: `${s.name} · ${t(`funnel.measure.${measure}`)}` }}>
      {text}
    </Opens>
  );
  return (
    <Card
      title={t('analysis.conversion')}
      hint={t('analysis.def.conversion')}
      sheet={{ ...q, part: 'stages' }}
      option={option}
      height={320}
      onPick={(i, id) => {
        const s = stages[i];
        if (s && id !== 'before') open({ measure: id, stage: s.id, title: `${s.name} · ${t(`funnel.measure.${id}`)}` });
      }}
      note={
        stages.some((s) => s.cohort?.immature)
          ? t('analysis.immature', {
              list: stages
                .filter((s) => s.cohort?.immature)
                .map((s) => s.name)
                .join(t('common.comma')),
            })
          : undefined
      }
      table={
        <table className="t">
          <thead>
            <tr>
              <th>{t('opp.stage')}</th>
              <th>{t('funnel.reached')}</th>
              <th>{t('funnel.onward')}</th>
              {r.compared && <th>{t('analysis.before')}</th>}
              {r.compared && <th>{t('analysis.change')}</th>}
              <th>{t('state.lost')}</th>
              <th>{t('state.open')}</th>
              <th>{t('funnel.measure.taken_out')}</th>
            </tr>
          </thead>
          <tbody>
            {stages.map((s) => (
              <tr key={s.id}>
                <td>{s.name}</td>
                <td>{figure('reached', s, s.reached.toLocaleString())}</td>
                <td>{figure('advanced', s, percent(s.cohort?.advancedBp))}</td>
                {r.compared && (
                  <td>
                    <Opens
                      open={open}
                      of={{
                        measure: 'advanced',
                        stage: s.id,
                        ...windowOf(r.compared),
                        title: `${s.name} · ${t('funnel.measure.advanced')} · ${t('analysis.before')}`,
                      }}
                    >
                      {percent(was.get(s.id)?.cohort?.advancedBp)}
                    </Opens>
                  </td>
                )}
                {r.compared && (
                  <td>
                    <Change now={s.cohort?.advancedBp} before={was.get(s.id)?.cohort?.advancedBp} points />
                  </td>
                )}
                <td>{figure('stage_lost', s, percent(s.cohort?.lostBp))}</td>
                <td>{figure('stage_open', s, percent(s.cohort?.openBp))}</td>
                <td>{figure('taken_out', s, s.cohort?.takenOut)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
}
