import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../../app/session';
import { day, dayOf, instant, timeOf } from '../../../ui/format';
import { ProblemBox } from '../../../ui/Problem';
import { earlierEntries, type RecordBody } from '../queries';
import { type Entry, useEntryText } from './entryText';
import { type Happened, newestFirst } from './newestFirst';

type Event = Happened & {
  at?: string; // an instant, where more than the day is known
  kind: 'contact' | 'move' | 'step' | 'change';
  title: string;
  text?: string;
  bad?: boolean;
};

function useEvents(r: RecordBody, entries: Entry[]): Event[] {
  const { t } = useTranslation();
  const entryText = useEntryText(r);
  const names = useNames();
  const me = useMe();
  // The name it had in the version it was entered in: the stage may be gone.
  const where = (s: RecordBody['stays'][number]) => s.stage || t(s.stageId ? 'record.otherStage' : `state.${s.state}`);
  const out: Event[] = [];
  for (const f of [...r.followUps].reverse()) {
    out.push({
      on: f.happenedOn,
      at: f.happenedAt ?? undefined,
      written: f.recordedAt,
      kind: 'contact',
      title: `${t(`channel.${f.channel}`)} · ${[f.memberId, ...f.memberIds].map(names.member).join(t('common.comma'))}${f.twoWay ? '' : ` · ${t('followUp.oneWay')}`}`,
      text: f.words,
    });
  }
  r.stays.forEach((s, i) => {
    const before = r.stays
      .slice(0, i)
      .filter((x) => !x.voided)
      .at(-1);
    out.push({
      on: s.enteredOn,
      at: s.enteredAt ?? undefined,
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
  for (const e of [...entries].reverse()) {
    const said = entryText(e);
    const writtenOn = dayOf(e.recordedAt, me.timeZone);
    const on = said?.dated ? e.happenedOn : writtenOn;
    const at = on === writtenOn ? e.recordedAt : undefined;
    if (said) out.push({ on, at, written: e.recordedAt, kind: said.step ? 'step' : 'change', ...said });
  }
  return newestFirst(out);
}

/** pageOf is how many events are shown at once, and how many entries a record comes with. */
const pageOf = { events: 30, entries: 100 };

/** useEntries are the entries a record comes with and those that were asked for since. */
function useEntries(r: RecordBody) {
  const last = r.journal.at(-1)?.seq ?? 0;
  const earlier = useInfiniteQuery({
    ...earlierEntries(r.id, last),
    enabled: false,
    getNextPageParam: (page: Entry[]) => (page.length < pageOf.entries ? undefined : page.at(-1)?.seq),
  });
  const more = earlier.data ? earlier.hasNextPage : r.journal.length >= pageOf.entries;
  return { entries: [...r.journal, ...(earlier.data?.pages.flat() ?? [])], more, earlier };
}

/** Timeline is what happened, by the day it happened, and where that is another by when it was written down. */
export function Timeline({ r }: { r: RecordBody }) {
  const { t } = useTranslation();
  const me = useMe();
  const [show, setShow] = useState<'all' | Event['kind']>('all');
  const [shown, setShown] = useState(pageOf.events);
  const { entries, more, earlier } = useEntries(r);
  const events = useEvents(r, entries).filter((e) => show === 'all' || e.kind === show);
  const goOn = () => {
    setShown((n) => n + pageOf.events);
    if (more && shown + pageOf.events > events.length)
      void (earlier.data ? earlier.fetchNextPage() : earlier.refetch());
  };
  return (
    <div className="card">
      <h2>
        {t('record.timeline')}
        <Segmented
          aria-label={t('record.timeline')}
          size="small"
          value={show}
          onChange={setShow}
          options={(['all', 'contact', 'move', 'step', 'change'] as const).map((k) => ({
            value: k,
            label: t(`record.show.${k}`),
          }))}
        />
      </h2>
      {events.slice(0, shown).map((e, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is rebuilt as a whole
        <div className="ev" key={i}>
          <time dateTime={e.at ?? e.on}>
            {e.on ? day(e.on, me.today) : t('record.undated')}
            {e.at && <small> {timeOf(e.at, me.timeZone)}</small>}
          </time>
          <div>
            <b className={e.bad ? 'warn' : ''}>{e.title}</b>
            {e.text && <p>{e.text}</p>}
            {e.on && dayOf(e.written, me.timeZone) > e.on && (
              <small className="ink3">{t('followUp.late', { on: instant(e.written, me.timeZone, me.today) })}</small>
            )}
          </div>
        </div>
      ))}
      {events.length === 0 && <div className="pad ink2">{t('record.noEvents')}</div>}
      {earlier.isError && <ProblemBox error={earlier.error} retry={earlier.refetch} />}
      {(more || shown < events.length) && (
        <div className="pad">
          <Button size="small" loading={earlier.isFetching} onClick={goOn}>
            {t('record.earlier')}
          </Button>
        </div>
      )}
    </div>
  );
}
