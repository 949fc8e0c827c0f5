import { useTranslation } from 'react-i18next';
import type { OpenFigure, Report } from './report';

/** mostUndated is the stage most records reached on a day nobody knows. */
export function mostUndated(r: Pick<Report, 'stages'>) {
  const stages = r.stages.filter((s) => (s.cohort?.undated ?? 0) > 0);
  return stages.sort((a, b) => (b.cohort?.undated ?? 0) - (a.cohort?.undated ?? 0))[0];
}

/** Unknowns says once, above the figures, what they do not know: records without days, as files bring them. */
export function Unknowns({ r, open }: { r: Report; open: OpenFigure }) {
  const { t } = useTranslation();
  const { undated, closedUndated, pathless } = r.leftOut;
  const stage = mostUndated(r);
  const windowed = !!(r.from || r.to);
  const said: { text: string; measure: string; stage?: string; title: string }[] = [];
  if (pathless > 0)
    said.push({
      text: t('funnel.unknown.pathless', { count: pathless }),
      measure: 'pathless',
      title: t('funnel.pathless'),
    });
  if (undated > 0 && undated >= (stage?.cohort?.undated ?? 0))
    said.push({
      text: t(windowed ? 'funnel.unknown.undatedWindow' : 'funnel.unknown.undated', { count: undated }),
      measure: 'undated',
      title: t('funnel.undated'),
    });
  else if (stage)
    said.push({
      text: t(windowed ? 'funnel.unknown.stageWindow' : 'funnel.unknown.stage', {
        count: stage.cohort?.undated,
        stage: stage.name,
      }),
      measure: 'stage_undated',
      stage: stage.id,
      title: `${stage.name} · ${t('funnel.measure.stage_undated')}`,
    });
  if (closedUndated > 0)
    said.push({
      text: t('funnel.unknown.closed', { count: closedUndated }),
      measure: 'closed_undated',
      title: t('funnel.closedUndated'),
    });
  if (said.length === 0) return null;
  return (
    <div className="ink2 mb-16" data-testid="unknowns">
      {said.map(({ text, ...figure }) => (
        <div key={figure.measure}>
          {text}{' '}
          <button type="button" className="open" aria-label={figure.title} onClick={() => open(figure)}>
            {t('funnel.unknown.show')}
          </button>
        </div>
      ))}
    </div>
  );
}
