import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { under } from '../../api/base';
import { happenings } from '../../api/enums.gen';
import { useMe, useNames } from '../../app/session';
import { day, dayOf, instant, timeOf } from '../../ui/format';
import { Missing, ProblemBox } from '../../ui/Problem';
import { type Linked, RecordLink } from '../../ui/RecordLink';
import { Written } from '../../ui/Written';
import { Conversation } from '../conversation/later';
import { type Item, type Of, type Only, timelineOf } from './queries';
import { useSaid } from './useSaid';

const sorts: Only[] = ['all', ...happenings];

/** Timeline is what happened with a record, the last first, by the day it happened; the server keeps the order. */
export function Timeline({ of, id, currency }: { of: Of; id: string; currency?: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const [only, setOnly] = useState<Only>('all');
  const pages = useInfiniteQuery(timelineOf(of, id, only));
  const items = pages.data?.pages.flatMap((p) => p.items);
  return (
    <section className="card" aria-label={t('record.timeline')}>
      <h2>
        {t('record.timeline')}
        <Segmented
          aria-label={t('record.timeline')}
          size="small"
          value={only}
          onChange={setOnly}
          options={sorts.map((k) => ({ value: k, label: t(`record.show.${k}`) }))}
        />
      </h2>
      {!items && <Missing of={pages} />}
      {items?.map((i) => (
        <Event key={i.id} of={of} i={i} currency={currency ?? me.currency} />
      ))}
      {items?.length === 0 && <div className="pad ink2">{t('record.noEvents')}</div>}
      {items && pages.isError && <ProblemBox error={pages.error} retry={pages.fetchNextPage} />}
      {pages.hasNextPage && (
        <div className="pad">
          <Button size="small" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
            {t('record.earlier')}
          </Button>
        </div>
      )}
    </section>
  );
}

function Event({ of, i, currency }: { of: Of; i: Item; currency: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const said = useSaid(currency)(i);
  if (!said) return null;
  // A time of another day is when it was written down, which is said below.
  const at = i.at && dayOf(i.at, me.timeZone) === i.on ? i.at : undefined;
  return (
    <div className="ev">
      <time dateTime={at ?? i.on}>
        {i.on ? day(i.on, me.today) : t('record.undated')}
        {at && <small> {timeOf(at, me.timeZone)}</small>}
      </time>
      <div>
        <b className={said.bad ? 'warn' : ''}>{said.title}</b> <Whose of={of} i={i} />
        {said.text.map((text) => (
          <p key={text}>
            <Written>{text}</Written>
          </p>
        ))}
        <Attached i={i} />
        {i.kind === 'follow_up.logged' && <Discussed i={i} />}
        {said.by && <small className="ink3"> {names.member(said.by)}</small>}
        {i.on && dayOf(i.written, me.timeZone) > i.on && (
          <small className="ink3"> {t('followUp.late', { on: instant(i.written, me.timeZone, me.today) })}</small>
        )}
      </div>
    </div>
  );
}

/** Discussed opens what the house says about a follow-up, which has no page of its own. */
function Discussed({ i }: { i: Item }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const label = open ? t('talk.fold') : i.talked > 0 ? t('talk.about', { count: i.talked }) : t('talk.begin');
  return (
    <>
      <Button size="small" type="text" aria-expanded={open} onClick={() => setOpen(!open)}>
        {label}
      </Button>
      {open && <Conversation kind="follow_up" id={i.subjectId} />}
    </>
  );
}

/** Attached opens a file, or says that it was erased. */
function Attached({ i }: { i: Item }) {
  const { t } = useTranslation();
  if (i.gone)
    return (
      <p className="ink3">
        <span>{t('timeline.fileGone')}</span>
      </p>
    );
  if (!i.fileId) return null;
  return (
    <p>
      <a className="break" href={under(`/api/files/${i.fileId}`)}>
        {i.file}
      </a>
    </p>
  );
}

/** Whose says which deal it lies with, or which record it belonged to before a merge. */
function Whose({ of, i }: { of: Of; i: Item }) {
  const { t } = useTranslation();
  if (!i.whose) return null;
  if (i.whoseKind === of) return <span className="ink2">{t('timeline.former', { name: i.whose })}</span>;
  return (
    <RecordLink kind={i.whoseKind as Linked} id={i.whoseId}>
      {i.whose}
    </RecordLink>
  );
}
