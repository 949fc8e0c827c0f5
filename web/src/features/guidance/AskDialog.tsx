import { type QueryKey, useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { guidanceKinds } from '../../api/enums.gen';
import { MemberSelect } from '../../app/MemberSelect';
import { useMe, useNames } from '../../app/session';
import { useKept } from '../../app/useKept';
import type { KeyOf } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Chips } from '../../ui/Chips';
import { DateField } from '../../ui/DateField';
import { Dialog } from '../../ui/Dialog';
import { ProblemBox } from '../../ui/Problem';
import { Words } from '../conversation/Composer';
import { useWhen } from './Lamp';
import { type Ask, ask, helpersOf, type Kind, type On, useGuidance, whomOf } from './queries';

/** AskDialog gives a note on a record: to its owner, unless another is chosen; of what it may begin with a text. */
export function AskDialog({
  on,
  ownerId,
  begin = '',
  how,
  onClose,
}: {
  on: On;
  /** Who answers for it, where the page knows; else the server does. */
  ownerId?: string;
  begin?: string;
  /** A question that is more than a note: how it is sent, and what that makes stale. */
  how?: { title: string; said: string; send: (a: Ask, key: KeyOf) => Promise<unknown>; stale: readonly QueryKey[] };
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const to = ownerId === me.memberId ? '' : (ownerId ?? '');
  const fresh = (): Ask => ({ on, kind: 'question', toId: to, fact: '', checkOn: '', text: begin, chosen: [] });
  const {
    value: d,
    set,
    done,
  } = useKept(`guidance/${me.memberId}/${how ? 'why' : 'on'}/${on.kind}/${on.id}`, fresh, (x) => !!x.text.trim());
  const send = useGuidance<void>(on, (_, key) => (how?.send ?? ask)({ ...d, toId }, key), {
    said: how?.said ?? t('guidance.sent'),
    stale: how?.stale,
    done: () => {
      done();
      onClose();
    },
  });
  // One does not ask oneself: of a record of one's own the superior is asked, as for help.
  const own = ownerId === me.memberId;
  const above = useQuery({ ...helpersOf(on), enabled: own }).data?.find((h) => h.why !== 'won')?.memberId ?? '';
  const toId = d.toId || (own ? above : '');
  const nobody = !toId && own;
  const correction = d.kind === 'correction';
  const ready = !!d.text.trim() && !nobody && (!correction || (!!d.fact.trim() && !!d.checkOn));
  // Who leads nobody has nobody to correct.
  const given = guidanceKinds.filter((k) => k !== 'help' && (k !== 'correction' || me.leads.length > 0));
  const submit = () => ready && !send.isPending && send.mutate();
  return (
    <Dialog
      title={how?.title ?? t('guidance.ask')}
      ok={t('guidance.send')}
      ready={ready}
      pending={send.isPending}
      error={send.error}
      onOk={submit}
      onClose={onClose}
    >
      {!how && (
        <fieldset className="field bare">
          <Chips
            label={t('guidance.kindOf')}
            chosen={[d.kind]}
            options={given.map((k) => ({ value: k, label: t(`talk.kind.${k}`) }))}
            onTap={(k) => set({ kind: k as Kind })}
          />
          <p className="hint ink2">{t(`guidance.kindHint.${d.kind}`)}</p>
        </fieldset>
      )}
      <div className="field">
        <Words label={t(`guidance.write.${d.kind}`)} draft={d} set={set} rows={3} onSend={submit} />
      </div>
      {correction && (
        <>
          <Field label={t('guidance.fact')} hint={t('guidance.factHint')} at="check.fact">
            <Input maxLength={300} value={d.fact} onChange={(e) => set({ fact: e.target.value })} />
          </Field>
          <Field label={t('guidance.factOn')} at="check.on">
            <DateField value={d.checkOn} min={me.nextWorkingDay} onChange={(checkOn) => set({ checkOn })} />
          </Field>
        </>
      )}
      <Field label={t('guidance.to')} at="toId">
        <MemberSelect
          placeholder={ownerId === undefined ? t('guidance.itsOwner') : undefined}
          without={[me.memberId]}
          value={toId || undefined}
          onChange={(id) => set({ toId: id ?? '' })}
        />
      </Field>
      {!nobody && d.kind !== 'praise' && <Whom kind={d.kind} on={on} toId={toId} />}
    </Dialog>
  );
}

/** Whom says who answers, and until when, before anything is asked. */
export function Whom({ kind, on, toId }: { kind: Kind; on: On; toId: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const when = useWhen();
  const whom = useQuery(whomOf(kind, on, toId));
  const w = whom.data;
  if (!w) return whom.isError ? <ProblemBox error={whom.error} retry={whom.refetch} /> : <p className="ink2 whom">…</p>;
  const away = w.answererId !== w.toId;
  const said = { name: names.member(w.toId), answerer: names.member(w.answererId), by: when(w.due) };
  if (kind === 'advice') return away ? <p className="whom warn">{t('guidance.awayOnly', said)}</p> : null;
  return (
    <p className={away ? 'whom warn' : 'whom ink2'}>
      {t(away ? 'guidance.away' : 'guidance.answersBy', said)}
      {w.contactAt && ` · ${t('guidance.contact', { at: when(w.contactAt) })}`}
    </p>
  );
}
