import { ApiError } from './client';

/** asRead names a record at the version it was read at: a write to it is refused where somebody was quicker. */
export const asRead = (r: { id: string; version: number }) => ({
  path: { id: r.id },
  header: { 'If-Match': `"${r.version}"` },
});

/** isStale tells that somebody else was quicker. */
export const isStale = (err: unknown) => err instanceof ApiError && err.problem.code === 'record.stale';
