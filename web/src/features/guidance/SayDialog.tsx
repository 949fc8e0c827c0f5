import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeyOf } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { FormDialog } from '../../ui/FormDialog';
import { useToday } from '../../ui/today';
import { askCustomer, keep, type Note, reject, sayCheck, sayResult, sayUse, useGuidance } from './queries';

type Props = { note: Note; onClose: () => void };

/** Say is a form of one text, which may be left empty where it is only why. */
function Say({
  of,
  note,
  begin = '',
  must,
  max = 4000,
  send,
  onClose,
}: {
  of: 'reject' | 'result' | 'notUsed' | 'notWorked' | 'keep';
  note: Note;
  begin?: string;
  must?: boolean;
  /** Characters. */
  max?: number;
  send: (text: string, key: KeyOf) => Promise<unknown>;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(begin);
  const write = useGuidance<void>(note.on, (_, key) => send(text.trim(), key), { done: onClose });
  return (
    <FormDialog
      title={t(`guidance.act.${of}`)}
      ok={t(`guidance.act.${of}`)}
      ready={!must || !!text.trim()}
      write={write}
      hint={t(`guidance.hint.${of}`)}
      onClose={onClose}
    >
      <Field label={t(`guidance.say.${of}`)} at="text">
        <Input.TextArea rows={3} maxLength={max} value={text} onChange={(e) => setText(e.target.value)} />
      </Field>
    </FormDialog>
  );
}

/** RejectDialog says that what was answered was no answer. */
export const RejectDialog = ({ note, onClose }: Props) => (
  <Say of="reject" note={note} send={(text, key) => reject(note, text, key)} onClose={onClose} />
);

export const ResultDialog = ({ note, onClose }: Props) => (
  <Say of="result" must note={note} send={(text, key) => sayResult(note, text, key)} onClose={onClose} />
);

export const NotUsedDialog = ({ note, onClose }: Props) => (
  <Say of="notUsed" note={note} send={(text, key) => sayUse(note, 'not_used', text, key)} onClose={onClose} />
);

export const NotWorkedDialog = ({ note, onClose }: Props) => (
  <Say of="notWorked" note={note} send={(text, key) => sayCheck(note, false, text, key)} onClose={onClose} />
);

/** KeepDialog makes of an answer something that can be said again. */
export const KeepDialog = ({ note, onClose }: Props) => (
  <Say
    of="keep"
    must
    max={500}
    begin={note.answer?.text}
    note={note}
    send={(text, key) => keep(text, key)}
    onClose={onClose}
  />
);

/** CustomerDialog says until when the customer is asked first: the clock runs to that day. */
export function CustomerDialog({ note, onClose }: Props) {
  const { t } = useTranslation();
  const today = useToday();
  const [on, setOn] = useState(note.may.askCustomerTo || today);
  const write = useGuidance(note.on, () => askCustomer(note, on), { done: onClose });
  return (
    <FormDialog
      title={t('guidance.act.customer')}
      ok={t('guidance.act.customer')}
      ready={!!on}
      write={write}
      hint={t('guidance.hint.customer')}
      onClose={onClose}
    >
      <Field label={t('guidance.answerBy')} at="on">
        <DateField value={on} min={today} max={note.may.askCustomerTo || undefined} onChange={setOn} />
      </Field>
    </FormDialog>
  );
}
