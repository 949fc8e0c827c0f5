import { Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../../app/session';
import { day, dayOf, percent } from '../../../ui/format';
import type { RecordBody } from '../queries';

type Event = { at: string; kind: 'contact' | 'move' | 'change'; title: string; text?: string; bad?: boolean };

function useEvents(r: RecordBody): Event[] {
  const { t } = useTranslation();
  const names = useNames();
  const me = useMe();
  const stage = (id: string) => r.pipeline.stages.find((s) => s.id === id)?.name ?? t('record.otherStage');
  const out: Event[] = [];
  for (const f of r.followUps) {
    const written = dayOf(f.recordedAt, me.timeZone);
    const late = written > f.happenedOn;
    out.push({
      at: f.happenedOn,
      kind: 'contact',
      title: `${t(`channel.${f.channel}`)} · ${[f.memberId, ...f.memberIds].map(names.member).join('、')}${f.twoWay ? '' : ` · ${t('followUp.oneWay')}`}${late ? ` · ${t('followUp.late', { on: day(written, me.today) })}` : ''}`,
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
      kind: 'move',
      bad: s.exception || s.voided,
      title: `${s.move === 'create' || !before ? (s.stageId ? stage(s.stageId) : t(`state.${s.state}`)) : `${before.stageId ? stage(before.stageId) : t(`state.${before.state}`)} → ${s.stageId ? stage(s.stageId) : t(`state.${s.state}`)}`} · ${t(`move.kind.${s.move}`)}${s.voided ? ` · ${t('record.voided')}` : ''}`,
      text: [s.exception ? t('record.exception') : '', s.reason, names.member(s.memberId)].filter(Boolean).join(' · '),
    });
  });
  for (const e of r.journal) {
    const p = e.payload as Record<string, unknown>;
    if (e.kind === 'opportunity.changed') {
      const parts = ['expectedOn', 'confidenceBp', 'amountMinor']
        .filter((k) => Array.isArray(p[k]))
        .map((k) => {
          const [a, b] = p[k] as [unknown, unknown];
          const show = (v: unknown) =>
            v === null || v === ''
              ? '—'
              : k === 'confidenceBp'
                ? percent(v as number, 0)
                : k === 'amountMinor'
                  ? ((v as number) / 100).toLocaleString()
                  : String(v);
          return `${t(`record.field.${k}`)} ${show(a)} → ${show(b)}`;
        });
      if (parts.length)
        out.push({
          at: dayOf(e.recordedAt, me.timeZone),
          kind: 'change',
          title: parts.join('; '),
          text: names.member(e.actorId),
        });
    } else if (e.kind === 'opportunity.handed_over') {
      const [a, b] = p.ownerId as [string, string];
      out.push({
        at: e.happenedOn,
        kind: 'change',
        title: t('record.handedOver', { from: names.member(a), to: names.member(b) }),
      });
    } else if (e.kind.startsWith('evidence.')) {
      out.push({
        at: e.happenedOn,
        kind: 'change',
        title: t(`journal.${e.kind.replace('.', '_')}`),
        text: names.member(e.actorId),
      });
    }
  }
  return out.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
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
