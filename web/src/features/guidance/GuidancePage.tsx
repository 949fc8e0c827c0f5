import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { guidanceBoxes } from '../../api/enums.gen';
import { waitingOf } from '../../app/queries';
import { useMe } from '../../app/session';
import { Empty } from '../../ui/bits';
import { Missing, ProblemBox } from '../../ui/Problem';
import { useUrl } from '../../ui/useUrl';
import './guidance.css';
import { useWorkHours } from '../../ui/useWorkHours';
import { NoteCard } from './Note';
import { Pieces } from './Pieces';
import { type Box, notesIn, reviewsOf } from './queries';
import { Review } from './Review';
import { Table } from './Table';

const ofLeaders = ['review', 'table'] as const;
type Tab = Box | (typeof ofLeaders)[number];
const isOfLeaders = (tab: Tab): tab is (typeof ofLeaders)[number] => ofLeaders.some((x) => x === tab);

/** GuidancePage is what waits for its reader, what is due first above; and what he waits for himself. */
export default function GuidancePage() {
  const { t } = useTranslation();
  const me = useMe();
  const { get, replace } = useUrl();
  const asked = get('tab');
  const tab = [...guidanceBoxes, ...ofLeaders].find((x) => x === asked) ?? 'toAnswer';
  const [pieces, setPieces] = useState(false);
  const waiting = useQuery(waitingOf).data;
  const counts: Partial<Record<Box, number>> = {
    toAnswer: waiting?.toAnswer,
    returned: waiting?.returned,
    outcome: waiting?.outcomes,
    check: waiting?.checks,
  };
  const boxes = guidanceBoxes.filter((b) => b !== 'check' || b === tab || !!counts[b]);
  const offered: Tab[] = me.leads.length > 0 || isOfLeaders(tab) ? [...boxes, ...ofLeaders] : boxes;
  return (
    <>
      <div className="top">
        <h1>{t(tab === 'toAnswer' ? 'guidance.page' : 'guidance.title')}</h1>
        <span className="sp" />
        <Button onClick={() => setPieces(true)}>{t('guidance.pieces')}</Button>
      </div>
      {tab === 'review' ? <ToLook /> : tab !== 'table' && waiting && <Sum waiting={waiting} />}
      <div className="filters boxes">
        <Segmented<Tab>
          aria-label={t('guidance.title')}
          value={tab}
          onChange={(to) => replace(`tab=${to}`)}
          options={offered.map((b) => ({
            value: b,
            label:
              !isOfLeaders(b) && counts[b]
                ? t('guidance.boxOf', { name: t(`guidance.box.${b}`), n: counts[b] })
                : t(`guidance.box.${b}`),
          }))}
        />
      </div>
      {tab === 'review' ? <Review /> : tab === 'table' ? <Table /> : <List key={tab} box={tab} />}
      {pieces && <Pieces onClose={() => setPieces(false)} />}
    </>
  );
}

/** Sum says in a line how much waits, and what of it has waited too long. */
function Sum({ waiting: w }: { waiting: Schemas['GuidanceWaitingBody'] }) {
  const { t } = useTranslation();
  const hours = useWorkHours();
  return (
    <div className="sub">
      {w.toAnswer === 0
        ? t('guidance.nothingWaits')
        : t(w.oldestMinutes < 6 ? 'guidance.waitsNew' : 'guidance.waits', {
            count: w.toAnswer,
            oldest: hours(w.oldestMinutes),
          })}
      {w.late > 0 && <span className="bad"> {t('guidance.lateOf', { count: w.late })}</span>}
    </div>
  );
}

/** ToLook says how many opportunities are to be looked at, and what of them was to be looked at before. */
function ToLook() {
  const { t } = useTranslation();
  const list = useQuery(reviewsOf).data;
  if (!list) return null;
  const late = list.items.filter((x) => x.late).length;
  return (
    <div className="sub">
      {list.count === 0 ? t('guidance.review.none') : t('guidance.review.waits', { count: list.count })}
      {late > 0 && <span className="bad"> {t('guidance.review.lateOf', { count: late })}</span>}
    </div>
  );
}

function List({ box }: { box: Box }) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(notesIn(box));
  const notes = pages.data?.pages.flatMap((p) => p.items);
  return (
    <div className="card notes">
      {!notes && <Missing of={pages} className="pad" />}
      {notes?.map((n) => (
        <NoteCard key={n.id} note={n} record />
      ))}
      {notes?.length === 0 && <Empty title={t(`guidance.empty.${box}`)}>{t('guidance.emptyHint')}</Empty>}
      {notes && pages.isError && <ProblemBox error={pages.error} retry={pages.refetch} />}
      {pages.hasNextPage && (
        <div className="pad">
          <Button loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
            {t('guidance.further')}
          </Button>
        </div>
      )}
    </div>
  );
}
