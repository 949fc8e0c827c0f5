import { useTranslation } from 'react-i18next';

type Value = number | null | undefined;

/** Change is the difference to the period before: in points of a share, or in percent of a number. */
export function Change({
  now,
  before,
  points,
  less,
}: {
  now: Value;
  before: Value;
  /** Both are basis points. */
  points?: boolean;
  /** Less is better. */
  less?: boolean;
}) {
  const { t } = useTranslation();
  if (now === null || now === undefined || before === null || before === undefined)
    return <span className="ink3">—</span>;
  const diff = now - before;
  if (!points && before === 0) return <span className="ink3">—</span>;
  const text = points
    ? t('analysis.points', { n: `${diff > 0 ? '+' : ''}${(diff / 100).toFixed(1)}` })
    : `${diff > 0 ? '+' : ''}${((100 * diff) / before).toFixed(0)}%`;
  const tone = diff === 0 ? 'ink3' : diff > 0 !== !!less ? 'good' : 'bad';
  return (
    <span className={tone} data-difference>
      {text.replace('-', '−')}
    </span>
  );
}
