import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe, useNames } from '../../app/session';
import { day, instant } from '../../ui/format';
import { pathOf } from '../../ui/RecordLink';
import { Written } from '../../ui/Written';
import { useRead } from '../conversation/useRead';
import { Acts } from './Acts';
import { type Event, eventsOf } from './events';
import { Lamp, useWhen } from './Lamp';
import type { Note } from './queries';
import { Talk } from './Talk';

/** useNamed names members as the reader is spoken to: himself as you. */
export function useNamed() {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  return {
    who: (id: string | undefined) => (id === me.memberId ? t('guidance.You') : names.member(id)),
    whom: (id: string | undefined) => (id === me.memberId ? t('guidance.you') : names.member(id)),
  };
}

/** NoteCard is one note: what it asks and how its clock stands, what happened to it, and what its reader may do. */
export function NoteCard({ note, record, whole }: { note: Note; record?: boolean; whole?: boolean }) {
  const { t } = useTranslation();
  const named = useNamed();
  const [shown, setShown] = useState(whole || note.state === 'open' || note.unread > 0);
  const [talking, setTalking] = useState(false);
  const card = useRead(note);
  const title = t(`guidance.head.${note.kind}`, { who: named.who(note.askerId), whom: named.whom(note.toId) });
  return (
    <article ref={card} className={`note ${note.lamp}`} aria-label={title}>
      <div className="note-head">
        <h3>{title}</h3>
        {note.unread > 0 && <span className="chip b">{t('talk.unread', { count: note.unread })}</span>}
        <Lamp note={note} />
      </div>
      {record ? <About note={note} /> : null}
      {shown ? (
        <Events note={note} />
      ) : (
        <>
          <p className="note-said">
            <Said text={note.text} gone={t('talk.gone')} />{' '}
            <Button size="small" type="text" onClick={() => setShown(true)}>
              {t('guidance.whole')}
            </Button>
          </p>
          <Promised note={note} />
        </>
      )}
      <Acts note={note} />
      {shown && (!record || note.messages > 1) && (
        <Button size="small" type="text" aria-expanded={talking} onClick={() => setTalking(!talking)}>
          {note.messages > 1 ? t('guidance.talk', { count: note.messages }) : t('guidance.sayMore')}
        </Button>
      )}
      {talking && <Talk note={note} />}
    </article>
  );
}

const Said = ({ text, gone }: { text: string; gone: string }) =>
  text ? <Written>{text}</Written> : <span className="ink2">{gone}</span>;

/** About is which record a note is on, and why it is due sooner. */
function About({ note }: { note: Note }) {
  const { t } = useTranslation();
  const when = useWhen();
  const { kind, id, name } = note.on;
  const to = pathOf(kind, id);
  return (
    <p className="ink2 note-about">
      {to === '/' ? name : <Link to={to}>{name}</Link>}
      {note.contactAt && note.state === 'open' && ` · ${t('guidance.contact', { at: when(note.contactAt) })}`}
    </p>
  );
}

/** Events is what happened to a note, as one line from the question to the result. */
function Events({ note }: { note: Note }) {
  const { t } = useTranslation();
  const me = useMe();
  const named = useNamed();
  return (
    <>
      <ol className="note-line">
        {eventsOf(note).map((e, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they only grow
          <li key={i} className={e.what}>
            <time>{e.at && instant(e.at, me.timeZone, me.today)}</time>
            <div>
              <b>{words(t, named, e, me.today)}</b>
              {(i === 0 || e.text) && (
                <p>
                  <Said text={e.text ?? ''} gone={t('talk.gone')} />
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
      <Promised note={note} />
    </>
  );
}

type Words = ReturnType<typeof useTranslation>['t'];
const words = (t: Words, named: ReturnType<typeof useNamed>, e: Event, today: string) =>
  t(`guidance.event.${e.what}`, {
    who: named.who(e.who),
    whom: named.whom(e.whom),
    n: ((e.minutes ?? 0) / 60).toFixed(1),
    on: day(e.on, today),
  });

/** Promised is what a note still waits for after it was answered or given. */
function Promised({ note }: { note: Note }) {
  const { t } = useTranslation();
  const me = useMe();
  const named = useNamed();
  const { outcome: o, check } = note;
  return (
    <>
      {check && check.worked === null && (
        <p className="ink2 note-said">{t('guidance.checkOn', { on: day(check.on, me.today), fact: check.fact })}</p>
      )}
      {o && !o.used && note.state !== 'recalled' && (
        <p className="ink2 note-said">
          {o.dueOn
            ? t('guidance.outcomeBy', { who: named.who(o.from), on: day(o.dueOn, me.today) })
            : t('guidance.outcomeFrom', { who: named.who(o.from) })}
        </p>
      )}
    </>
  );
}
