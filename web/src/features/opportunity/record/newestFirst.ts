/** Happened is a day, "" where nobody knows it, and the instant it was written down. */
export type Happened = { on: string; written: string };

/**
 * newestFirst orders what happened by its day and, within a day, by when it was written down: what was dated back stands
 * where it happened. Of what was written at once the last given is first; what has no day comes last.
 */
export function newestFirst<T extends Happened>(events: T[]): T[] {
  const before = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return events
    .map((e, i) => ({ e, i }))
    .sort((a, b) => before(b.e.on, a.e.on) || before(b.e.written, a.e.written) || b.i - a.i)
    .map(({ e }) => e);
}
