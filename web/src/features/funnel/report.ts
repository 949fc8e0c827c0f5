import type { Schemas } from '../../api/client';

export type Report = Schemas['FunnelReport'];

/** Figure names what is opened: a measure, and what it is of. */
export type Figure = {
  measure: string;
  stage?: string;
  kind?: string;
  competitor?: string;
  /** A group's id. */
  key?: string;
  /** A step of the waterfall that began on this day. */
  step?: string;
  from?: string;
  title: string;
};
export type OpenFigure = (f: Figure) => void;

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
