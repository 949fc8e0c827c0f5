import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { Scroll } from '../../ui/bits';
import { Facts } from '../../ui/Facts';
import { day } from '../../ui/format';
import { Confirmed } from '../change/later';
import type { Change } from '../change/queries';
import { CameFrom } from '../competitor/later';
import type { RecordBody } from '../opportunity/queries';
import type { Open } from '../opportunity/record/dialogs';
import type { Related, Relations } from './queries';
import { useJudging } from './useJudged';

type Of = {
  r: RecordBody;
  open: Open;
  people: Related[];
  rel: Relations;
  changes: readonly Change[];
  onSee: (contact: string) => void;
};

/** RolesTable is who stands where: each judgement with who said so and when, edited by tapping a cell. */
export function RolesTable({ r, open, people, rel, changes, onSee }: Of) {
  const { t } = useTranslation();
  return (
    <>
      <Scroll label={t('relation.title')}>
        <table className="t standing">
          <thead>
            <tr>
              <th>{t('relation.person')}</th>
              {(['role', 'attitude', 'influence', 'coverage', 'said', 'span', 'met'] as const).map((k) => (
                <th key={k}>{t(`relation.${k}`)}</th>
              ))}
              {r.mayWrite && <th aria-label={t('record.replaced')} />}
            </tr>
          </thead>
          <tbody>
            {people.map((p) => (
              <Row key={p.contactId} r={r} p={p} rel={rel} open={open} changes={changes} onSee={onSee} />
            ))}
          </tbody>
        </table>
      </Scroll>
      <Past rel={rel} people={people} />
    </>
  );
}

type One = Omit<Of, 'people'> & { p: Related };

/** Name opens the person: who knows him, and his numbers. */
function Name({ p, name, onSee }: { p: Related; name: string; onSee: Of['onSee'] }) {
  if (!p.name) return <b>{name}</b>;
  return (
    <button type="button" className="open" onClick={() => onSee(p.contactId)}>
      <b>{name}</b>
    </button>
  );
}

function Row({ r, p, rel, open, changes, onSee }: One) {
  const { name, roleCell, scaleCell } = useJudging(r, asWas(p, rel));
  const said = useSaid();
  return (
    <tr className={p.former ? 'gone' : undefined}>
      <td>
        <Name p={p} name={name} onSee={onSee} />
        <small>{p.title}</small>
        <CameFrom opportunity={r.id} contact={p.contactId} />
      </td>
      <td>
        {roleCell()}
        <KeyMark p={p} />
      </td>
      <td>{scaleCell('attitude')}</td>
      <td>{scaleCell('influence')}</td>
      <td>{scaleCell('coverage')}</td>
      <td>{said.by(p)}</td>
      <td>{said.span(p, rel)}</td>
      <td>
        {said.met(p, rel)}
        {r.state === 'open' && !p.former && <Confirmed deal={r.id} contact={p.contactId} />}
      </td>
      {r.mayWrite && (
        <td>
          <Replaced p={p} open={open} />
          <Introduces p={p} changes={changes} />
        </td>
      )}
    </tr>
  );
}

/** RolesList is the same on a phone: a person below the other. */
export function RolesList({ r, open, people, rel, changes, onSee }: Of) {
  return (
    <>
      {people.map((p) => (
        <Person key={p.contactId} r={r} p={p} rel={rel} open={open} changes={changes} onSee={onSee} />
      ))}
      <Past rel={rel} people={people} />
    </>
  );
}

function Person({ r, p, rel, open, changes, onSee }: One) {
  const { t } = useTranslation();
  const { name, roleCell, scaleCell } = useJudging(r, asWas(p, rel));
  const said = useSaid();
  return (
    <div className="pad line-below stack-4">
      <div className="between-6">
        <span>
          <Name p={p} name={name} onSee={onSee} /> <span className="ink2">{p.title}</span>
        </span>
        {r.mayWrite && <Replaced p={p} open={open} />}
        <Introduces p={p} changes={changes} />
      </div>
      <div className="wrap-6">
        {roleCell()}
        <span>
          <span className="ink2">{t('relation.attitude')}</span> {scaleCell('attitude')}
        </span>
      </div>
      <div className="wrap-6">
        <span>
          <span className="ink2">{t('relation.influence')}</span> {scaleCell('influence')}
        </span>
        <span>
          <span className="ink2">{t('relation.coverage')}</span> {scaleCell('coverage')}
        </span>
      </div>
      <div className="ink2">
        <Facts>
          {said.by(p)}
          {said.span(p, rel)}
          {p.key && !p.former && t('relation.key')}
        </Facts>
      </div>
      <CameFrom opportunity={r.id} contact={p.contactId} />
      <small className="ink2">{said.met(p, rel)}</small>
      {r.state === 'open' && !p.former && <Confirmed deal={r.id} contact={p.contactId} />}
    </div>
  );
}

function KeyMark({ p }: { p: Related }) {
  const { t } = useTranslation();
  return p.key && !p.former ? <small>{t('relation.key')}</small> : null;
}

function Replaced({ p, open }: { p: Related; open: Open }) {
  const { t } = useTranslation();
  if (!p.name || p.former) return null;
  return (
    <Button
      size="small"
      aria-label={t('record.replacedOf', { name: p.name })}
      onClick={() => open({ kind: 'change', contact: { id: p.contactId, name: p.name } })}
    >
      {t('record.replaced')}
    </Button>
  );
}

/** Introduces tells of who went, and is still at the customer, that he can be asked to introduce who follows. */
function Introduces({ p, changes }: { p: Related; changes: readonly Change[] }) {
  const { t } = useTranslation();
  const there = changes.some((c) => c.contactId === p.contactId && c.successorId && c.kind !== 'left');
  return there && (p.former || p.role === 'unknown') ? (
    <span className="chip">{t('relation.canIntroduce')}</span>
  ) : null;
}

/** asWas is a person with the role he had, where he has none now. */
function asWas(p: Related, rel: Relations): Related {
  const last = p.former ? rel.roles.filter((x) => x.contactId === p.contactId).at(-1) : undefined;
  return last ? { ...p, role: last.role as Related['role'] } : p;
}

/** useSaid is by whom and when something was said, since when somebody has his role, and when he was last met. */
function useSaid() {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const channelOf = (p: Related, rel?: Relations) => rel?.threads.find((x) => x.contactId === p.contactId)?.channel;
  return {
    by: (p: Related) =>
      p.saidBy ? (
        <>
          {names.member(p.saidBy)} <small>{p.asOf && day(p.asOf, me.today)}</small>
        </>
      ) : (
        '—'
      ),
    span: (p: Related, rel: Relations) => {
      const last = p.former ? rel.roles.filter((x) => x.contactId === p.contactId).at(-1) : undefined;
      if (last) return t('relation.fromTo', { from: day(last.from, me.today), to: day(last.to, me.today) });
      return p.from ? t('relation.since', { from: day(p.from, me.today) }) : '—';
    },
    met: (p: Related, rel?: Relations) => {
      if (!p.metOn) return p.former ? '—' : <span className="bad">{t('relation.neverMet')}</span>;
      const channel = channelOf(p, rel);
      return (
        <>
          {day(p.metOn, me.today)} {channel && t(`channel.${channel}`)}{' '}
          {!!p.days && <small>{t('relation.daysAgo', { count: p.days })}</small>}
        </>
      );
    },
  };
}

/** Past are the roles somebody had before, of whom has another now; who has none any more stands in the table. */
function Past({ rel, people }: { rel: Relations; people: Related[] }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const former = new Set(people.filter((p) => p.former).map((p) => p.contactId));
  const past = rel.roles.filter((x, i) => {
    const last = rel.roles.findLastIndex((y) => y.contactId === x.contactId);
    return x.to && !(former.has(x.contactId) && last === i);
  });
  if (past.length === 0) return null;
  return (
    <details className="pad">
      <summary>{t('relation.past', { count: past.length })}</summary>
      {past.map((x) => (
        <div key={x.contactId + x.from + x.to} className="ink2 py-2">
          {x.name || t('contact.erased')} {t('relation.was', { role: t(`role.${x.role}`) })}{' '}
          {x.from
            ? t('relation.fromTo', { from: day(x.from, me.today), to: day(x.to, me.today) })
            : t('relation.until', { to: day(x.to, me.today) })}{' '}
          {x.saidBy && names.member(x.saidBy)}
        </div>
      ))}
    </details>
  );
}
