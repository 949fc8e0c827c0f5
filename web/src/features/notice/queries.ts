import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';

export type Notice = Schemas['NoticeNoticeBody'];

export const noticeKeys = { all: ['notice'] as const, list: ['notice', 'list'] as const };

/** waitingOf counts what is not read. An open line says it; without one it is asked for now and then. */
export const waitingOf = queryOptions({
  queryKey: ['notice', 'waiting'] as const,
  queryFn: () => must(api.GET('/api/notices/waiting')),
  staleTime: 0,
});

/** Gap is a break of the line: how long it was, and how much was told meanwhile. */
export type Gap = { seconds: number; missed: number };
export const gapOf = queryOptions<Gap | null>({
  queryKey: ['notice', 'gap'],
  queryFn: () => null, // the line says it
  enabled: false,
});

/** noticesOf are what one was told, a page at a time, the newest first. */
export const noticesOf = infiniteQueryOptions({
  queryKey: noticeKeys.list,
  initialPageParam: '',
  queryFn: ({ pageParam, signal }) =>
    must(
      api.GET('/api/notices', {
        params: { query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
        signal,
      }),
    ),
  getNextPageParam: (page) => page.next || undefined,
});

/** noticeOf is one thing one was told. */
export const noticeOf = (seq: number) =>
  queryOptions({
    queryKey: [...noticeKeys.all, 'one', seq],
    queryFn: ({ signal }) => must(api.GET('/api/notices/{seq}', { params: { path: { seq } }, signal })),
  });

export const readNotices = (body: { seqs?: number[]; upTo?: number }) => must(api.POST('/api/notices/read', { body }));
