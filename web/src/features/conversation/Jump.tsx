import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { type On, threadsOn } from './queries';

/** Jump leads from the top of a record on a phone to the line in which one writes, and says what is new there. */
export function Jump({ kind, id }: On) {
  const { t } = useTranslation();
  const unread = useInfiniteQuery(threadsOn({ kind, id })).data?.pages.reduce(
    (n, p) => n + p.items.reduce((m, x) => m + x.unread, 0),
    0,
  );
  const go = () => document.querySelector<HTMLElement>('[data-testid="conversation"] textarea')?.focus();
  return (
    <Button block className="mt-8 mb-16" onClick={go}>
      {t('talk.title')}
      {!!unread && <span className="chip b">{t('talk.unread', { count: unread })}</span>}
    </Button>
  );
}
