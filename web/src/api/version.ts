import { ApiError } from './client';

/** asRead names a record at the version it was read at: a write to it is refused where somebody was quicker. */
export const asRead = (r: { id: string; version: number }) => ({
  path: { id: r.id },
  header: { 'If-Match': `"${r.version}"` },
});

const isOneOf = (err: unknown, ...codes: string[]) => err instanceof ApiError && codes.includes(err.problem.code);

/** isStale tells that somebody else was quicker. */
export const isStale = (err: unknown) => isOneOf(err, 'record.stale');

/** isOld tells that what the page shows is not so any more: somebody was quicker, or something happened. */
export const isOld = (err: unknown) =>
  isStale(err) || isOneOf(err, 'desk.facts_changed', 'desk.line_gone', 'desk.decided_already');
