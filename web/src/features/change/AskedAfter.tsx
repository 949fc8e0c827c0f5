import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { SamePeople, samePeople } from '../../app/SamePeople';
import { useMe } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Amount } from '../../ui/Amount';
import { Facts } from '../../ui/Facts';
import { day } from '../../ui/format';
import { pathOf } from '../../ui/RecordLink';
import { useUndo } from '../../ui/useUndo';
import { ofDeals } from '../opportunity/queries';
import { ChangeDialog } from './ChangeDialog';
import './confirm.css';
import { howOf } from './how';
import { answer, ofChange, type Question, takeBack } from './queries';
import { type Somebody, Successor } from './Successor';

const keyOf = (q: Question) => `${q.opportunityId} ${q.contactId}`;

/** AskedAfter asks after the few key persons of the day who have been silent: each answer is one tap. */
export function AskedAfter({ items }: { items: readonly Question[] }) {
  const { t } = useTranslation();
  // Who was answered about goes at once, and is back where it was refused or taken back.
  const [gone, setGone] = useState<readonly string[]>([]);
  const shown = items.filter((q) => !gone.includes(keyOf(q)));
  const person = shown.find((q) => q.contactId);
  return (
    <section className="card" hidden={shown.length === 0} aria-label={t('confirm.title', { count: shown.length })}>
      <h2>
        {t('confirm.title', { count: shown.length })} <span>{t('confirm.rule')}</span>
      </h2>
      {items.map((q) => (
        <One
          key={keyOf(q)}
          q={q}
          first={q === person}
          hidden={!shown.includes(q)} // it stays until it was taken in: a refusal brings it back
          go={(away) => setGone((was) => (away ? [...was, keyOf(q)] : was.filter((k) => k !== keyOf(q))))}
        />
      ))}
      <div className="pad ink3">{t('confirm.hint')}</div>
    </section>
  );
}

type Of = { q: Question; go: (away: boolean) => void };

function One({ q, first, hidden, go }: Of & { first: boolean; hidden: boolean }) {
  const late = q.phase === 'late';
  const { t } = useTranslation();
  const stage = <span className={late ? 'chip b' : 'chip'}>{q.stageName}</span>;
  return (
    <div className="pad asks" hidden={hidden}>
      {q.contactId && (
        <div className="row-6">
          <b>{q.name}</b>
          {stage}
        </div>
      )}
      <div className="row-6">
        <Link to={pathOf('opportunity', q.opportunityId)}>{q.opportunityName}</Link>
        {q.amountMinor !== null && <Amount minor={q.amountMinor} currency={q.currency} />}
        {!q.contactId && stage}
      </div>
      <Facts>
        {q.accountName}
        {q.title}
        {q.contactId && q.role !== 'unknown' && t(`role.${q.role}`)}
      </Facts>
      {q.contactId ? <Person q={q} first={first} go={go} /> : <Who q={q} go={go} />}
    </div>
  );
}

/** Since is when he was last spoken with, and confirmed where that was later and otherwise. */
function Since({ q }: { q: Question }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Facts>
      {q.talkedOn ? t('confirm.talked', { on: day(q.talkedOn, me.today) }) : t('confirm.never')}
      {q.on > q.talkedOn && t('confirm.confirmed', { on: day(q.on, me.today), how: howOf(t, q.how) })}
      {q.days !== null && t('confirm.days', { count: q.days })}
      {q.lastAnswer === 'unreachable' && t('confirm.lost', { count: q.run })}
    </Facts>
  );
}

type Say = { answer: 'still' | 'unreachable'; name: string };

/** Person asks whether it is still him: three answers that weigh the same; of the first it is said in words, with his number. */
function Person({ q, first, go }: Of & { first: boolean }) {
  const { t } = useTranslation();
  const offer = useUndo();
  const [changing, setChanging] = useState(false);
  const back = useWrite((id: string) => takeBack(id), {
    said: t('confirm.undone'),
    done: () => go(false),
    stale: ofChange,
    told: true,
  });
  const about = { opportunityId: q.opportunityId, contactId: q.contactId };
  const say = useWrite(
    ({ answer: said }: Say, key) => {
      const body = { ...about, answer: said };
      return answer(key(body), body);
    },
    {
      done: (c, v) =>
        offer(c.id, t(c.proposed ? 'confirm.proposed' : `confirm.said.${v.answer}`, { name: v.name }), () =>
          back.mutate(c.id),
        ),
      stale: ofChange,
      told: true,
    },
  );
  const told = useWrite(
    (changeId: string, key) => {
      const body = { ...about, answer: 'changed' as const, changeId };
      return answer(key(body), body);
    },
    { stale: ofDeals, told: true },
  );
  const tap = (said: Say['answer']) => {
    go(true);
    say.mutate({ answer: said, name: q.name }, { onError: () => go(false) });
  };
  const named = (said: string) => t('confirm.of', { name: q.name, answer: said });
  const number = q.mobile || q.phone;
  return (
    <>
      <Since q={q} />
      {first && (
        <p>
          <b>{t('confirm.ask')}</b>
        </p>
      )}
      <div className="taps">
        <Button aria-label={named(t('confirm.still'))} onClick={() => tap('still')}>
          {t('confirm.still')}
        </Button>
        <Button aria-label={named(t('confirm.changed'))} onClick={() => setChanging(true)}>
          {t('confirm.changed')}
        </Button>
        <Button aria-label={named(t('confirm.unreachable'))} onClick={() => tap('unreachable')}>
          {t('confirm.unreachable')}
        </Button>
      </div>
      {first && number && (
        <Button type="primary" block className="call" href={`tel:${number.replace(/[^\d+]/g, '')}`}>
          {t('confirm.call', { name: q.name })}
        </Button>
      )}
      {changing && (
        <ChangeDialog
          contact={{ id: q.contactId, name: q.name }}
          opportunityId={q.opportunityId}
          onTold={(c) => told.mutate(c.id)}
          onClose={() => setChanging(false)}
        />
      )}
    </>
  );
}

/** Who asks who decides, where nobody is known. */
function Who({ q, go }: Of) {
  const { t } = useTranslation();
  const offer = useUndo();
  const [who, setWho] = useState<Somebody>({ id: '', name: '' });
  const back = useWrite((id: string) => takeBack(id), {
    said: t('confirm.undone'),
    done: () => go(false),
    stale: ofChange,
    told: true,
  });
  const say = useWrite(
    (of: { skip: boolean; evenIfSame: boolean }, key) => {
      const body = of.skip
        ? { opportunityId: q.opportunityId, answer: 'skipped' as const }
        : {
            opportunityId: q.opportunityId,
            answer: 'named' as const,
            contactId: who.id,
            name: who.id ? '' : who.name.trim(),
            evenIfSame: of.evenIfSame,
          };
      return answer(key(body), body);
    },
    {
      done: (c, v) => {
        go(true);
        offer(c.id, t(v.skip ? 'confirm.said.skipped' : 'confirm.said.named', { name: who.name }), () =>
          back.mutate(c.id),
        );
      },
      stale: ofChange,
      told: true,
    },
  );
  const same = samePeople(say.error);
  return (
    <>
      {same && (
        <SamePeople
          people={same}
          choose={t('confirm.this')}
          onChoose={(p) => {
            setWho({ id: p.id, name: p.name });
            say.reset();
          }}
        />
      )}
      <Successor of="" label={t('confirm.who')} hint={t('confirm.name')} value={who} onChange={setWho} />
      <div className="taps">
        <Button
          disabled={!who.name.trim()}
          loading={say.isPending}
          onClick={() => say.mutate({ skip: false, evenIfSame: !!same })}
        >
          {t('confirm.this')}
        </Button>
        <Button onClick={() => say.mutate({ skip: true, evenIfSame: false })}>{t('confirm.skip')}</Button>
      </div>
    </>
  );
}
