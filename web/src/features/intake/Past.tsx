import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { instant } from '../../ui/format';
import { ProblemBox } from '../../ui/Problem';
import { type Batch, importsOf } from './queries';

/** Status says how an import stands. */
export function Status({ b }: { b: Batch }) {
  const { t } = useTranslation();
  const look = b.status === 'done' ? 'chip g' : b.status === 'failed' ? 'chip b' : 'chip';
  return <span className={look}>{t(`import.status.${b.status}`)}</span>;
}

/** Past lists the imports so far, but for the one that is shown. */
export function Past({ onOpen, shown }: { onOpen: (id: string) => void; shown: string }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const names = useNames();
  const list = useQuery(importsOf);
  const past = list.data?.filter((b) => b.id !== shown) ?? [];
  const files = (b: { files: string[] }) => b.files.join(t('import.comma'));
  if (list.isError && !list.data) return <ProblemBox error={list.error} retry={list.refetch} />;
  if (past.length === 0) return null;
  return (
    <div className="card mt-12">
      <h2>{t('import.past')}</h2>
      {past.map((b) => (
        <div className="kv past" key={b.id}>
          <button type="button" className="open" onClick={() => onOpen(b.id)}>
            {b.dryRun ? t('common.aside', { name: files(b), value: t('import.dry') }) : files(b)}
          </button>
          <span className="ink2">
            {t('import.rowsRead', { count: b.rowsDone, n: b.rowsDone.toLocaleString(i18n.language) })} ·{' '}
            {names.member(b.createdBy)} · {instant(b.createdAt, me.timeZone, me.today)} <Status b={b} />
          </span>
        </div>
      ))}
    </div>
  );
}
