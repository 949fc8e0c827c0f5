import { useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { AnswerDialog } from './AnswerDialog';
import { type Note, piecesOf, recall, receive, sayCheck, sayUse, settle, useGuidance } from './queries';
import { CustomerDialog, KeepDialog, NotUsedDialog, NotWorkedDialog, RejectDialog, ResultDialog } from './SayDialog';

type Form = 'answer' | 'customer' | 'reject' | 'result' | 'notUsed' | 'notWorked' | 'keep';
const forms = {
  answer: AnswerDialog,
  customer: CustomerDialog,
  reject: RejectDialog,
  result: ResultDialog,
  notUsed: NotUsedDialog,
  notWorked: NotWorkedDialog,
  keep: KeepDialog,
};

/** Acts are what the reader may do with a note now. */
export function Acts({ note }: { note: Note }) {
  const { t } = useTranslation();
  const me = useMe();
  const { modal } = App.useApp();
  const [form, setForm] = useState<Form>();
  const received = useGuidance(note.on, () => receive(note), { told: true });
  const recalled = useGuidance(note.on, () => recall(note), { told: true });
  const used = useGuidance<void>(note.on, (_, key) => sayUse(note, 'used', '', key), { told: true });
  const worked = useGuidance<void>(note.on, (_, key) => sayCheck(note, true, '', key), { told: true });
  const settled = useGuidance(note.on, () => settle(note), { told: true });
  const { may } = note;
  useQuery({ ...piecesOf, enabled: may.answer }); // there before the answer is opened: the focus goes to the first
  const askRecall = () =>
    modal.confirm({
      title: t('guidance.recallAsk'),
      content: t('guidance.recallHint'),
      okText: t('guidance.recall'),
      okButtonProps: { danger: true },
      onOk: () => recalled.mutateAsync().catch(() => {}), // told
    });
  const opens = (what: Form, primary = false) => (
    <Button type={primary ? 'primary' : 'default'} onClick={() => setForm(what)}>
      {t(`guidance.act.${what}`)}
    </Button>
  );
  const Open = form && forms[form];
  const keeps = note.answer?.by === me.memberId || (!!note.answer && me.leads.length > 0);
  return (
    <div className="note-acts">
      {may.receive && !note.turns.at(-1)?.customerOn && (
        <Button loading={received.isPending} onClick={() => received.mutate()}>
          {t('guidance.act.receive')}
          <small>{t('guidance.runsOn')}</small>
        </Button>
      )}
      {may.answer && opens('answer', true)}
      {may.askCustomerTo && opens('customer')}
      {may.use && (
        <>
          <Button
            type={note.outcome?.used ? 'default' : 'primary'}
            loading={used.isPending}
            onClick={() => used.mutate()}
          >
            {t('guidance.act.used')}
          </Button>
          {opens('notUsed')}
        </>
      )}
      {may.result && opens('result', !may.use || !!note.outcome?.used)}
      {may.check && (
        <>
          <Button type="primary" loading={worked.isPending} onClick={() => worked.mutate()}>
            {t('guidance.act.worked')}
          </Button>
          {opens('notWorked')}
        </>
      )}
      {may.rejectTo && opens('reject')}
      {may.settle && (
        <Button type="primary" loading={settled.isPending} onClick={() => settled.mutate()}>
          {t('guidance.act.settle')}
        </Button>
      )}
      {may.recall && (
        <Button loading={recalled.isPending} onClick={askRecall}>
          {t('guidance.recall')}
        </Button>
      )}
      {keeps && opens('keep')}
      {Open && <Open note={note} onClose={() => setForm(undefined)} />}
    </div>
  );
}
