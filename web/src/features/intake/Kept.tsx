import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { type Batch, nameOf } from './queries';

/** So many of what was kept are named. */
const most = 20;

type Undone = Schemas['IntakeUndone'];

/** Kept says what an undo gave back, and names what it kept because somebody had changed it. */
export function Kept({ b, undone: u }: { b: Batch; undone: Undone }) {
  const { t, i18n } = useTranslation();
  const figure = (n: number) => n.toLocaleString(i18n.language);
  const made = b.summary?.created.pipeline ?? 0;
  return (
    <>
      <p>
        {t('import.undone', { removed: figure(u.removed), restored: figure(u.restored) })}
        {u.kept.length > 0 && <b className="warn"> · {t('import.kept', { count: u.kept.length })}</b>}
      </p>
      {u.kept.length > 0 && <Names refs={u.kept} />}
      {made > 0 && <p className="ink2">{t('import.pipelineStays', { count: made })}</p>}
    </>
  );
}

const pages: Record<string, string> = { opportunity: 'opportunities', account: 'accounts' };

function Names({ refs }: { refs: string[] }) {
  const { t } = useTranslation();
  const shown = refs.slice(0, most).map((ref) => {
    const [kind = '', id = ''] = ref.split(':');
    return { kind, id };
  });
  const found = useQueries({ queries: shown.map((x) => ({ ...nameOf(x.kind, x.id), enabled: x.kind in pages })) });
  return (
    <ul className="plain" data-testid="kept">
      {shown.map(({ kind, id }, i) => (
        <li key={id}>
          {t(`import.fileKind.${kind}`, { defaultValue: t('import.otherField') })}{' '}
          {pages[kind] ? <Link to={`/${pages[kind]}/${id}`}>{found[i]?.data ?? id}</Link> : (found[i]?.data ?? id)}
        </li>
      ))}
      {refs.length > most && <li className="ink2">{t('import.andMoreKept', { count: refs.length - most })}</li>}
    </ul>
  );
}
