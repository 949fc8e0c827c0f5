import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MemberSelect } from '../../app/MemberSelect';
import { useMe, useNames } from '../../app/session';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { useDuration } from '../../ui/Duration';
import { day, instant } from '../../ui/format';
import { Missing, ProblemBox } from '../../ui/Problem';
import { Written } from '../../ui/Written';
import { Conversation } from '../conversation/later';
import { PartyFields } from './PartyFields';
import * as q from './queries';

/** TaskDialog is a task with what happened to it, and what may be done now. */
export function TaskDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const task = useQuery(q.taskOf(id));
  return (
    <Modal open title={task.data?.what ?? t('task.one')} onCancel={onClose} footer={null}>
      {task.data ? <Whole key={id} task={task.data} /> : <Missing of={task} />}
    </Modal>
  );
}

function Whole({ task }: { task: q.Whole }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const words = useDuration();
  return (
    <>
      <p>
        <span className="chip">{t(`task.state.${task.state}`)}</span> {names.member(task.memberId)} ·{' '}
        {day(task.doneOn || task.dueOn, me.today)}
        {task.customerAgreed && ` · ${t('nextStep.agreed')}`}
      </p>
      {task.parties.map((p) => (
        <p key={p.memberId} className="ink2">
          {t(`task.part.${p.part}`)} · {names.member(p.memberId)} · {t(p.doneOn ? 'task.partDone' : 'task.partOpen')}
        </p>
      ))}
      {task.waits && (
        <p className={task.waits.minutes > 480 ? 'bad' : 'ink2'}>
          {t(`task.waits.${task.waits.for}`, {
            who: names.member(task.waits.memberId),
            time: words(task.waits.minutes),
            by: instant(task.waits.by, me.timeZone, me.today),
          })}
        </p>
      )}
      <Acts task={task} />
      <Facts task={task} />
      <Conversation kind="task" id={task.id} />
    </>
  );
}

function Facts({ task }: { task: q.Whole }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  return (
    <>
      <h3>{t('task.happened')}</h3>
      {task.facts.map((f) => (
        <div key={`${f.kind} ${f.at}`} className="ev">
          <small>{instant(f.at, me.timeZone, me.today)}</small>
          <div>
            {[
              t(`task.fact.${f.kind}`),
              f.dueOn && day(f.dueOn, me.today),
              f.agreed && t('nextStep.agreed'),
              f.memberId && f.memberId !== f.byId && names.member(f.memberId),
            ]
              .filter(Boolean)
              .join(' · ')}
            {' · '}
            <small>{names.member(f.byId)}</small>
            {f.words && (
              <p className="ink2">
                <Written>{f.words}</Written>
              </p>
            )}
          </div>
        </div>
      ))}
    </>
  );
}

type Act = 'plan' | 'progress' | 'finish' | 'result' | 'sendBack' | 'decline' | 'offer' | 'redate' | 'parties';

/** actsOf are what somebody may say of a task now, with words of his. */
function actsOf(task: q.Whole, me: string): Act[] {
  const own = task.memberId === me;
  if (task.state === 'dropped') return [];
  const finisher = task.facts.findLast((f) => f.kind === 'done')?.byId;
  const saying = task.doneOn && (own || finisher === me) && (!task.long || task.state === 'in_review');
  const partSaying = task.parties.some((p) => p.memberId === me && p.doneOn);
  const result: Act[] = saying || partSaying ? ['result'] : [];
  if (task.state === 'in_review') return task.mayReview ? ['sendBack', ...result] : result;
  if (task.doneOn) return result;
  return [
    ...(own && (task.long || task.state !== 'open') ? (['plan', 'progress'] as const) : []),
    ...(task.mayChange || task.parties.some((p) => p.memberId === me && !p.doneOn) ? (['finish'] as const) : []),
    ...result,
    ...(task.offeredTo === me ? (['decline'] as const) : []),
    ...(own && !task.offeredTo ? (['offer'] as const) : []),
    ...(task.mayChange ? (['redate', 'parties'] as const) : []),
  ];
}

function Acts({ task }: { task: q.Whole }) {
  const { t } = useTranslation();
  const me = useMe();
  const [act, setAct] = useState<Act>();
  const receive = q.useTaskChange(q.receiveTask);
  const review = q.useTaskChange(q.reviewTask);
  const answer = q.useTaskChange(q.answerOffer);
  const withdraw = q.useTaskChange(q.withdrawOffer);
  const end = q.useTaskChange(q.endSeries);
  const drop = q.useTaskChange(q.dropTask);
  const reopen = q.useTaskChange(q.reopenTask);
  const all = [receive, review, answer, withdraw, end, drop, reopen];
  const error = all.find((w) => w.error)?.error;
  const own = task.memberId === me.memberId;
  const open = !task.doneOn && task.state !== 'dropped';
  const button = (show: boolean, name: string, run: () => void) =>
    show && (
      <Button key={name} loading={all.some((w) => w.isPending)} onClick={run}>
        {t(`task.act.${name}`)}
      </Button>
    );
  return (
    <>
      {error && <ProblemBox error={error} />}
      <div className="wrap-6">
        {button(own && task.state === 'waiting', 'receive', () => receive.mutate(task))}
        {button(task.mayReview, 'accept', () => review.mutate({ task, accepted: true }))}
        {button(task.offeredTo === me.memberId, 'takeOver', () => answer.mutate({ task, accepted: true }))}
        {actsOf(task, me.memberId).map((a) => button(true, a, () => setAct(a)))}
        {button(task.mayChange && open && !!task.offeredTo, 'withdraw', () => withdraw.mutate(task))}
        {button(task.mayChange && task.doneOn === me.today, 'reopen', () => reopen.mutate(task))}
        {button(task.mayChange && !!task.repeat, 'endSeries', () => end.mutate(task))}
        {button(task.mayChange && open, 'drop', () => drop.mutate(task))}
      </div>
      {act && <Saying key={act} act={act} task={task} onDone={() => setAct(undefined)} />}
    </>
  );
}

/** Saying is what goes with an act: words, a colleague, a day. */
function Saying({ act, task, onDone }: { act: Act; task: q.Whole; onDone: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [said, setSaid] = useState('');
  const [toId, setTo] = useState<string>();
  const [dueOn, setDue] = useState(me.nextWorkingDay);
  const [customerAgreed, setAgreed] = useState(false);
  const [parties, setParties] = useState<q.Party[]>(task.parties);
  const write = q.useTaskChange((_: undefined) => {
    switch (act) {
      case 'plan':
        return q.planTask({ task, words: said });
      case 'progress':
        return q.progressTask({ task, words: said });
      case 'finish':
        return q.finishTask({ task, result: said });
      case 'result':
        return q.sayResult({ task, result: said });
      case 'sendBack':
        return q.reviewTask({ task, accepted: false, reason: said });
      case 'decline':
        return q.answerOffer({ task, accepted: false, reason: said });
      case 'parties':
        return q.setParties({ task, parties: parties.map(({ memberId, part }) => ({ memberId, part })) });
      case 'offer':
        return q.offerTask({ task, toId: toId ?? '', words: said });
      default:
        return q.redateTask({ task, dueOn, reason: said, customerAgreed });
    }
  }, onDone);
  return (
    <>
      {write.error && <ProblemBox error={write.error} />}
      {act === 'offer' && (
        <Field label={t('task.toWhom')}>
          <MemberSelect value={toId} onChange={setTo} without={[task.memberId]} />
        </Field>
      )}
      {act === 'redate' && (
        <>
          <Field label={t('nextStep.due')}>
            <DateField label={t('nextStep.due')} value={dueOn} min={me.today} onChange={setDue} />
          </Field>
          <p>
            <Checkbox checked={customerAgreed} onChange={(e) => setAgreed(e.target.checked)}>
              {t('nextStep.agreed')}
            </Checkbox>
          </p>
        </>
      )}
      {act === 'parties' ? (
        <PartyFields value={parties} without={[task.memberId]} onChange={setParties} />
      ) : (
        <Field label={t(`task.say.${act}`)}>
          <Input.TextArea autoSize value={said} onChange={(e) => setSaid(e.target.value)} maxLength={1000} />
        </Field>
      )}
      <Button
        type="primary"
        loading={write.isPending}
        disabled={act === 'offer' && !toId}
        onClick={() => write.mutate(undefined)}
      >
        {t('common.save')}
      </Button>
    </>
  );
}
