import { infiniteQueryOptions, queryOptions, useQuery } from '@tanstack/react-query';
import { api, must } from '../../api/client';
import type { Query } from '../../ui/address';
import type { funnelQuestion } from './questions';
import type { Figure } from './report';

/** reportOf is the report of the funnel; what was there before stays until the next is. */
export const reportOf = (q: Query) =>
  queryOptions({
    queryKey: ['funnel', q],
    queryFn: ({ signal }) => must(api.GET('/api/reports/funnel', { params: { query: q as never }, signal })),
    placeholderData: (old) => old,
  });

export const useFunnel = (q: ReturnType<typeof funnelQuestion>) => useQuery({ ...reportOf(q), enabled: !!q.pipeline });

export const waterfallOf = (q: Query) =>
  queryOptions({
    queryKey: ['funnel', 'waterfall', q],
    queryFn: ({ signal }) => must(api.GET('/api/reports/waterfall', { params: { query: q as never }, signal })),
    placeholderData: (old) => old,
  });

/** progressOf is how far the data behind the reports is read, asked again and again. */
export const progressOf = queryOptions({
  queryKey: ['reports', 'progress'],
  queryFn: () => must(api.GET('/api/reports/progress')),
  refetchInterval: 700,
  gcTime: 0,
});

/** recordsOf are the deals behind a figure, a page at a time. */
export const recordsOf = (q: Query, figure: Figure) =>
  infiniteQueryOptions({
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
