import { useTranslation } from 'react-i18next';
import { percent } from '../../ui/format';
import type { Gap, Relations } from './queries';

const urgent = (g: Gap) => g.kind === 'no_economic' || g.kind === 'unmet';

/** useGaps are what is missing, in words: what it is, and what is known of it. */
export function useGaps(rel: Relations) {
  const { t } = useTranslation();
  const of = (id: string) => rel.people.find((p) => p.contactId === id);
  return rel.gaps.map((g) => {
    const p = of(g.contactId);
    const name = p?.name || t('contact.erased');
    const role = p && p.role !== 'unknown' && t(`role.${p.role}`);
    const text =
      g.kind === 'unmet' && !role ? t('relation.unmet', { name }) : t(`relation.gap.${g.kind}`, { name, role });
    if (g.kind === 'unmet' && p)
      return {
        g,
        text,
        hint: [
          p.influence !== undefined && t('relation.influenceIs', { n: p.influence }),
          p.attitude === undefined && t('relation.attitudeOpen'),
        ]
          .filter(Boolean)
          .join(t('common.comma')),
      };
    if (g.kind === 'supporter_silent')
      return {
        g,
        text,
        hint: g.days === null ? t('relation.gapNever', { name }) : t('relation.gapDays', { name, count: g.days }),
      };
    return { g, text, hint: t(`relation.gapHint.${g.kind}`, { name }) };
  });
}

/** Gaps are what is missing of a deal's people. */
export function Gaps({ rel }: { rel: Relations }) {
  const { t } = useTranslation();
  const gaps = useGaps(rel);
  if (gaps.length === 0) return null;
  return (
    <section className="card" aria-label={t('relation.gaps')}>
      <h2>
        {t('relation.gaps')} <span>{t('relation.places', { count: gaps.length })}</span>
      </h2>
      {gaps.map(({ g, text, hint }) => (
        <div key={g.kind + g.contactId} className={urgent(g) ? 'gap-line urgent' : 'gap-line'}>
          <i aria-hidden />
          <b>{text}</b>
          <span className={urgent(g) ? 'bad' : 'ink2'}>{t(urgent(g) ? 'relation.urgent' : 'relation.mind')}</span>
          {hint && <p>{hint}</p>}
        </div>
      ))}
    </section>
  );
}

const points = (hundredths: number) => (hundredths / 100).toFixed(1);

/** Cover is how the cover comes about: each key person's part. */
export function Cover({ rel }: { rel: Relations }) {
  const { t } = useTranslation();
  const { cover } = rel;
  if (!cover.known) return null;
  const whole = cover.parts.reduce((n, p) => n + p.influence, 0);
  const sum = cover.parts.reduce((n, p) => n + p.covered, 0);
  return (
    <section className="card sum" aria-label={t('relation.coverHow')}>
      <h2>{t('relation.coverHow')}</h2>
      <div className="kv">
        <span className="ink2">{t('relation.keyOnly')}</span>
      </div>
      {cover.parts.map((part) => {
        const p = rel.people.find((x) => x.contactId === part.contactId);
        const of = (n: number | undefined) => (n === undefined ? t('relation.unknown') : `${n}/4`);
        return (
          <div className="kv" key={part.contactId}>
            <span>
              {p?.name || t('contact.erased')} {part.influence} × {of(p?.coverage)} ×{' '}
              {of(p?.attitude === undefined ? undefined : p.attitude + 2)}
            </span>
            <b>{points(part.covered)}</b>
          </div>
        );
      })}
      <div className="kv line-above">
        <span>
          {points(sum)} ÷ {cover.parts.length > 1 ? `(${cover.parts.map((p) => p.influence).join(' + ')})` : whole}
        </span>
        <b>{percent(cover.bp, 0)}</b>
      </div>
      {cover.unjudged > 0 && <p className="pad ink2">{t('relation.unjudged', { count: cover.unjudged })}</p>}
    </section>
  );
}
