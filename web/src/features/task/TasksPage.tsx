import { useQuery } from '@tanstack/react-query';
import { Button, Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe, useNames } from '../../app/session';
import { Empty } from '../../ui/bits';
import { day } from '../../ui/format';
import { ProblemBox } from '../../ui/Problem';
import { pathOf } from '../../ui/RecordLink';
import { useUrl } from '../../ui/useUrl';
import { Written } from '../../ui/Written';
import { NewTask } from './NewTask';
import { PromisesView } from './Promises';
import { redateTask, type Task, tasksOf, useTaskChange, type View } from './queries';
import { TaskDialog } from './TaskDialog';
import { useFinish } from './useFinish';

const views = ['mine', 'handed', 'done', 'promises'] as const;
type Shown = (typeof views)[number];

/** TasksPage is what a member promised, what was asked of others, what is done, and what became of promises. */
export default function TasksPage() {
  const { t } = useTranslation();
  const url = useUrl();
  const view = views.find((v) => v === url.get('view')) ?? 'mine';
  const [adding, setAdding] = useState(false);
  const open = url.get('task');
  return (
    <>
      <div className="top">
        <h1>{t('task.title')}</h1>
        <Button type="primary" onClick={() => setAdding(true)}>
          {t('task.new')}
        </Button>
      </div>
      <div className="filters">
        <Segmented<Shown>
          aria-label={t('task.which')}
          value={view}
          onChange={(v) => url.set({ view: v === 'mine' ? undefined : v, member: undefined, team: undefined })}
          options={views.map((v) => ({ value: v, label: t(`task.${v}`) }))}
        />
      </div>
      {view === 'promises' ? <PromisesView /> : <Tasks view={view} onOpen={(id) => url.set({ task: id })} />}
      {adding && <NewTask onClose={() => setAdding(false)} />}
      {open && <TaskDialog id={open} onClose={() => url.set({ task: undefined })} />}
    </>
  );
}

function Tasks({ view, onOpen }: { view: View; onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const list = useQuery(tasksOf(view));
  return (
    <>
      {list.isError && <ProblemBox error={list.error} retry={list.refetch} />}
      <div className="card">
        {list.isPending && <Skeleton active className="pad" />}
        {list.data?.map((x) => (
          <Row key={x.id} task={x} onOpen={() => onOpen(x.id)} />
        ))}
        {list.data?.length === 0 && <Empty title={t('task.none')}>{t('task.noneHint')}</Empty>}
      </div>
    </>
  );
}

function Row({ task, onOpen }: { task: Task; onOpen: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const finish = useFinish();
  const redate = useTaskChange(redateTask);
  const error = finish.error ?? redate.error;
  const own = task.memberId === me.memberId;
  const asked = task.offeredTo === me.memberId;
  const words = task.long && own; // a long order is done with a result
  return (
    <div className="ms promise">
      <i className={task.doneOn ? 'box on' : 'box'} />
      <div>
        <Button type="link" className="open" onClick={onOpen}>
          <Written>{task.what}</Written>
        </Button>
        {task.result && (
          <p className="ink2">
            <Written>{task.result}</Written>
          </p>
        )}
        <small className={task.overdue ? 'bad' : ''}>
          {[
            day(task.doneOn || task.dueOn, me.today),
            task.overdue && t('nextStep.overdue'),
            names.member(task.memberId),
            task.state !== 'open' && task.state !== 'done' && t(`task.state.${task.state}`),
            asked && t('task.askedYou'),
            task.repeats && t('task.repeats'),
            task.customerAgreed && t('nextStep.agreed'),
          ]
            .filter(Boolean)
            .join(' · ')}
          {task.on.map(
            (r) =>
              r.name && (
                <span key={r.id}>
                  {' · '}
                  <Link to={pathOf(r.kind, r.id)}>{r.name}</Link>
                </span>
              ),
          )}
        </small>
        {error && <ProblemBox error={error} />}
      </div>
      {!task.doneOn && (
        <div className="row-6">
          {task.overdue && !task.customerAgreed && (
            <Button size="small" loading={redate.isPending} onClick={() => redate.mutate({ task, dueOn: me.today })}>
              {t('task.toToday')}
            </Button>
          )}
          {asked || words ? (
            <Button size="small" onClick={onOpen}>
              {t(asked ? 'task.answer' : 'task.next')}
            </Button>
          ) : (
            <Button size="small" loading={finish.isPending} onClick={() => finish.mutate({ task })}>
              {t('nextStep.done')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
