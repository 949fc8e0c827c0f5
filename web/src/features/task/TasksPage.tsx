import { useQuery } from '@tanstack/react-query';
import { Button, Input, Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { MemberSelect } from '../../app/MemberSelect';
import { useMe, useNames } from '../../app/session';
import { Empty } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { day } from '../../ui/format';
import { ProblemBox } from '../../ui/Problem';
import { pathOf } from '../../ui/RecordLink';
import { Written } from '../../ui/Written';
import { addTask, finishTask, redateTask, type Task, tasksOf, useTaskChange, type View } from './queries';

/** TasksPage is what a member promised, what was asked of others, and what is done. */
export default function TasksPage() {
  const { t } = useTranslation();
  const [view, setView] = useState<View>('mine');
  const list = useQuery(tasksOf(view));
  return (
    <>
      <div className="top">
        <h1>{t('task.title')}</h1>
      </div>
      <div className="filters">
        <Segmented<View>
          aria-label={t('task.whose')}
          value={view}
          onChange={setView}
          options={(['mine', 'handed', 'done'] as const).map((v) => ({ value: v, label: t(`task.${v}`) }))}
        />
      </div>
      {list.isError && <ProblemBox error={list.error} retry={list.refetch} />}
      <div className="card">
        {view !== 'done' && <AddTask />}
        {list.isPending && <Skeleton active className="pad" />}
        {list.data?.map((x) => (
          <Row key={x.id} task={x} />
        ))}
        {list.data?.length === 0 && <Empty title={t('task.none')}>{t('task.noneHint')}</Empty>}
      </div>
    </>
  );
}

function AddTask() {
  const { t } = useTranslation();
  const me = useMe();
  const [what, setWhat] = useState('');
  const [due, setDue] = useState(me.today);
  const [member, setMember] = useState<string>();
  const add = useTaskChange(addTask, () => setWhat(''));
  const ready = !!what.trim() && !add.isPending;
  const submit = () => add.mutate({ what, dueOn: due, memberId: member });
  return (
    <div className="pad wrap-6">
      {add.error && <ProblemBox error={add.error} />}
      <Input
        aria-label={t('nextStep.what')}
        placeholder={t('task.what')}
        value={what}
        onChange={(e) => setWhat(e.target.value)}
        onPressEnter={(e) => !e.nativeEvent.isComposing && ready && submit()}
        maxLength={200}
        className="flex-200"
      />
      <div className="w-160">
        <DateField label={t('nextStep.due')} value={due} min={me.today} onChange={setDue} />
      </div>
      <MemberSelect
        label={t('task.whose')}
        placeholder={t('task.whose')}
        clearable
        value={member}
        onChange={setMember}
        className="w-140"
      />
      <Button disabled={!what.trim()} loading={add.isPending} onClick={submit}>
        {t('nextStep.add')}
      </Button>
    </div>
  );
}

function Row({ task }: { task: Task }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const finish = useTaskChange(finishTask);
  const redate = useTaskChange(redateTask);
  const error = finish.error ?? redate.error;
  return (
    <div className="ms promise">
      <i className={task.doneOn ? 'box done' : 'box'} />
      <div>
        <Written>{task.what}</Written>
        {task.result && (
          <p className="ink2">
            <Written>{task.result}</Written>
          </p>
        )}
        <small className={task.overdue ? 'bad' : ''}>
          {day(task.doneOn || task.dueOn, me.today)} {task.overdue && t('nextStep.overdue')} ·{' '}
          {names.member(task.memberId)}
          {task.customerAgreed && ` · ${t('nextStep.agreed')}`}
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
          {task.overdue && (
            <Button size="small" loading={redate.isPending} onClick={() => redate.mutate({ task, dueOn: me.today })}>
              {t('task.toToday')}
            </Button>
          )}
          <Button size="small" loading={finish.isPending} onClick={() => finish.mutate(task)}>
            {t('nextStep.done')}
          </Button>
        </div>
      )}
    </div>
  );
}
