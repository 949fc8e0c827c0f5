import { useTranslation } from 'react-i18next';
import type { Preview } from './mapping';

/** Aside lists the rows that were not taken for data, and why. */
export function Aside({ p }: { p: Preview }) {
  const { t } = useTranslation();
  if (p.asideCount === 0) return null;
  return (
    <details className="pad line-above">
      <summary>{t('import.aside', { count: p.asideCount })}</summary>
      <ul className="plain">
        {p.aside.slice(0, 60).map((a) => (
          <li key={`${a.line} ${a.why}`}>
            {t('import.line', { n: a.line })} · {t(`import.why.${a.why}`)} · <span className="ink2">{a.text}</span>
          </li>
        ))}
      </ul>
      {p.asideCount > 60 && <p className="ink2">{t('import.andMore', { count: p.asideCount - 60 })}</p>}
    </details>
  );
}
