import { Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../../app/session';
import { day, dayOf, money, percent } from '../../../ui/format';
import type { RecordBody } from '../queries';

type Event = {
  at: string;
  written: string;
  kind: 'contact' | 'move' | 'change';
  title: string;
  text?: string;
  bad?: boolean;
};

type Entry = RecordBody['journal'][number];
type Said = { title: string; text?: string; dated?: boolean } | null;
type Pair = [unknown, unknown];
const changed = (x: unknown): x is Pair => Array.isArray(x) && x.length === 2;

/** useEntryText words an entry of the journal that the stays and the follow-ups do not tell already. */
function useEntryText(r: RecordBody): (e: Entry) => Said {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const value = (field: string, v: unknown) => {
    if (v === null || v === undefined || v === '') return '—';
    if (field === 'confidenceBp' || field === 'taxBp') return percent(v as number, 0);
    if (field === 'amountMinor') return money(v as number, r.currency, i18n.language);
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
      const note = kind === 'rejected' ? shown?.decisionNote : '';
      const text = [shown?.stage, note, by].filter(Boolean).join(' · ');
      const done = t(`journal.evidence_${kind}`);
      const title = shown?.milestone ? t('common.named', { name: done, value: shown.milestone }) : done;
      return { title, text, dated: true };
    }
    if (kind === 'changed') {
      const parts = ['expectedOn', 'confidenceBp', 'amountMinor', 'currency', 'taxIncluded', 'taxBp', 'region'].flatMap(
        (k) => {
          const pair = p[k];
          return changed(pair) ? [`${t(`record.field.${k}`)} ${value(k, pair[0])} → ${value(k, pair[1])}`] : [];
        },
      );
      for (const k of ['name', 'source', 'lines', 'accountId', 'custom'])
        if (p[k]) parts.push(t('record.fieldChanged', { field: t(`record.field.${k}`) }));
      return parts.length ? { title: parts.join('; '), text: by } : null;
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

const later = (a: string, b: string) => (a < b ? 1 : a > b ? -1 : 0);

function useEvents(r: RecordBody): Event[] {
  const { t } = useTranslation();
  const entryText = useEntryText(r);
  const names = useNames();
  const me = useMe();
  // The name it had in the version it was entered in: the stage may be gone.
  const where = (s: RecordBody['stays'][number]) => s.stage || t(s.stageId ? 'record.otherStage' : `state.${s.state}`);
  const out: Event[] = [];
  for (const f of r.followUps) {
    const written = dayOf(f.recordedAt, me.timeZone);
    const late = written > f.happenedOn;
    out.push({
      at: f.happenedOn,
      written: f.recordedAt,
      kind: 'contact',
      title: `${t(`channel.${f.channel}`)} · ${[f.memberId, ...f.memberIds].map(names.member).join(t('common.comma'))}${f.twoWay ? '' : ` · ${t('followUp.oneWay')}`}${late ? ` · ${t('followUp.late', { on: day(written, me.today) })}` : ''}`,
      text: f.words,
    });
  }
  r.stays.forEach((s, i) => {
    const before = r.stays
      .slice(0, i)
      .filter((x) => !x.voided)
      .at(-1);
    out.push({
      at: s.enteredOn,
      written: s.recordedAt,
      kind: 'move',
      bad: s.exception || s.voided,
      title: `${s.move === 'create' || !before ? where(s) : `${where(before)} → ${where(s)}`} · ${t(`move.kind.${s.move}`)}${s.voided ? ` · ${t('record.voided')}` : ''}`,
      text: [
        s.exception ? t(s.state === 'won' ? 'record.wonByException' : 'record.exception') : '',
        s.move === 'create' && s.reason ? t('clash.kept') : '',
        s.reason,
        names.member(s.memberId),
      ]
        .filter(Boolean)
        .join(' · '),
    });
  });
  for (const e of r.journal) {
    const said = entryText(e);
    const at = said?.dated ? e.happenedOn : dayOf(e.recordedAt, me.timeZone);
    if (said) out.push({ at, written: e.recordedAt, kind: 'change', ...said });
  }
  // Of one day what was written last is first.
  return out.sort((a, b) => later(a.at, b.at) || later(a.written, b.written));
}

/** Timeline is what happened, by the day it happened. */
export function Timeline({ r }: { r: RecordBody }) {
  const { t } = useTranslation();
  const me = useMe();
  const [show, setShow] = useState<'all' | Event['kind']>('all');
  const events = useEvents(r).filter((e) => show === 'all' || e.kind === show);
  return (
    <div className="card">
      <h2>
        {t('record.timeline')}
        <Segmented
          aria-label={t('record.timeline')}
          size="small"
          value={show}
          onChange={setShow}
          options={(['all', 'contact', 'move', 'change'] as const).map((k) => ({
            value: k,
            label: t(`record.show.${k}`),
          }))}
        />
      </h2>
      {events.map((e, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is rebuilt as a whole
        <div className="ev" key={i}>
          <time>{e.at ? day(e.at, me.today) : t('record.undated')}</time>
          <div>
            <b className={e.bad ? 'warn' : ''}>{e.title}</b>
            {e.text && <p>{e.text}</p>}
          </div>
        </div>
      ))}
      {events.length === 0 && <div className="pad ink2">{t('record.noEvents')}</div>}
    </div>
  );
}
