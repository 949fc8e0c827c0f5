import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { Missing } from '../../ui/Problem';
import { useTold } from '../../ui/useTold';
import { useIssueFile, useIssueWords } from './issues';
import { firstIssues } from './queries';
import { groupsOf, noteGroups, unknowns } from './result';
import { useEndWord } from './useEndWord';
import { useTargetWord } from './useTargets';

type Summary = Schemas['IntakeSummary'];

/** LeftOut is what could not be taken as it stands, by kind, with the first of each; the whole list is a file. */
export function LeftOut({ id, s }: { id: string; s: Summary }) {
  const { t } = useTranslation();
  const told = useTold();
  const file = useIssueFile();
  const words = useIssueWords();
  const all = s.errors + s.warnings;
  const q = useQuery({ ...firstIssues(id), enabled: all > 0 });
  if (all === 0) return null;
  if (!q.data) return <Missing of={q} />;
  const partly = q.data.length < all;
  return (
    <div className="line-above mt-12" data-testid="left-out">
      <h3 className="fs-14">
        {t(s.errors > 0 ? 'import.issues' : 'import.inexact', { count: all })}{' '}
        <Button size="small" onClick={() => file(id).catch(told)}>
          {t('import.download')}
        </Button>
      </h3>
      {partly && <p className="ink2">{t('import.firstOf', { n: q.data.length, all })}</p>}
      <ul className="plain">
        {groupsOf(q.data).map((g) => {
          const { where, cell, kind, read, what, done, todo } = words(g.first);
          return (
            <li key={g.key}>
              <b className={g.level === 'error' ? 'bad' : 'warn'}>
                {t('import.times', { count: g.count })} · {kind}
              </b>{' '}
              <span className="ink2">{done}</span>
              <br />
              {g.count > 1 && `${t('import.forExample')} `}
              {where} · {cell}
              {read ? (
                <>
                  {' '}
                  → <b>{read}</b>
                </>
              ) : (
                what !== kind && ` ${what}`
              )}{' '}
              · {todo}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Notes are what was read by a rule or made plain on the way. */
export function Notes({ s }: { s: Summary }) {
  const { t } = useTranslation();
  const word = useTargetWord();
  const end = useEndWord();
  const groups = noteGroups(s.notes).filter((n) => !unknowns.includes(n.code));
  if (groups.length === 0) return null;
  return (
    <details className="line-above mt-12">
      <summary>{t('import.notes', { count: groups.length })}</summary>
      <ul className="plain">
        {groups.slice(0, 60).map((n) => (
          <li key={n.code + n.field}>
            {t([`note.${n.code}`, 'import.otherNote'])}
            {n.field && ` · ${fieldWord(word, s, n.first)}`} × {n.count}
            {n.first.value && (
              <span className="ink2">
                {' '}
                · {t('import.quoted', { value: n.first.value })}
                {n.first.to && ` → ${t('import.quoted', { value: end(n.first.to) })}`}
              </span>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** fieldWord is what a note is about: a field, or a column as the file calls it. */
function fieldWord(word: ReturnType<typeof useTargetWord>, s: Summary, n: Summary['notes'][number]) {
  const kind = s.files.find((f) => f.name === n.file)?.kind ?? 'opportunity';
  const known = /^[a-z][A-Za-z]*([.].+)?$/.test(n.field);
  return known ? word(kind, n.field) : n.field;
}
