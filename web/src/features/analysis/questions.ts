import type { Query } from '../../ui/address';

export const tabs = ['conversion', 'dwell', 'winloss', 'compare', 'trend', 'cohorts', 'forecast'] as const;
export type Tab = (typeof tabs)[number];

/** Tabs whose window is their own: the choice of a period does not apply. */
export const ownWindow = new Set<Tab>(['trend', 'forecast']);
export const compared = new Set<Tab>(['conversion', 'dwell', 'compare']);

/**
 * questionsOf are what the analysis asks at an address: ask is the report's, own that of a view with a window of its
 * own, cohorts the triangle's. What only one view knows goes to no other question: it would be refused.
 */
export function questionsOf(query: Query, pipeline: string | undefined) {
  const tab: Tab = tabs.find((x) => x === query.tab) ?? 'conversion';
  const groupBy = (query.groupBy as string | undefined) ?? 'owner';
  const { tab: _tab, step: _step, period: _period, compare, ofStage, target, ...filters } = query;
  const q = { ...filters, pipeline };
  const ask = {
    ...q,
    ...(tab === 'compare' ? { groupBy } : { groupBy: undefined }),
    ...(compared.has(tab) && query.from ? { compare } : {}),
  };
  // The question of the view itself: the trend and the forecast have windows of their own.
  const own = { ...q, from: undefined, to: undefined };
  return { tab, groupBy, ask, own, cohorts: { ...q, ofStage, target } };
}

/** stepOf is a trend's step at an address, and trendQuestion what it asks. */
export const stepOf = (query: Query) => (query.step as string | undefined) ?? 'month';
export const trendQuestion = (own: Query, step: string) => ({ ...own, step, periods: step === 'month' ? '18' : '12' });
