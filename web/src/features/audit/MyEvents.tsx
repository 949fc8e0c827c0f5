import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Pager, usePages } from '../../ui/Pager';
import { ProblemBox } from '../../ui/Problem';
import { Act, When } from './Act';
import { myEventsOf } from './queries';

/** MyEvents is what became of one's own sign-in: a guess by a stranger is seen here first. */
export function MyEvents() {
  const { t } = useTranslation();
  const pages = usePages('mine');
  const list = useQuery(myEventsOf(pages.cursor));
  if (!list.data?.items.length) return list.error && <ProblemBox error={list.error} retry={list.refetch} />;
  return (
    <section className="card" aria-label={t('audit.mine')}>
      <h2>{t('audit.mine')}</h2>
      {list.data.items.map((i) => (
        <div className="ms session" key={i.id} data-testid="my-event" data-kind={i.kind}>
          <div>
            <Act of={i} />
            <small>
              <When of={i} /> {i.address && `· ${i.address}`}
            </small>
          </div>
        </div>
      ))}
      <Pager pages={pages} next={list.data.next} />
    </section>
  );
}
