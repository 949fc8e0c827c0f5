import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Progress } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, must, type Schemas } from '../../api/client';
import { usePipelines } from '../../app/session';
import { useAmount } from '../../ui/Amount';
import { Missing } from '../../ui/Problem';
import { useTold } from '../../ui/useTold';
import { Proposed } from '../change/later';
import { Conversation } from '../conversation/later';
import { LeftOut, Notes } from './Issues';
import { Kept } from './Kept';
import { Status } from './Past';
import { type Batch, busy, importOf } from './queries';
import { intoOf, noteGroups, recordsOf, totalsOf, unknowns } from './result';

type Summary = Schemas['IntakeSummary'];

/** Running shows one import: its progress, what it did, what it could not take; and takes it back. */
export function Running({
  id,
  again,
  onState,
}: {
  id: string;
  /** What was tried and may now be imported. */
  again: React.ReactNode;
  onState: (written: boolean) => void;
}) {
  const { t, i18n } = useTranslation();
  const query = useQueryClient();
  const told = useTold();
  const at = useRef<HTMLElement>(null);
  const q = useQuery(importOf(id, query));
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
                done: b.rowsDone.toLocaleString(i18n.language),
                total: b.rowsTotal.toLocaleString(i18n.language),
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
        {b.undone && !busy(b) && <Kept b={b} undone={b.undone} />}
        {b.summary && <CameIn s={b.summary} dry={b.dryRun} />}
        {b.dryRun && !busy(b) && again}
        <Onward b={b} />
        {!b.dryRun && !busy(b) && !!b.summary?.proposed && <Proposed batch={b.id} />}
        {b.summary && <LeftOut id={id} s={b.summary} />}
        {b.summary && <Notes s={b.summary} />}
      </div>
      {!b.dryRun && !busy(b) && <Conversation kind="import" id={id} />}
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
  const { t, i18n } = useTranslation();
  const amount = useAmount();
  const figure = (n: number) => n.toLocaleString(i18n.language);
  const some = (of: Record<string, number>) =>
    Object.entries(of)
      .filter(([, n]) => n > 0)
      .map(([kind, n]) =>
        t('import.some', { n: figure(n), kind: t([`import.kind.${kind}`, 'import.otherField'], { count: n }) }),
      )
      .join(t('import.comma'));
  const lines = [
    some(s.created) && t(dry ? 'import.wouldCreate' : 'import.didCreate', { some: some(s.created) }),
    some(s.updated) && t(dry ? 'import.wouldUpdate' : 'import.didUpdate', { some: some(s.updated) }),
    s.proposed > 0 && t(dry ? 'import.wouldPropose' : 'import.didPropose', { count: s.proposed }),
    some(s.unchanged) && t('import.didNothing', { some: some(s.unchanged) }),
  ].filter(Boolean);
  const unknown = noteGroups(s.notes).filter((n) => unknowns.includes(n.code));
  const unused = s.files.flatMap((f) => f.unusedColumns);
  const aside = s.files.reduce((n, f) => n + f.asideCount, 0);
  return (
    <>
      <p className="fs-16">
        {[t('import.rowsRead', { count: s.rows, n: figure(s.rows) }), ...lines].join(' · ')}
        {s.refused > 0 && <b className="bad"> · {t('import.refused', { count: s.refused })}</b>}
        {aside > 0 && <span className="ink2"> · {t('import.aside', { count: aside })}</span>}
      </p>
      {totalsOf(s).map((x) => (
        <p key={x.currency} title={amount.whole(x.minor, x.currency)}>
          {t('import.total', { count: x.cells, n: figure(x.cells), sum: amount.short(x.minor, x.currency) })}
        </p>
      ))}
      {unused.length > 0 && <p>{t('import.unusedColumns', { columns: unused.join(t('import.comma')) })}</p>}
      {unknown.map((n) => (
        <p className="ink2" key={n.code}>
          {t(`import.once.${n.code}`, { count: n.count, n: figure(n.count) })}
        </p>
      ))}
    </>
  );
}

const all = (of: Record<string, number>) => Object.values(of).reduce((n, x) => n + x, 0);

/** Onward leads to the funnel, or takes the import back. */
function Onward({ b }: { b: Batch }) {
  const { t } = useTranslation();
  const query = useQueryClient();
  const { modal } = App.useApp();
  const told = useTold();
  const pipelines = usePipelines().data;
  if (b.dryRun || busy(b)) return null;
  const into = b.summary && intoOf(b.summary, pipelines?.map((p) => p.id) ?? []);
  const to = b.summary ? recordsOf(b.summary) : 'funnel';
  const undo = () =>
    modal.confirm({
      title: t('import.undoTitle'),
      content: b.summary
        ? t('import.undoCounts', { made: all(b.summary.created), changed: all(b.summary.updated) })
        : t('import.undoHint'),
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
        <Link to={to === 'funnel' ? (into ? `/funnel?pipeline=${into}` : '/funnel') : `/${to}`}>
          <Button type="primary">{t(`import.to.${to}`)}</Button>
        </Link>
      )}
      {(b.status !== 'undone' || !!b.undone?.kept.length) && (
        <Button onClick={undo}>{t(b.status === 'undone' ? 'import.undoRest' : 'import.undo')}</Button>
      )}
    </div>
  );
}

function percent(b: Batch) {
  const u = b.undone;
  const [done, total] = u ? [u.removed + u.restored + u.kept.length, 0] : [b.rowsDone, b.rowsTotal];
  const all = u ? done + u.left : total;
  return all ? Math.floor((100 * done) / all) : 0;
}
