import { useTranslation } from 'react-i18next';
import { percent } from '../../ui/format';
import type { OpenFigure, Report } from './report';

/** FunnelShape is the funnel as one sees it: how many reached each stage, narrowing, and the share that went on. */
export function FunnelShape({ r, open }: { r: Report; open: OpenFigure }) {
  const { t } = useTranslation();
  const stages = r.stages.filter((s) => s.kind !== 'lost');
  const most = Math.max(1, ...stages.map((s) => s.reached));
  return (
    <div className="card funnel-shape">
      <h2>{t('funnel.shape')}</h2>
      {stages.map((s) => (
        <div key={s.id}>
          <button
            type="button"
            className={s.kind === 'won' ? 'won' : s.id === r.bottleneck?.stageId ? 'narrow' : undefined}
            style={{ width: `${Math.max(26, (100 * s.reached) / most)}%` }}
            onClick={() =>
              open({ measure: 'reached', stage: s.id, title: `${s.name} · ${t('funnel.measure.reached')}` })
            }
          >
            <span>{s.name}</span> <b>{s.reached.toLocaleString()}</b>
          </button>
          {s.cohort && <small title={t('funnel.onward')}>↓ {percent(s.cohort.advancedBp)}</small>}
        </div>
      ))}
    </div>
  );
}
