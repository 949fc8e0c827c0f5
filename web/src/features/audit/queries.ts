import { queryOptions } from '@tanstack/react-query';
import { api, must, tagged } from '../../api/client';

/** actsOf is a page of what people did, the newest first. */
export const actsOf = (q: Record<string, string>, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['audit', q, cursor],
    queryFn: () => must(api.GET('/api/audit', { params: { query: { ...q, cursor } as never } })),
    placeholderData: (old) => old,
  });

/** myEventsOf is a page of what became of one's own sign-in. */
export const myEventsOf = (cursor: string | undefined) =>
  queryOptions({
    queryKey: ['sessions', 'events', cursor],
    queryFn: () =>
      must(api.GET('/api/sessions/events', { params: { query: { limit: 10, ...(cursor ? { cursor } : {}) } } })),
    placeholderData: (old) => old,
  });

export const auditPolicy = queryOptions({
  queryKey: ['audit-policy'],
  queryFn: () => tagged(api.GET('/api/settings/audit')),
});
