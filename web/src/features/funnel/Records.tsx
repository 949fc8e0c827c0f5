import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Drawer, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNames } from '../../app/session';
import { Amount } from '../../ui/Amount';
import type { Query } from '../../ui/address';
import { Provisional } from '../../ui/bits';
import { ProblemBox } from '../../ui/Problem';
import { RecordLink } from '../../ui/RecordLink';
import { recordsOf } from './queries';
import type { Figure } from './report';

/** Records opens a figure: all the deals behind it, the newest first. */
export function Records({ q, figure, onClose }: { q: Query; figure: Figure; onClose: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const found = useInfiniteQuery(recordsOf(q, figure));
  const items = found.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Drawer open size="large" title={figure.title} onClose={onClose}>
      {found.isPending && <Skeleton active />}
      {found.isError && <ProblemBox error={found.error} retry={found.refetch} />}
      {found.data && (
        <p className="ink2">{t('funnel.records', { count: found.data.pages[0]?.total, shown: items.length })}</p>
      )}
      {items.map((o) => (
        <div className="kv ruled" key={o.id}>
          <span>
            <RecordLink kind="opportunity" id={o.id}>
              {o.name}
            </RecordLink>
            <br />
            <small className="ink2">
              {o.account && `${o.account} · `}
              {o.state === 'open' ? o.stage : t(`state.${o.state}`)} {o.closedOn || o.enteredOn} ·{' '}
              {names.member(o.ownerId)} <Provisional opp={o} />
            </small>
          </span>
          <b>
            <Amount minor={o.state === 'won' ? o.contractMinor : o.amountMinor} currency={o.currency} />
          </b>
        </div>
      ))}
      {found.hasNextPage && (
        <Button block loading={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
          {t('funnel.showMore')}
        </Button>
      )}
    </Drawer>
  );
}
