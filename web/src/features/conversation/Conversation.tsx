import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Missing, ProblemBox } from '../../ui/Problem';
import { Composer } from './Composer';
import './conversation.css';
import { Message } from './Message';
import { messagesOf, type On, type Thread, threadsOn } from './queries';
import { useRead } from './useRead';

/** Conversation is what the house says about a record: one line to write in, and the threads, the last spoken in first. */
export function Conversation({ kind, id }: On) {
  const { t } = useTranslation();
  const on = { kind, id };
  const pages = useInfiniteQuery(threadsOn(on));
  const threads = pages.data?.pages.flatMap((p) => p.items);
  const unread = (threads ?? []).reduce((n, x) => n + x.unread, 0);
  return (
    <section className="card" aria-label={t('talk.title')} data-testid="conversation">
      <h2>
        {t('talk.title')}
        {unread > 0 && <span className="chip b">{t('talk.unread', { count: unread })}</span>}
      </h2>
      <Composer key={id} on={on} />
      {!threads && <Missing of={pages} />}
      {threads?.map((x) => (
        <One key={x.id} of={x} on={on} />
      ))}
      {threads?.length === 0 && <div className="pad ink2">{t('talk.none')}</div>}
      {threads && pages.isError && <ProblemBox error={pages.error} retry={pages.refetch} />}
      {pages.hasNextPage && (
        <div className="pad">
          <Button size="small" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
            {t('talk.earlierThreads')}
          </Button>
        </div>
      )}
    </section>
  );
}

/** One is a thread: its last messages, all of them when asked, and the line to answer in. */
function One({ of, on }: { of: Thread; on: On }) {
  const { t } = useTranslation();
  const [whole, setWhole] = useState(false);
  const [answering, setAnswering] = useState(false);
  const all = useInfiniteQuery({ ...messagesOf(of.id), enabled: whole });
  const shown = whole && all.data ? all.data.pages.flatMap((p) => p.items).reverse() : of.last;
  const before = of.messages - shown.length;
  const card = useRead(of);
  const note = of.kind === 'note';
  const more = () => (whole && all.data ? all.fetchNextPage() : setWhole(true));
  return (
    <article ref={card} className="talk" aria-label={t(`talk.kind.${note ? 'note' : 'discussion'}`)}>
      {(note || of.unread > 0) && (
        <div>
          {note && <span className="chip">{t('talk.onlyYou')}</span>}{' '}
          {of.unread > 0 && (
            <span className="chip b">{t(of.mentioned ? 'talk.saidToYou' : 'talk.unread', { count: of.unread })}</span>
          )}
        </div>
      )}
      {before > 0 && (
        <Button size="small" type="text" loading={whole && all.isFetching} onClick={more}>
          {t('talk.before', { count: before })}
        </Button>
      )}
      {whole && all.isError && <ProblemBox error={all.error} retry={all.refetch} />}
      <ol>
        {shown.map((m) => (
          <Message key={m.id} m={m} on={on} plain={note} />
        ))}
      </ol>
      {answering ? (
        <Composer on={on} thread={of.id} note={note} />
      ) : (
        <Button size="small" type="text" onClick={() => setAnswering(true)}>
          {t(note ? 'talk.goOn' : 'talk.answer')}
        </Button>
      )}
    </article>
  );
}
