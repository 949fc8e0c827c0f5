import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Query } from '../../ui/address';
import { Empty } from '../../ui/bits';
import { axes, hover, useColours } from '../../ui/Chart';
import { percent } from '../../ui/format';
import { Missing } from '../../ui/Problem';
import { Opens } from '../funnel/Opens';
import type { OpenFigure, Report } from '../funnel/report';
import { Card } from './Card';
import { cohortsOf } from './queries';

/** Cohorts is the triangle: who entered a stage in a month, and how far they had come some months later. */
export function Cohorts({
  r,
  q,
  set,
  open,
}: {
  r: Report;
  q: Query;
  set: (p: { ofStage?: string; target?: string }) => void;
  open: OpenFigure;
}) {
  const { t } = useTranslation();
  const c = useColours();
  const answer = useQuery(cohortsOf(q));
  if (!answer.data) return <Missing of={answer} />;
  const { rows, stageId, stage, targetId, target, undated } = answer.data;
  const path = r.stages.filter((s) => s.kind !== 'lost');
  const at = path.findIndex((s) => s.id === stageId);
  const longest = Math.max(0, ...rows.map((x) => x.cells.length));
  const top = Math.max(1, ...rows.flatMap((x) => x.cells.map((k) => k.bp ?? 0)));
  const show = (month: string, months?: number) =>
    open({
      measure: months === undefined ? 'cohort' : 'cohort_reached',
      stage: stageId,
      target: targetId,
      month,
      months,
      title:
        months === undefined
          ? `${month} · ${stage}`
          : `${month} · ${stage} → ${target} · ${t('analysis.byMonth', { n: months })}`,
    });
  const became = (month: string, fate: 'advanced' | 'lost' | 'open' | 'out', n: number) => (
    <Opens
      open={open}
      of={{
        measure: `cohort_${fate}`,
        stage: stageId,
        target: targetId,
        month,
        title: `${month} · ${stage} → ${target} · ${t(`analysis.became.${fate}`)}`,
      }}
    >
      {n.toLocaleString()}
    </Opens>
  );
  const entered = (month: string, n: number) => (
    <button type="button" className="open" onClick={() => show(month)}>
      {n.toLocaleString()}
    </button>
  );
  const heads = Array.from({ length: longest }, (_, k) => t('analysis.byMonth', { n: k }));
  return (
    <>
      <Card
        title={t('analysis.triangle')}
        hint={t('analysis.def.triangle')}
        sheet={{ ...q, part: 'cohorts' }}
        option={null}
        extra={
          <>
            <Select
              size="small"
              aria-label={t('analysis.entered')}
              value={stageId}
              onChange={(v) => set({ ofStage: v, target: undefined })}
              className="minw-120"
              options={path.filter((s) => s.kind === 'open').map((s) => ({ value: s.id, label: s.name }))}
            />
            →
            <Select
              size="small"
              aria-label={t('analysis.target')}
              value={targetId}
              onChange={(v) => set({ ofStage: stageId, target: v })}
              className="minw-120"
              options={path.slice(at + 1).map((s) => ({ value: s.id, label: s.name }))}
            />
          </>
        }
        note={
          <>
            {t('analysis.running')} {undated > 0 && t('analysis.cohortUndated', { count: undated })}
          </>
        }
        table={
          rows.length === 0 ? (
            <Empty title={t('funnel.empty')} />
          ) : (
            <table className="t triangle">
              <thead>
                <tr>
                  <th>{t('analysis.entered')}</th>
                  <th>n</th>
                  <th>{t('state.open')}</th>
                  {heads.map((h, k) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the months are the indices
                    <th key={k}>{h}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((x) => (
                  <tr key={x.month}>
                    <th scope="row">{x.month}</th>
                    <td>{entered(x.month, x.entered)}</td>
                    <td>{became(x.month, 'open', x.open)}</td>
                    {x.cells.map((k, i) => (
                      <td
                        // biome-ignore lint/suspicious/noArrayIndexKey: the months are the indices
                        key={i}
                        className={k.running ? 'running' : ''}
                        style={{
                          background: `color-mix(in srgb, var(--primary) ${Math.round((45 * (k.bp ?? 0)) / top)}%, transparent)`,
                        }}
                      >
                        <button type="button" className="open" onClick={() => show(x.month, i)} title={`${k.reached}`}>
                          {percent(k.bp, 0)}
                        </button>
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      />
      {rows.length > 0 && (
        <Card
          title={t('analysis.curves')}
          hint={t('analysis.def.curves')}
          sheet={{ ...q, part: 'cohorts' }}
          height={320}
          option={{
            ...axes(c, heads, (v) => `${v}%`),
            tooltip: { ...hover(c, (v) => `${v.toFixed(1)}%`), order: 'valueDesc' },
            series: rows.map((x, i) => ({
              id: x.month,
              name: x.month,
              type: 'line' as const,
              showSymbol: false,
              lineStyle: { color: c.primary, width: 2, opacity: 0.2 + (0.8 * (i + 1)) / rows.length },
              itemStyle: { color: c.primary },
              data: x.cells.filter((k) => !k.running).map((k) => (k.bp === null ? null : k.bp / 100)),
            })),
          }}
          onPick={(i, month) => show(month, i)}
          table={
            <table className="t">
              <thead>
                <tr>
                  <th>{t('analysis.entered')}</th>
                  <th>n</th>
                  <th>{target}</th>
                  <th>{t('state.lost')}</th>
                  <th>{t('state.open')}</th>
                  <th>{t('funnel.measure.taken_out')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((x) => (
                  <tr key={x.month}>
                    <th scope="row">{x.month}</th>
                    <td>{entered(x.month, x.entered)}</td>
                    <td>{became(x.month, 'advanced', x.advanced)}</td>
                    <td>{became(x.month, 'lost', x.lost)}</td>
                    <td>{became(x.month, 'open', x.open)}</td>
                    <td>{became(x.month, 'out', x.takenOut)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          }
        />
      )}
    </>
  );
}
