import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { FieldDef } from '../../../app/CustomFields';
import { Missing } from '../../../ui/Problem';
import { touchesOf } from '../queries';

/** Touches tells what changing a field touches; of choices it might be given, what is held beside them. */
export function Touches({ f, offered, beside }: { f: FieldDef; offered: string[]; beside: boolean }) {
  const { t } = useTranslation();
  const q = useQuery(touchesOf(f.id, offered));
  if (!q.data) return <Missing of={q} />;
  const { records, views, groupings, importedBy, values } = q.data;
  const offers = offered.length > 0 || f.options.length > 0;
  const left = beside && offers ? values.filter((v) => !v.offered) : [];
  return (
    <section aria-label={t('fieldChange.touches')} aria-live="polite">
      <h3>{t('fieldChange.touches')}</h3>
      <ul className="ink2">
        <li>{t('fieldChange.records', { count: records })}</li>
        <li>{t('fieldChange.views', { count: views })}</li>
        <li>{t('fieldChange.groupings', { count: groupings })}</li>
        <li>{t('fieldChange.imports', { count: importedBy })}</li>
      </ul>
      {left.length > 0 && (
        <>
          <p>{t('fieldChange.beside')}</p>
          <ul>
            {left.map((v) => (
              <li key={v.value}>{t('fieldChange.held', { value: v.value, count: v.records })}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
