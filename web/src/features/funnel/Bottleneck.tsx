import { useTranslation } from 'react-i18next';
import { percent } from '../../ui/format';
import type { Report } from './report';

/** Bottleneck says which stage loses more than the others, by how many deals and how sure; or why none is named. */
export function Bottleneck({ r }: { r: Report }) {
  const { t } = useTranslation();
  const b = r.bottleneck;
  if (!b) return null;
  const rates = {
    stage: r.stages.find((s) => s.id === b.stageId)?.name,
    n: b.n.toLocaleString(),
    rate: percent(b.onwardBp),
    low: percent(b.lowBp, 0),
    high: percent(b.highBp, 0),
    others: percent(b.othersBp),
    othersN: b.othersN.toLocaleString(),
    least: percent(b.atLeastBp, 0),
    min: b.minN,
  };
  return <div data-testid="bottleneck">{t(`funnel.narrow.${b.why ?? 'named'}`, rates)}</div>;
}

/** Immature says once which cohorts are too young for their rates to hold. */
export function Immature({ r }: { r: Report }) {
  const { t } = useTranslation();
  const young = r.stages.filter((s) => s.cohort?.immature).map((s) => s.name);
  if (young.length === 0) return null;
  const all = young.length === r.stages.filter((s) => s.cohort).length;
  return <div>{all ? t('funnel.immatureAll') : t('funnel.immature', { stages: young.join(t('common.comma')) })}</div>;
}
