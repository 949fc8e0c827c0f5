import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';
import type { happenings, recordKinds } from '../../api/enums.gen';

export type Item = Schemas['TimelineItemBody'];
export type Of = (typeof recordKinds)[number];
export type Only = 'all' | (typeof happenings)[number];

/** What changes one of these makes its timeline stale. */
const keys = { opportunity: 'opportunity', account: 'accounts', contact: 'contacts' } as const;

/** timelineOf is what happened with a record, a page at a time, the last first. */
export const timelineOf = (of: Of, id: string, only: Only) =>
  infiniteQueryOptions({
    queryKey: [keys[of], 'timeline', id, only] as const,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 30, ...(only === 'all' ? {} : { only }), ...(pageParam ? { cursor: pageParam } : {}) };
      const params = { path: { id }, query };
      if (of === 'opportunity') return must(api.GET('/api/opportunities/{id}/timeline', { params, signal }));
      if (of === 'account') return must(api.GET('/api/accounts/{id}/timeline', { params, signal }));
      return must(api.GET('/api/contacts/{id}/timeline', { params, signal }));
    },
    getNextPageParam: (page) => page.next || undefined,
  });
