import type { Query } from '../../ui/address';

/** funnelQuestion is what the funnel asks at an address. */
export const funnelQuestion = (query: Query, pipeline: string | undefined) => ({
  ...query,
  pipeline,
  groupBy: (query.groupBy as string | undefined) ?? 'owner',
});
