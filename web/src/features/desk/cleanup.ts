import { queryOptions } from '@tanstack/react-query';
import { api, must } from '../../api/client';
import type { Query } from '../../ui/address';
import { opportunityKeys } from '../opportunity/queries';

/** Cleaning is a list of deals that is cleared in place: what it is called, and its filter. */
export type Cleaning = { title: string; filter: Query };

/** cleanupOf is what of the open deals in sight wants cleaning up; while limits are being computed it asks again. */
export const cleanupOf = queryOptions({
  queryKey: [...opportunityKeys.all, 'cleanup'],
  queryFn: ({ signal }) => must(api.GET('/api/cleanup', { signal })),
  refetchInterval: ({ state }) => (state.data?.longStalled === null ? 2000 : false),
});
