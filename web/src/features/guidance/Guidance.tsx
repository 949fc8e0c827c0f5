import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { usePhone } from '../../ui/bits';
import { Missing, ProblemBox } from '../../ui/Problem';
import './guidance.css';
import { AskDialog } from './AskDialog';
import { Behind } from './Behind';
import { Looks } from './Looks';
import { NoteCard } from './Note';
import { notesOn, type On } from './queries';
import { Ways } from './Ways';

export { AskDialog, Behind, Ways };

/** Guidance is what was asked, advised and answered on a record, the newest first; ways: to begin, on a phone too. */
export function Guidance({ kind, id, ownerId, ways }: On & { ownerId?: string; ways?: boolean }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const pages = useInfiniteQuery(notesOn({ kind, id }));
  const notes = pages.data?.pages.flatMap((p) => p.items);
  return (
    <section className="card" aria-label={t('guidance.title')} data-testid="guidance">
      <h2>
        {t('guidance.title')}
        {(ways || !phone) && <Ways kind={kind} id={id} ownerId={ownerId} />}
      </h2>
      {kind === 'opportunity' && <Looks id={id} />}
      {!notes && <Missing of={pages} />}
      {notes?.map((n, i) => (
        <NoteCard key={n.id} note={n} whole={i === 0} />
      ))}
      {notes?.length === 0 && <div className="pad ink2">{t('guidance.none')}</div>}
      {notes && pages.isError && <ProblemBox error={pages.error} retry={pages.refetch} />}
      {pages.hasNextPage && (
        <div className="pad">
          <Button size="small" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
            {t('guidance.earlier')}
          </Button>
        </div>
      )}
    </section>
  );
}
