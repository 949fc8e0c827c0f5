import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Missing } from '../../ui/Problem';
import { Composer } from '../conversation/Composer';
import '../conversation/conversation.css';
import { Message } from '../conversation/Message';
import { messagesOf } from '../conversation/queries';
import type { Note, On } from './queries';

/** Talk is all that was said in a note, with the line to say more in. */
export function Talk({ note }: { note: Note }) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(messagesOf(note.id));
  const on = note.on as On;
  const said = pages.data?.pages.flatMap((p) => p.items).reverse();
  return (
    <div className="note-talk">
      {!said && <Missing of={pages} />}
      {pages.hasNextPage && (
        <Button size="small" type="text" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
          {t('guidance.earlierSaid')}
        </Button>
      )}
      <ol>
        {said?.map((m) => (
          <Message key={m.id} m={m} on={on} plain={false} />
        ))}
      </ol>
      <Composer on={on} thread={note.id} />
    </div>
  );
}
