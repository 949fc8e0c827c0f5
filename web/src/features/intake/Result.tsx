import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Progress } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, must, type Schemas } from '../../api/client';
import { usePipelines } from '../../app/session';
import { Missing } from '../../ui/Problem';
import { useTold } from '../../ui/useTold';
import { someIssues, useIssueFile, useIssueWords } from './issues';
import { type Batch, busy, Status } from './Past';
import { groupsOf, noteGroups, unknowns } from './result';
import { useTargetWord } from './useTargets';

type Summary = Schemas['IntakeSummary'];

/** Running shows one import: its progress, what it did, what it could not take; and takes it back. */
export function Running({
  id,
  pipeline,
  onState,
}: {
  id: string;
  /** The name of the pipeline its deals went into, where it is known. */
  pipeline: string | undefined;
  onState: (written: boolean) => void;
}) {
  const { t } = useTranslation();
  const query = useQueryClient();
  const told = useTold();
  const at = useRef<HTMLElement>(null);
  const q = useQuery({
    queryKey: ['imports', id],
    queryFn: async () => {
      const b = await must(api.GET('/api/imports/{id}', { params: { path: { id } } }));
      if (!busy(b)) {
        await query.invalidateQueries({ predicate: (x) => x.queryKey[0] !== 'imports' || x.queryKey.length === 1 });
      }
      return b;
    },
    refetchInterval: (x) => (!x.state.data || busy(x.state.data) ? 700 : false),
  });
  const b = q.data;
  const written = !!b && b.status === 'done' && !b.dryRun;
  const there = !!b;
  useEffect(() => {
    if (there) at.current?.scrollIntoView({ block: 'start', behavior: 'instant' });
  }, [there]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever asks is told of changes alone
  useEffect(() => onState(written), [written]);
  if (!b) return <Missing of={q} className="card pad" />;
  return (
    <section
      className="card result"
      ref={at}
      data-testid="batch"
      data-status={b.status}
      aria-label={t('import.result')}
    >
      <h2>
        {b.dryRun ? t('import.dryResult') : t('import.result')}
        <Status b={b} />
      </h2>
      <div className="pad">
        {busy(b) && (
          <div role="status">
            <p>
              {t(b.status === 'undoing' ? 'import.undoing' : 'import.running', {
                done: b.rowsDone,
                total: b.rowsTotal,
              })}
            </p>
            <Progress percent={percent(b)} />
            <p className="ink2">{t('import.mayLeave')}</p>
            <Button
              onClick={() => must(api.POST('/api/imports/{id}/cancel', { params: { path: { id } } })).catch(told)}
            >
              {t('common.cancel')}
            </Button>
          </div>
        )}
        <Stopped b={b} />
        {b.undone && !busy(b) && (
          <p>
            {t('import.undone', {
              removed: b.undone.removed,
              restored: b.undone.restored,
              kept: b.undone.kept.length,
            })}
          </p>
        )}
        {b.summary && <CameIn s={b.summary} dry={b.dryRun} />}
        <Onward b={b} pipeline={pipeline} />
        {b.summary && <LeftOut id={id} s={b.summary} />}
        {b.summary && <Notes s={b.summary} />}
      </div>
    </section>
  );
}

/** Stopped says where an import stood that did not come to its end, and that the same again goes on. */
function Stopped({ b }: { b: Batch }) {
  const { t } = useTranslation();
  if (b.status !== 'failed' && b.status !== 'cancelled') return null;
  return (
    <>
      {b.error && <p className="bad">{t(`problem.${b.error}`, { defaultValue: t('import.otherFault') })}</p>}
      <p>{t(b.dryRun ? 'import.stoppedDry' : 'import.stopped', { done: b.rowsDone, total: b.rowsTotal })}</p>
    </>
  );
}

/** CameIn says what was made and changed, and what the file does not know. */
function CameIn({ s, dry }: { s: Summary; dry: boolean }) {
  const { t } = useTranslation();
  const some = (of: Record<string, number>) =>
    Object.entries(of)
      .filter(([, n]) => n > 0)
      .map(([kind, n]) => t('import.some', { n, kind: t([`import.kind.${kind}`, 'import.otherField']) }))
      .join(t('import.comma'));
  const lines = [
    some(s.created) && t(dry ? 'import.wouldCreate' : 'import.didCreate', { some: some(s.created) }),
    some(s.updated) && t(dry ? 'import.wouldUpdate' : 'import.didUpdate', { some: some(s.updated) }),
    some(s.unchanged) && t('import.didNothing', { some: some(s.unchanged) }),
  ].filter(Boolean);
  const unknown = noteGroups(s.notes).filter((n) => unknowns.includes(n.code));
  const aside = s.files.reduce((n, f) => n + f.asideCount, 0);
  return (
    <>
      <p className="fs-16">
        {[t('import.rows', { count: s.rows }), ...lines].join(' · ')}
        {s.refused > 0 && <b className="bad"> · {t('import.refused', { count: s.refused })}</b>}
        {aside > 0 && <span className="ink2"> · {t('import.aside', { count: aside })}</span>}
      </p>
      {unknown.map((n) => (
        <p className="ink2" key={n.code}>
          {t(`import.once.${n.code}`, { count: n.count })}
        </p>
      ))}
    </>
  );
}

/** Onward leads to the funnel, or takes the import back. */
function Onward({ b, pipeline }: { b: Batch; pipeline: string | undefined }) {
  const { t } = useTranslation();
  const query = useQueryClient();
  const { modal } = App.useApp();
  const told = useTold();
  const into = usePipelines().data?.find((p) => p.name === pipeline)?.id;
  if (b.dryRun || busy(b)) return null;
  const undo = () =>
    modal.confirm({
      title: t('import.undoTitle'),
      content: t('import.undoHint'),
      okText: t('import.undo'),
      onOk: () =>
        must(api.POST('/api/imports/{id}/undo', { params: { path: { id: b.id } } })).then(
          () => query.invalidateQueries(),
          told,
        ),
    });
  return (
    <div className="filters mt-8">
      {b.status === 'done' && (
        <Link to={into ? `/funnel?pipeline=${into}` : '/funnel'}>
          <Button type="primary">{t('import.toFunnel')}</Button>
        </Link>
      )}
      {(b.status !== 'undone' || !!b.undone?.kept.length) && (
        <Button onClick={undo}>{t(b.status === 'undone' ? 'import.undoRest' : 'import.undo')}</Button>
      )}
    </div>
  );
}

/** LeftOut is what could not be taken as it stands, by kind, with the first of each; the whole list is a file. */
function LeftOut({ id, s }: { id: string; s: Summary }) {
  const { t } = useTranslation();
  const told = useTold();
  const file = useIssueFile();
  const words = useIssueWords();
  const all = s.errors + s.warnings;
  const q = useQuery({ queryKey: ['imports', id, 'issues'], queryFn: () => someIssues(id, 1000), enabled: all > 0 });
  if (all === 0) return null;
  if (!q.data) return <Missing of={q} />;
  const partly = q.data.length < all;
  return (
    <div className="line-above mt-12" data-testid="left-out">
      <h3 className="fs-14">{t(s.errors > 0 ? 'import.issues' : 'import.inexact', { count: all })}</h3>
      <Button size="small" onClick={() => file(id).catch(told)}>
        {t('import.download')}
      </Button>
      {partly && <p className="ink2">{t('import.firstOf', { n: q.data.length, all })}</p>}
      <ul className="plain">
        {groupsOf(q.data).map((g) => {
          const { cell, what, done, todo } = words(g.first);
          return (
            <li key={g.key}>
              <b className={g.level === 'error' ? 'bad' : 'warn'}>
                {t('import.times', { count: g.count })} · {what}
              </b>{' '}
              <span className="ink2">{done}</span>
              <br />
              {t('import.firstAt', { n: g.first.line })} {cell} · {todo}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Notes are what was read by a rule or made plain on the way. */
function Notes({ s }: { s: Summary }) {
  const { t } = useTranslation();
  const word = useTargetWord();
  const groups = noteGroups(s.notes).filter((n) => !unknowns.includes(n.code));
  const unused = s.files.flatMap((f) => f.unusedColumns);
  if (groups.length === 0 && unused.length === 0) return null;
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
                {n.first.to && ` → ${t('import.quoted', { value: n.first.to })}`}
              </span>
            )}
          </li>
        ))}
      </ul>
      {unused.length > 0 && (
        <p className="ink2">
          {t('import.unused')}: {unused.join(t('import.comma'))}
        </p>
      )}
    </details>
  );
}

/** fieldWord is what a note is about: a field, or a column as the file calls it. */
function fieldWord(word: ReturnType<typeof useTargetWord>, s: Summary, n: Summary['notes'][number]) {
  const kind = s.files.find((f) => f.name === n.file)?.kind ?? 'opportunity';
  const known = /^[a-z][A-Za-z]*([.].+)?$/.test(n.field);
  return known ? word(kind, n.field) : n.field;
}

function percent(b: Batch) {
  const u = b.undone;
  const [done, total] = u ? [u.removed + u.restored + u.kept.length, 0] : [b.rowsDone, b.rowsTotal];
  const all = u ? done + u.left : total;
  return all ? Math.floor((100 * done) / all) : 0;
}
