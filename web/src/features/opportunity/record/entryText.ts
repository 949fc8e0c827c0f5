import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../../app/session';
import { useAmount } from '../../../ui/Amount';
import { day, percent } from '../../../ui/format';
import type { RecordBody } from '../queries';
import { useShown } from './shown';

export type Entry = RecordBody['journal'][number];
export type Said = { title: string; text?: string; dated?: boolean; step?: boolean } | null;
type Pair = [unknown, unknown];
const changed = (x: unknown): x is Pair => Array.isArray(x) && x.length === 2;

/** useEntryText words an entry of the journal that the stays and the follow-ups do not tell already. */
export function useEntryText(r: RecordBody): (e: Entry) => Said {
  const { t } = useTranslation();
  const amount = useAmount();
  const names = useNames();
  const { today } = useMe();
  const shownBy = useShown(r);
  const named = (what: string, name?: string) => (name ? t('common.named', { name: what, value: name }) : what);
  const value = (field: string, v: unknown) => {
    if (v === null || v === undefined || v === '') return '—';
    if (field === 'confidenceBp' || field === 'taxBp') return percent(v as number, 0);
    if (field === 'amountMinor') return amount.short(v as number, r.currency);
    if (field === 'taxIncluded') return v ? t('opp.taxIn') : t('opp.taxOut');
    return String(v);
  };
  const corrected = (p: Record<string, unknown>, by: string): Said => {
    const stay = r.stays.find((s) => s.id === p.voided);
    const where = stay?.stage || (stay ? t(`state.${stay.state}`) : t('record.otherStage'));
    // The words stand in the row; before they did, the stay in its place had them.
    const instead = r.stays.find((s) => s.id === p.stayId)?.reason;
    const reason = stay?.voidReason || (instead !== stay?.reason && instead);
    const text = [reason, by].filter(Boolean).join(' · ');
    if (!p.stayId) return { title: t('record.takenBack', { stage: where }), text };
    const [from, to] = changed(p.enteredOn) ? p.enteredOn : [stay?.enteredOn, undefined];
    return { title: t('record.corrected', { stage: where, from: from || t('record.undated'), to }), text };
  };
  return (e) => {
    const p = e.payload as Record<string, unknown>;
    const by = names.member(e.actorId);
    const [subject, kind] = e.kind.split('.') as [string, string];
    if (subject === 'evidence') {
      const shown = r.evidence.find((x) => x.id === p.evidenceId);
      const what = kind === 'submitted' ? shown && shownBy(shown) : shown?.decisionNote;
      const text = [what, shown?.stage, by].filter(Boolean).join(' · ');
      return { title: named(t(`journal.evidence_${kind}`), shown?.milestone), text, dated: true };
    }
    if (subject === 'task') {
      const step = r.nextSteps.find((x) => x.id === e.subjectId);
      const [from, to] = Array.isArray(p.dueOn) ? (p.dueOn as string[]) : [undefined, p.dueOn as string | undefined];
      const until =
        kind === 'redated'
          ? `${day(from, today)} → ${day(to, today)}`
          : kind === 'added'
            ? t('record.dueOn', { on: day(to, today) })
            : '';
      const text = [kind === 'done' ? step?.result : '', until, by].filter(Boolean).join(' · ');
      return { title: named(t(`journal.task_${kind}`), step?.what), text, step: true };
    }
    if (subject === 'file') return { title: t(`journal.file_${kind}`), text: by };
    if (kind === 'changed') {
      const parts = ['expectedOn', 'confidenceBp', 'amountMinor', 'currency', 'taxIncluded', 'taxBp', 'region'].flatMap(
        (k) => {
          const pair = p[k];
          return changed(pair) ? [`${t(`record.field.${k}`)} ${value(k, pair[0])} → ${value(k, pair[1])}`] : [];
        },
      );
      for (const k of ['name', 'source', 'lines', 'accountId', 'custom'])
        if (p[k]) parts.push(t('record.fieldChanged', { field: t(`record.field.${k}`) }));
      return parts.length ? { title: parts.join(t('record.and')), text: by } : null;
    }
    if ((kind === 'handed_over' || kind === 'team_moved') && changed(p.ownerId) && p.ownerId[0] !== p.ownerId[1]) {
      const [from, to] = p.ownerId as [string, string];
      return {
        title: t('record.handedOver', { from: names.member(from), to: names.member(to) }),
        text: [r.handovers[String(p.handoverId)], by].filter(Boolean).join(' · '),
        dated: true,
      };
    }
    if (kind === 'team_moved' && changed(p.teamId)) {
      const [from, to] = p.teamId as [string, string];
      return { title: t('record.teamMoved', { from: names.team(from), to: names.team(to) }), text: by, dated: true };
    }
    if (kind === 'stay_corrected') return corrected(p, by);
    if (kind === 'shares_set' && Array.isArray(p.now)) {
      const shares = (p.now as RecordBody['shares'])
        .map(
          (s) =>
            `${names.member(s.memberId)} ${percent(s.shareBp)}${s.kind === 'overlay' ? ` ${t('parts.overlay')}` : ''}`,
        )
        .join(t('common.comma'));
      return { title: t('journal.shares_set'), text: [shares, by].filter(Boolean).join(' · ') };
    }
    const key = `journal.${kind}`;
    const title = t(key, { defaultValue: '' });
    return title ? { title, text: by } : null;
  };
}
