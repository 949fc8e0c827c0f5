import type { Query } from '../../ui/address';

/** funnelQuestion is what the funnel asks at an address; where it names no period, of the last year; all of time by name. */
export function funnelQuestion({ period, ...query }: Query, pipeline: string | undefined, today: string) {
  const unsaid = !period && !query.from && !query.to;
  return {
    ...query,
    ...(unsaid ? { from: span('last12', (query.asOf as string | undefined) ?? today).from } : {}),
    pipeline,
    groupBy: (query.groupBy as string | undefined) ?? 'owner',
  };
}

/** span is a period by its name, around a day; its end is the day after the last. */
export function span(kind: string, today: string): Record<string, string | undefined> {
  const [y, m] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  const d = (yy: number, mm: number) =>
    `${yy + Math.floor((mm - 1) / 12)}-${String(((((mm - 1) % 12) + 12) % 12) + 1).padStart(2, '0')}-01`;
  const q = Math.floor((m - 1) / 3) * 3 + 1;
  if (kind === 'month') return { from: d(y, m), to: d(y, m + 1), period: undefined };
  if (kind === 'quarter') return { from: d(y, q), to: d(y, q + 3), period: undefined };
  if (kind === 'year') return { from: d(y, 1), to: d(y + 1, 1), period: undefined };
  if (kind === 'last12') return { from: d(y - 1, m), to: undefined, period: undefined };
  return { from: undefined, to: undefined, period: 'all' };
}
