import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Progress, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, must, type Schemas } from '../../api/client';
import { useMe, useNames } from '../../app/session';
import { instant } from '../../ui/format';
import { useTold } from '../../ui/useTold';
import { type Issue, useIssueFile, useIssueWords } from './issues';

type Batch = Schemas['IntakeBatch'];

/** Running shows one import: its progress, what it did, what it could not take; and takes it back. */
export function Running({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useQueryClient();
  const { modal } = App.useApp();
  const told = useTold();
  const file = useIssueFile();
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
  const issues = useQuery({
    queryKey: ['imports', id, 'issues'],
    queryFn: () => must(api.GET('/api/imports/{id}/issues', { params: { path: { id } } })),
    enabled: !!q.data?.summary && q.data.summary.errors + q.data.summary.warnings > 0,
  });
  const b = q.data;
  if (!b) return null;
  const s = b.summary;
  const word = (field: string) => t(`import.target.${field}`, { defaultValue: field });
  const undo = () =>
    modal.confirm({
      title: t('import.undoTitle'),
      content: t('import.undoHint'),
      okText: t('import.undo'),
      onOk: () =>
        must(api.POST('/api/imports/{id}/undo', { params: { path: { id } } })).then(
          () => query.invalidateQueries(),
          told,
        ),
    });
  return (
    <div className="card" data-testid="batch" data-status={b.status}>
      <h2>
        {b.dryRun ? t('import.dryResult') : t('import.result')}
        <Status b={b} />
      </h2>
      <div className="pad">
        {busy(b) && (
          <>
            <Progress percent={percent(b)} />
            <Button
              onClick={() => must(api.POST('/api/imports/{id}/cancel', { params: { path: { id } } })).catch(told)}
            >
              {t('common.cancel')}
            </Button>
          </>
        )}
        {b.undone && (
          <p>
            {t('import.undone', {
              removed: b.undone.removed,
              restored: b.undone.restored,
              kept: b.undone.kept.length,
            })}
          </p>
        )}
        {b.error && <p className="bad">{t(`problem.${b.error}`, { defaultValue: b.error })}</p>}
        {s && (
          <>
            <p>
              {[
                t('import.rows', { count: s.rows }),
                ...Object.entries(s.created).map(([k, n]) => `${t('import.created')} ${t(`import.kind.${k}`)} ${n}`),
                ...Object.entries(s.updated).map(([k, n]) => `${t('import.updated')} ${t(`import.kind.${k}`)} ${n}`),
              ].join(' · ')}{' '}
              {s.refused > 0 && <b className="bad">· {t('import.refused', { count: s.refused })}</b>}
            </p>
            {s.files.map((f) => (
              <p className="ink2" key={f.name}>
                {Object.entries(f.dateFormats)
                  .map(([k, v]) => `${t(`import.target.${k}`, { defaultValue: k })}: ${t(`import.date.${v}`)}`)
                  .join(' · ')}
                {f.unusedColumns.length > 0 && ` · ${t('import.unused')}: ${f.unusedColumns.join('、')}`}
              </p>
            ))}
            {s.notes.length > 0 && (
              <details>
                <summary>{t('import.notes', { count: s.notes.length })}</summary>
                {s.notes.slice(0, 60).map((n) => (
                  <div key={n.code + n.field + n.value}>
                    {t(`note.${n.code}`, { defaultValue: n.code })} · {word(n.field)} {n.value && `“${n.value}”`}{' '}
                    {n.to && `→ “${n.to}”`} × {n.count}
                  </div>
                ))}
              </details>
            )}
            {issues.data && issues.data.length > 0 && (
              <details open>
                <summary>
                  {t('import.issues', { count: s.errors + s.warnings })} ·{' '}
                  <Button
                    type="link"
                    size="small"
                    onClick={(e) => {
                      e.preventDefault(); // the list stays open
                      file(id).catch(told);
                    }}
                  >
                    {t('import.download')}
                  </Button>
                </summary>
                {issues.data.slice(0, 30).map((x) => (
                  <div key={`${x.file}${x.line}${x.field}${x.code}`} className={x.level === 'error' ? 'bad' : 'warn'}>
                    {t('import.line', { n: x.line })} · <Cell x={x} />
                  </div>
                ))}
              </details>
            )}
            <div className="row-8-mt">
              {!b.dryRun && b.status === 'done' && (
                <Link to="/funnel">
                  <Button type="primary">{t('import.toFunnel')}</Button>
                </Link>
              )}
              {!b.dryRun && !busy(b) && (b.status !== 'undone' || !!b.undone?.kept.length) && (
                <Button onClick={undo}>{t(b.status === 'undone' ? 'import.undoRest' : 'import.undo')}</Button>
              )}
            </div>
          </>
        )}
      </div>
    </div>
  );
}

/** Cell says what is wrong with one cell, and what to do. */
function Cell({ x }: { x: Issue }) {
  const { cell, what, todo } = useIssueWords()(x);
  return (
    <>
      {cell}: {what} · {todo}
    </>
  );
}

/** busy tells whether somebody is at work on it. */
const busy = (b: Batch) => b.status === 'running' || b.status === 'undoing';

function percent(b: Batch) {
  const u = b.undone;
  const [done, total] = u ? [u.removed + u.restored + u.kept.length, 0] : [b.rowsDone, b.rowsTotal];
  const all = u ? done + u.left : total;
  return all ? Math.floor((100 * done) / all) : 0;
}

function Status({ b }: { b: Batch }) {
  const { t } = useTranslation();
  return (
    <Tag color={b.status === 'done' ? 'success' : b.status === 'failed' ? 'error' : 'default'}>
      {t(`import.status.${b.status}`)}
    </Tag>
  );
}

/** Past lists the imports so far. */
export function Past({ onOpen }: { onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const list = useQuery({ queryKey: ['imports'], queryFn: () => must(api.GET('/api/imports')) });
  if (!list.data?.length) return null;
  return (
    <div className="card">
      <h2>{t('import.past')}</h2>
      {list.data.map((b) => (
        <div className="kv" key={b.id}>
          <button type="button" className="open" onClick={() => onOpen(b.id)}>
            {b.files.join('、')} {b.dryRun && `(${t('import.dry')})`}
          </button>
          <span className="ink2">
            {b.rowsDone} · {names.member(b.createdBy)} · {instant(b.createdAt, me.timeZone, me.today)} <Status b={b} />
          </span>
        </div>
      ))}
    </div>
  );
}
