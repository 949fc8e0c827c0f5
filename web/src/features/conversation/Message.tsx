import { App, Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { under } from '../../api/base';
import { useMe, useNames } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { instant } from '../../ui/format';
import { ProblemBox } from '../../ui/Problem';
import { bytes } from '../../ui/size';
import { Words } from './Composer';
import { edit, named, type On, readTo, type Message as Said, staleOf, takeBack, threadKeys } from './queries';

/** Message is one message, with what its reader may do with it. */
export function Message({ m, on, plain }: { m: Said; on: On; plain: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const [editing, setEditing] = useState(false);
  return (
    <li className="talk-said">
      <div>
        <b>{names.member(m.saidBy)}</b> <small className="ink2">{instant(m.saidAt, me.timeZone, me.today)}</small>
        {m.editedAt && !m.takenBackAt && <small className="ink2"> · {t('talk.edited')}</small>}
      </div>
      {editing ? (
        <Editing m={m} on={on} plain={plain} onClose={() => setEditing(false)} />
      ) : (
        <>
          <Text m={m} />
          {m.files.map((f) => (
            <p key={f.id}>
              <a className="break" href={under(`/api/files/${f.id}`)}>
                {f.name}
              </a>{' '}
              <small className="ink2">{bytes(f.size)}</small>
            </p>
          ))}
          <Acts m={m} on={on} onEdit={() => setEditing(true)} />
        </>
      )}
    </li>
  );
}

/** Text is what was said, with the names of those it is said to; or why there is none. */
function Text({ m }: { m: Said }) {
  const { t } = useTranslation();
  const names = useNames();
  if (m.takenBackAt) return <p className="ink2">{t('talk.takenBack')}</p>;
  if (!m.text) return m.files.length > 0 ? null : <p className="ink2">{t('talk.gone')}</p>;
  const called = m.mentionIds.map((id) => `@${names.member(id)}`);
  const parts: ReactNode[] = [];
  let rest = m.text;
  while (rest) {
    const next = called
      .map((name) => ({ name, at: rest.indexOf(name) }))
      .filter((x) => x.at >= 0)
      .sort((a, b) => a.at - b.at || b.name.length - a.name.length)[0];
    if (!next) break;
    parts.push(rest.slice(0, next.at), <b key={parts.length}>{next.name}</b>);
    rest = rest.slice(next.at + next.name.length);
  }
  return (
    <p className="written">
      {parts}
      {rest}
    </p>
  );
}

/** Acts are what may be done: put otherwise for a short time, take back, read again later. */
function Acts({ m, on, onEdit }: { m: Said; on: On; onEdit: () => void }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const back = useWrite(() => takeBack(m), { told: true, stale: staleOf(on) });
  const later = useWrite(() => readTo(m.threadId, m.n - 1), { told: true, stale: [threadKeys.all] });
  const ask = () =>
    modal.confirm({
      title: t('talk.takeBackAsk'),
      content: t('talk.takeBackHint'),
      okText: t('talk.takeBack'),
      okButtonProps: { danger: true },
      onOk: () => back.mutateAsync().catch(() => {}), // told
    });
  if (m.takenBackAt) return null;
  const editable = m.editUntil && new Date(m.editUntil) > new Date();
  return (
    <div className="talk-acts">
      {editable && (
        <Button size="small" type="text" onClick={onEdit}>
          {t('talk.edit')}
        </Button>
      )}
      {m.mine ? (
        <Button size="small" type="text" onClick={ask}>
          {t('talk.takeBack')}
        </Button>
      ) : (
        <Button size="small" type="text" onClick={() => later.mutate()}>
          {t('talk.markUnread')}
        </Button>
      )}
    </div>
  );
}

function Editing({ m, on, plain, onClose }: { m: Said; on: On; plain: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const [draft, setDraft] = useState({
    text: m.text,
    chosen: m.mentionIds.map((id) => ({ id, name: names.member(id) })),
  });
  const save = useWrite(() => edit(m, draft.text, named(draft)), { done: onClose, stale: staleOf(on) });
  const submit = () => draft.text.trim() && save.mutate();
  return (
    <>
      <Words
        label={t('talk.edit')}
        draft={draft}
        set={(part) => setDraft((old) => ({ ...old, ...part }))}
        rows={2}
        plain={plain}
        onSend={submit}
      />
      {save.error && <ProblemBox error={save.error} />}
      <div className="talk-acts">
        <Button size="small" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button size="small" type="primary" disabled={!draft.text.trim()} loading={save.isPending} onClick={submit}>
          {t('common.save')}
        </Button>
      </div>
    </>
  );
}
