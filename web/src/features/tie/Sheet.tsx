import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Dialog } from '../../ui/Dialog';
import { ProblemBox } from '../../ui/Problem';
import { contactOf } from '../account/queries';
import { addTask, useTaskChange } from '../task/queries';
import { AskAround } from './AskAround';
import { Came } from './Came';
import {
  backgroundOf,
  type Introduction,
  introduce,
  introductionsOf,
  type Known,
  tieKeys,
  type Way,
  type Whom,
} from './queries';
import { useWay } from './useWay';
import './tie.css';

/** Sheet is everybody of us who knows somebody, each a tap from being asked, and what came of who was asked. */
export function Sheet({ whom, known, onClose }: { whom: Whom; known: Known; onClose: () => void }) {
  const { t } = useTranslation();
  const [sentence, setSentence] = useState(t('tie.sentence'));
  const asked = (useQuery(introductionsOf).data?.mine ?? []).filter((i) =>
    whom.id ? i.contactId === whom.id : i.name === whom.name,
  );
  const one =
    known.contacts.find((c) => c.id === whom.id) ?? (known.contacts.length === 1 ? known.contacts[0] : undefined);
  const [first, ...others] = known.ways;
  const former = whom.former || one?.former || undefined;
  const of = (w: Way) => ({
    w,
    whom,
    sentence: sentence.trim(),
    // Who was asked without a name is none of those who are named.
    asked: asked.find((i) =>
      w.memberId
        ? i.memberId === w.memberId
        : w.way === 'someone' && !known.ways.some((x) => x.memberId && x.memberId === i.memberId),
    ),
  });
  return (
    <Dialog
      title={t('tie.who', { name: whom.name || one?.name })}
      read
      footer={() => null}
      onOk={() => {}}
      onClose={onClose}
    >
      {one && <p className="ink2">{[one.accountName, one.title].filter(Boolean).join(' ')}</p>}
      {one && <Past id={one.id} former={one.former} />}
      {asked
        .filter((i) => !known.ways.some((w) => of(w).asked === i))
        .map((i) => (
          <Came key={i.id} i={i} />
        ))}
      {first && (
        <div className="card pad mt-8 stack-6">
          <Who w={first} big>
            <span className="chip p">{t('tie.nearest')}</span>
          </Who>
          {first.own && one ? <Own id={one.id} name={one.name} /> : <Act {...of(first)} big />}
        </div>
      )}
      {others.length > 0 && (
        <section className="card">
          <h2>
            {t('tie.others', { count: others.length + known.more })} <span>{t('tie.workedOut')}</span>
          </h2>
          {others.map((w) => (
            <div key={w.token || w.way + w.memberId + w.throughContactId} className="pad line-below between-6">
              <Who w={w} />
              <Act {...of(w)} />
            </div>
          ))}
          {known.more > 0 && <p className="pad ink2">{t('tie.more', { count: known.more })}</p>}
        </section>
      )}
      {known.ways.some((w) => w.token && !w.own && !of(w).asked) && (
        <div className="mt-8">
          <Field label={t('tie.sentenceOf')} at="sentence" hint={t('tie.sentenceHint')}>
            <Input.TextArea autoSize maxLength={200} value={sentence} onChange={(e) => setSentence(e.target.value)} />
          </Field>
        </div>
      )}
      <section className="card pad mt-8" hidden={first?.own}>
        {!first && (
          <p>
            <b>{t('tie.nothing')}</b> <span className="ink2">{t('tie.nothingHint')}</span>
          </p>
        )}
        <AskAround whom={{ ...whom, former }} second={!!first} />
      </section>
    </Dialog>
  );
}

/** Past is where he learnt and worked, as far as the reader knows it. */
function Past({ id, former }: { id: string; former: string }) {
  const { t } = useTranslation();
  const items = useQuery({ ...backgroundOf(id), retry: false }).data?.items ?? [];
  const years = (from?: number, to?: number) => (from || to ? ` ${from || ''}–${to || ''}` : '');
  const said = items.some((p) => p.kind === 'employer' && p.name === former);
  if (items.length === 0 && !former) return null;
  return (
    <div className="wrap-6">
      {former && !said && <span className="chip">{t('tie.past.employer', { name: former })}</span>}
      {items.map((p) => (
        <span key={p.kind + p.name + p.fromYear} className="chip">
          {t(`tie.past.${p.kind}`, { name: p.name })}
          {years(p.fromYear, p.toYear)}
          {p.source && ` · ${t(`tie.source.${p.source}`)}`}
        </span>
      ))}
    </div>
  );
}

function Who({ w, big, children }: { w: Way; big?: boolean; children?: ReactNode }) {
  const { t } = useTranslation();
  const way = useWay();
  const how = [w.boss && t('tie.boss'), way.what(w)].filter(Boolean).join(' · ');
  return (
    <div>
      <b className={big ? 'nearest' : undefined}>{w.way === 'someone' ? t('tie.say.someone') : way.who(w)}</b>{' '}
      {big ? children : how}
      {big && <div>{how}</div>}
      <small className="ink2 below">{way.more(w)}</small>
    </div>
  );
}

/** Act asks who stands there for an introduction, or says what came of it; a predecessor is called, or it is noted. */
function Act({
  w,
  whom,
  sentence,
  asked,
  big,
}: {
  w: Way;
  whom: Whom;
  sentence: string;
  asked?: Introduction;
  big?: boolean;
}) {
  const { t } = useTranslation();
  const ask = useWrite(
    (_: undefined, key) => {
      const body = { contactId: w.contactId || whom.id || '', token: w.token, sentence };
      return introduce(key(body), body);
    },
    { said: t('tie.sent'), told: true, stale: [[...tieKeys.all, 'introductions']] },
  );
  if (w.way === 'predecessor') return <Before w={w} name={whom.name} />;
  if (asked) return <Came i={asked} />;
  if (!w.token || w.own) return null;
  return (
    <Button
      block={big}
      type={big ? 'primary' : 'default'}
      loading={ask.isPending}
      disabled={!sentence}
      onClick={() => ask.mutate(undefined)}
    >
      {w.memberName ? t(big ? 'tie.askFor' : 'tie.askHim', { who: w.memberName }) : t('tie.ask')}
    </Button>
  );
}

/** Before is a predecessor, who is a customer: one calls him, or notes to ask him. */
function Before({ w, name }: { w: Way; name: string }) {
  const { t } = useTranslation();
  return <Call id={w.throughContactId} what={t('tie.askBefore', { who: w.throughName, name })} note={t('tie.note')} />;
}

/** Own is for whoever knows him himself: he calls him, or notes to. */
function Own({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  return <Call id={id} what={t('tie.meetHim', { name })} note={t('tie.noteMeet', { name })} first />;
}

/** Call calls somebody whose number is known, or notes a task for today. */
function Call({ id, what, note: label, first }: { id: string; what: string; note: string; first?: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const c = useQuery({ ...contactOf(id), retry: false }).data;
  const note = useTaskChange((_: undefined, key) => addTask({ what, dueOn: me.today }, key), undefined, true);
  const number = c?.mobile || c?.phone;
  const how = { block: first, type: first ? ('primary' as const) : undefined };
  if (number)
    return (
      <Button {...how} href={`tel:${number}`}>
        {t('tie.call')}
      </Button>
    );
  return (
    <>
      {note.error && <ProblemBox error={note.error} />}
      <Button {...how} loading={note.isPending} disabled={note.isSuccess} onClick={() => note.mutate(undefined)}>
        {note.isSuccess ? t('tie.noted') : label}
      </Button>
    </>
  );
}
