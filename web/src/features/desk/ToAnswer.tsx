import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { waitingOf } from '../../app/queries';
import { useNames } from '../../app/session';
import { LinkButton } from '../../ui/LinkButton';
import { Written } from '../../ui/Written';
import { notesIn } from '../guidance/queries';
import { Item } from './Item';

/** SHOWN are as many as leave room for the day itself; the page of guidance has them all. */
const SHOWN = 3;

/** ToAnswer is what others wait for the reader to answer, what is due first in front. */
export function ToAnswer() {
  const { t } = useTranslation();
  const names = useNames();
  const count = useQuery(waitingOf).data?.toAnswer ?? 0;
  const notes = useInfiniteQuery({ ...notesIn('toAnswer'), enabled: count > 0 }).data?.pages[0]?.items ?? [];
  if (count === 0 || notes.length === 0) return null;
  return (
    <section className="card" aria-label={t('desk.toAnswer')}>
      <h2>
        {t('desk.toAnswer')} <span>{count}</span>
      </h2>
      {notes.slice(0, SHOWN).map((n) => (
        <Item
          key={n.id}
          kind={n.lamp === 'late' ? '' : 'w'}
          title={n.on.name || t('desk.note.unseen')}
          em={names.member(n.askerId)}
          actions={
            <LinkButton to="/guidance" type="primary">
              {t('desk.note.answer')}
            </LinkButton>
          }
        >
          <Written quoted>{n.text}</Written>
        </Item>
      ))}
    </section>
  );
}
