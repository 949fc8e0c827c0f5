import { useTranslation } from 'react-i18next';
import { guidanceKinds } from '../../api/enums.gen';
import { useMe, useNames } from '../../app/session';
import { useAmount } from '../../ui/Amount';
import { day, percent } from '../../ui/format';
import type { Item } from './queries';

/** Said is an item in words: what happened, what was written about it line by line, and who did it. */
export type Said = { title: string; text: string[]; by?: string; bad?: boolean } | null;
type Payload = Record<string, unknown>;
type Pair = [unknown, unknown];
const pair = (x: unknown): x is Pair => Array.isArray(x) && x.length === 2 && x.some((v) => v) && x[0] !== x[1];
const words = (...of: (string | undefined | false)[]) => of.filter((w): w is string => !!w);

const guided = (kind: unknown) => (guidanceKinds as readonly unknown[]).includes(kind);

/** useSaid words what happened, of a deal, an account or a person alike. */
export function useSaid(currency: string): (i: Item) => Said {
  const deal = useDealSaid(currency);
  const account = useAccountSaid();
  const { t } = useTranslation();
  const names = useNames();
  const { today } = useMe();
  const named = (what: string, name?: string) => (name ? t('common.named', { name: what, value: name }) : what);
  const talk = (i: Item, p: Payload): Said => {
    const ours = [p.memberId as string, ...((p.members as string[] | null) ?? [])].map(names.member);
    const who = ((p.contacts as string[] | null) ?? []).flatMap((id) => i.names[id] ?? []).join(t('common.comma'));
    const title = words(
      t(`channel.${p.channel}`),
      ours.join(t('common.comma')),
      who && t('timeline.with', { who }),
      !p.twoWay && t('followUp.oneWay'),
    ).join(' · ');
    return { title, text: words(i.text, i.reason && t('timeline.lateBecause', { why: i.reason })) };
  };
  const step = (i: Item, kind: string, p: Payload): Said => {
    const until = pair(p.dueOn)
      ? `${day(p.dueOn[0] as string, today)} → ${day(p.dueOn[1] as string, today)}`
      : kind === 'added' && t('record.dueOn', { on: day(p.dueOn as string, today) });
    const to = kind === 'handed_over' && pair(p.memberId) && `→ ${names.member(p.memberId[1] as string)}`;
    return { title: named(t(`journal.task_${kind}`), i.name), text: words(i.text, until, to, i.reason), by: i.actorId };
  };
  const replaced = (i: Item, kind: string, p: Payload): Said => {
    const to = i.names[p.successorId as string] ?? '';
    const how = kind === 'met' || kind === 'refuted' || kind === 'withdrawn' || to ? kind : `${kind}_nobody`;
    const name = i.name || t('timeline.contact.unnamed');
    return { title: t(`timeline.change.${how}`, { name, to: to || name }), text: words(i.text), by: i.actorId };
  };
  /** A day of a thread is one line; of a note it says whether it begins with what is asked, the answer, or more. */
  const said = (i: Item, p: Payload): Said => {
    const of = t(`talk.kind.${p.threadKind}`);
    const kind = p.answers
      ? t('talk.kind.answer')
      : guided(p.threadKind) && !p.begins
        ? t('talk.after', { kind: of })
        : of;
    const count = p.said as number;
    return {
      title: count ? t('talk.day', { kind, count }) : t('talk.dayTakenBack', { kind }),
      text: words(i.text),
      by: i.actorId,
    };
  };
  return (i) => {
    const p = (i.payload ?? {}) as Payload;
    const [subject, kind] = i.kind.split('.') as [string, string];
    if (i.move && kind === 'moved') return deal(i, kind, p);
    if (subject === 'follow_up') return talk(i, p);
    if (subject === 'task') return step(i, kind, p);
    if (subject === 'contact_change') return replaced(i, kind, p);
    if (subject === 'sighting')
      return {
        title: t(`timeline.sighting.${kind}`, { name: i.name, kind: t(`sightingKind.${p.kind}`) }),
        text: words(day(p.on as string, today)),
        by: i.actorId,
      };
    if (subject === 'message') return said(i, p);
    if (subject === 'file') return { title: t(`journal.file_${kind}`), text: [], by: i.actorId };
    if (subject === 'evidence')
      return { title: named(t(`journal.evidence_${kind}`), i.name), text: words(i.text, i.stage), by: i.actorId };
    return subject === 'opportunity' ? deal(i, kind, p) : account(i, subject, kind, p);
  };
}

/** useDealSaid words moves and changes of deals. */
function useDealSaid(currency: string) {
  const { t } = useTranslation();
  const amount = useAmount();
  const names = useNames();
  // The name it had in the version it was entered in: the stage may be gone.
  const where = (stage: string, state: string) => stage || t(state === 'open' ? 'record.otherStage' : `state.${state}`);
  const value = (field: string, v: unknown) => {
    if (v === null || v === undefined || v === '') return '—';
    if (field === 'confidenceBp' || field === 'taxBp') return percent(v as number, 0);
    if (field === 'amountMinor') return amount.short(v as number, currency);
    if (field === 'taxIncluded') return v ? t('opp.taxIn') : t('opp.taxOut');
    return String(v);
  };
  // A stage by the name of what happened there says it already.
  const kindSaid = (kind: string, to: string) => t(`move.kind.${kind}`) !== to && t(`move.kind.${kind}`);
  const moved = (i: Item, m: NonNullable<Item['move']>): Said => {
    const to = where(m.to, m.state);
    const path = m.fromState ? `${where(m.from, m.fromState)} → ${to}` : to;
    return {
      title: words(path, kindSaid(m.kind, to), m.voided && t('record.voided')).join(' · '),
      text: words(
        m.exception && t(m.state === 'won' ? 'record.wonByException' : 'record.exception'),
        m.kind === 'create' && !!i.reason && t('clash.kept'),
        i.reason,
      ),
      by: i.actorId,
      bad: m.exception || m.voided,
    };
  };
  const changed = (i: Item, p: Payload): Said => {
    const parts = ['expectedOn', 'confidenceBp', 'amountMinor', 'currency', 'taxIncluded', 'taxBp', 'region'].flatMap(
      (k) => {
        const x = p[k];
        if (!Array.isArray(x) || x[0] === x[1]) return [];
        return [`${t(`record.field.${k}`)} ${value(k, x[0])} → ${value(k, x[1])}`];
      },
    );
    for (const k of ['name', 'source', 'lines', 'accountId'])
      if (p[k]) parts.push(t('record.fieldChanged', { field: t(`record.field.${k}`) }));
    if (p.custom || p.own) {
      const own = Object.entries(i.names).flatMap(([id, name]) =>
        JSON.stringify([p.custom, p.own]).includes(id) ? [name] : [],
      );
      parts.push(
        t('record.fieldChanged', { field: [...new Set(own)].join(t('common.comma')) || t('record.field.custom') }),
      );
    }
    return parts.length ? { title: parts.join(t('record.and')), text: [], by: i.actorId } : null;
  };
  return (i: Item, kind: string, p: Payload): Said => {
    if (i.move && kind === 'moved') return moved(i, i.move);
    if (kind === 'changed') return changed(i, p);
    const text = words(i.reason);
    const by = i.actorId;
    if ((kind === 'handed_over' || kind === 'team_moved') && pair(p.ownerId)) {
      const [from, to] = p.ownerId as [string, string];
      return { title: t('record.handedOver', { from: names.member(from), to: names.member(to) }), text, by };
    }
    if (kind === 'team_moved' && pair(p.teamId)) {
      const [from, to] = p.teamId as [string, string];
      return { title: t('record.teamMoved', { from: names.team(from), to: names.team(to) }), text, by };
    }
    if (kind === 'stay_corrected') {
      const stage = where(i.stage, i.move?.state ?? '');
      if (!p.stayId) return { title: t('record.takenBack', { stage }), text, by };
      const [from, to] = (Array.isArray(p.enteredOn) ? p.enteredOn : []) as string[];
      return { title: t('record.corrected', { stage, from: from || t('record.undated'), to }), text, by };
    }
    if (kind === 'shares_set' && Array.isArray(p.now)) {
      const shares = (p.now as { memberId: string; shareBp: number; kind: string }[]).map(
        (s) =>
          `${names.member(s.memberId)} ${percent(s.shareBp)}${s.kind === 'overlay' ? ` ${t('parts.overlay')}` : ''}`,
      );
      return { title: t('journal.shares_set'), text: [shares.join(t('common.comma'))], by };
    }
    return { title: t(`journal.${kind}`, { defaultValue: t('timeline.other') }), text, by };
  };
}

/** useAccountSaid words what is said of accounts and of people, field by field. */
function useAccountSaid() {
  const { t } = useTranslation();
  const names = useNames();
  const own = (i: Item, p: Payload) => {
    const list = (Array.isArray(p.custom) ? p.custom : []) as (string | { fieldId: string })[];
    return list.map((f) => i.names[typeof f === 'string' ? f : f.fieldId] ?? t('record.field.custom'));
  };
  const account = (i: Item, p: Payload): Said => {
    const parts = (['industry', 'region', 'class', 'parentId'] as const).flatMap((k) => {
      const x = p[k];
      if (!pair(x)) return [];
      const shown = (v: unknown) => (k === 'parentId' ? i.names[v as string] : (v as string)) || '—';
      return [`${t(`merge.field.${k === 'parentId' ? 'parent' : k}`)} ${shown(x[0])} → ${shown(x[1])}`];
    });
    const texts = [...(p.renamed ? [t('merge.field.name')] : []), ...own(i, p)];
    if (texts.length) parts.push(t('record.fieldChanged', { field: texts.join(t('common.comma')) }));
    if (!parts.length) return null;
    return { title: t('timeline.account.changed'), text: [parts.join(t('record.and'))], by: i.actorId };
  };
  const contact = (i: Item, name: string, kind: string, p: Payload): Said => {
    const by = i.actorId;
    const [from, to] = pair(p.accountId) ? p.accountId.map((id) => i.names[id as string] ?? '') : [];
    if (kind === 'moved') {
      const title = t(to ? 'timeline.contact.moved' : 'timeline.contact.left', {
        name,
        to,
        from: from || t('timeline.contact.here'),
      });
      return { title, text: [], by };
    }
    if (kind === 'changed') {
      const fields = [...((p.changed as string[] | null) ?? []).map((f) => t(`merge.field.${f}`)), ...own(i, p)];
      const text = fields.length ? [t('record.fieldChanged', { field: fields.join(t('common.comma')) })] : [];
      if (to) return { title: t('timeline.contact.joined', { name, to }), text, by };
      return fields.length ? { title: t('timeline.contact.changed', { name }), text, by } : null;
    }
    return { title: t(`timeline.contact.${kind}`, { name, defaultValue: t('timeline.other') }), text: [], by };
  };
  return (i: Item, subject: string, kind: string, p: Payload): Said => {
    if (subject === 'contact') return contact(i, i.name || t('timeline.contact.unnamed'), kind, p);
    if (kind === 'changed') return account(i, p);
    const text = words(i.reason);
    if (kind === 'handed_over' && pair(p.ownerId)) {
      const [from, to] = p.ownerId as [string, string];
      return { title: t('record.handedOver', { from: names.member(from), to: names.member(to) }), text, by: i.actorId };
    }
    const name = i.names[String(p.goneId)] ?? '';
    return { title: t(`timeline.account.${kind}`, { name, defaultValue: t('timeline.other') }), text, by: i.actorId };
  };
}
