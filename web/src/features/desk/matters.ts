import type { Schemas } from '../../api/client';

export type Desk = Schemas['DeskDeskBody'];
export type Deals = NonNullable<Desk['deals']>;
export type Standing = Deals['standing'];

/** many tells that exceptions were counted no further. */
export const many = (d: Desk | undefined) => (d?.allExceptions ?? 0) >= 1000;

/** matters are what the desk counts, with the question of the list that holds just those. */
export const matters = [
  ['open', 'state=open'],
  ['stalled', 'stalled=true'],
  ['overstayed', 'overstayed=true'],
  ['passed', 'passed=true'],
  ['noNextStep', 'noNextStep=true'],
  ['waiting', 'waiting=true'],
] as const;

/** listing is the address of the list of a question, the largest first. */
export const listing = (question: string, more = '') => `/opportunities?${question}${more}&sort=amount&desc=true`;
