import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe, useNames } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { instant } from '../../ui/format';
import { ProblemBox } from '../../ui/Problem';
import { type Line, linesOf, pathOf } from './lines';
import { gapOf, noticeKeys, noticesOf, readNotices, waitingOf } from './queries';
import './told.css';

/** Told is what one was told: what asks for something to be done, and below what is good to know. */
export function Told({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const query = useQueryClient();
  const asked = useInfiniteQuery(noticesOf);
  const gap = useQuery(gapOf).data;
  const list = asked.data?.pages.flatMap((p) => p.items) ?? [];
  const unread = list.filter((n) => n.readAt === null).length;
  const read = useWrite(readNotices, {
    told: true,
    stale: [noticeKeys.list],
    done: () => query.fetchQuery(waitingOf),
  });
  const groups = [
    { name: t('notice.toDo'), lines: linesOf(list.filter((n) => n.do)) },
    { name: t('notice.toKnow'), lines: linesOf(list.filter((n) => !n.do)) },
  ].filter((g) => g.lines.length > 0);
  const seen = (l: Line) => {
    if (l.unread) read.mutate({ seqs: l.all.map((n) => n.seq) });
  };
  return (
    <Drawer
      open
      title={t('notice.title')}
      onClose={onClose}
      extra={
        unread > 0 && (
          <Button loading={read.isPending} onClick={() => read.mutate({ upTo: list[0]?.seq })}>
            {t('notice.readAll')}
          </Button>
        )
      }
    >
      {gap && (
        <p className="ink2">
          {t('notice.gap', { seconds: t('common.seconds', { count: gap.seconds }), count: gap.missed })}
        </p>
      )}
      {asked.isPending && <Skeleton active />}
      {asked.isError && <ProblemBox error={asked.error} retry={asked.refetch} />}
      {asked.data && list.length === 0 && <p className="ink2">{t('notice.none')}</p>}
      {groups.map((g) => (
        <section key={g.name} aria-label={g.name}>
          <h3>{g.name}</h3>
          <ul className="told">
            {g.lines.map((l) => (
              <One key={l.key} line={l} onSeen={() => seen(l)} onGo={onClose} />
            ))}
          </ul>
        </section>
      ))}
      {asked.hasNextPage && (
        <Button block loading={asked.isFetchingNextPage} onClick={() => asked.fetchNextPage()}>
          {t('notice.earlier')}
        </Button>
      )}
    </Drawer>
  );
}

/** One is a line: who did what with which record, in which words, and when. */
function One({ line, onSeen, onGo }: { line: Line; onSeen: () => void; onGo: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const me = useMe();
  const n = line.newest;
  const who = n.actorId ? names.member(n.actorId) : t('notice.clock');
  const what = n.hidden ? t('notice.hidden', { who }) : t(`notice.kind.${n.kind}`, { who, count: n.count });
  const path = pathOf(n);
  const body = (
    <>
      <span className="when">{instant(n.at, me.timeZone, me.today)}</span>
      <b>{what}</b>
      {n.on.name && <span> · {n.on.name}</span>}
      {n.text && <span className="words clamp-2">{n.text}</span>}
      {line.all.length > 1 && <span className="words">{t('notice.times', { count: line.all.length })}</span>}
    </>
  );
  return (
    <li className={line.unread ? 'unread' : undefined}>
      {path ? (
        <Link
          className="line"
          to={path}
          onClick={() => {
            onSeen();
            onGo();
          }}
        >
          {body}
        </Link>
      ) : line.unread ? (
        <button type="button" className="line" onClick={onSeen}>
          {body}
        </button>
      ) : (
        <span className="line">{body}</span>
      )}
    </li>
  );
}
