import type { Schemas } from '../../api/client';

export type Report = Schemas['FunnelReport'];

/** Figure names what is opened: a measure, and what it is of. */
export type Figure = {
  measure: string;
  stage?: string;
  kind?: string;
  competitor?: string;
  /** The words a deal was lost for. */
  reason?: string;
  /** A group's id. */
  key?: string;
  /** A step of the waterfall that began on from. */
  step?: string;
  /** Its own window and day, where they are not the page's. */
  from?: string;
  to?: string;
  asOf?: string;
  /** Of a cohort, and of a month of expected close. */
  target?: string;
  month?: string;
  months?: number;
  /** The place in a histogram. */
  bin?: number;
  title: string;
};
export type OpenFigure = (f: Figure) => void;

/** windowOf is the window and the day of another report than the page's, for a figure of its own. */
export const windowOf = (r: Pick<Report, 'from' | 'to' | 'asOf'>) => ({ from: r.from, to: r.to, asOf: r.asOf });

export const groupings = [
  'owner',
  'team',
  'product',
  'region',
  'account-industry',
  'account-class',
  'source',
  'month',
] as const;

/** nothingIn tells that a report is of no deal: none begun in its window, and none closed. */
export const nothingIn = (r: Report) => r.population.created === 0 && r.closedWinRate.won + r.closedWinRate.lost === 0;

/** littleIn tells that a window shows little of what there is: nothing, or as many deals have no day to lie in it. */
export function littleIn(r: Report) {
  const first = r.stages[0];
  return (
    nothingIn(r) ||
    r.leftOut.undated >= r.population.created ||
    (first?.cohort?.undated ?? 0) >= Math.max(1, first?.reached ?? 0)
  );
}

/** stated is the sum by confidence, or null where nobody stated any. */
export const stated = (w: { confidenceMinor: number; noConfidence: number }, count: number) =>
  count > w.noConfidence ? w.confidenceMinor : null;
