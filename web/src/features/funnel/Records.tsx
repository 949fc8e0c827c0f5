import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Drawer, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { useNames } from '../../app/session';
import type { Query } from '../../ui/address';
import { Money, Provisional } from '../../ui/bits';
import { ProblemBox } from '../../ui/Problem';
import { RecordLink } from '../../ui/RecordLink';
import type { Figure } from './report';

/** Records opens a figure: all the deals behind it, the newest first. */
export function Records({ q, figure, onClose }: { q: Query; figure: Figure; onClose: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const found = useInfiniteQuery({
    queryKey: ['funnel', 'records', q, figure],
    initialPageParam: 0,
    queryFn: ({ pageParam }) =>
      figure.step
        ? must(
            api.GET('/api/reports/waterfall/records', {
              params: { query: { ...q, from: figure.from, step: figure.step, offset: pageParam } as never },
            }),
          )
        : must(
            api.GET('/api/reports/funnel/records', {
              params: {
                query: {
                  ...q,
                  measure: figure.measure,
                  ofStage: figure.stage,
                  kind: figure.kind,
                  competitor: figure.competitor,
                  reason: figure.reason,
                  target: figure.target,
                  month: figure.month,
                  months: figure.months,
                  bin: figure.bin,
                  ...(figure.from !== undefined ? { from: figure.from, to: figure.to, asOf: figure.asOf } : {}),
                  offset: pageParam,
                  ...(figure.key !== undefined ? { hasKey: true, key: figure.key } : {}),
                } as never,
              },
            }),
          ),
    getNextPageParam: (last, all) => {
      const seen = all.reduce((n, p) => n + p.items.length, 0);
      return last.items.length > 0 && seen < last.total ? seen : undefined;
    },
  });
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
            <Money minor={o.state === 'won' ? o.contractMinor : o.amountMinor} currency={o.currency} />
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
