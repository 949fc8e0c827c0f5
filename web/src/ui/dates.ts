import { addDays } from './format';

/** The days a record may have: what lies outside is a typing error, which the server refuses. */
export const firstDay = '1900-01-01';
export const lastDay = '2078-12-31';

const iso = (y: number, m: number, d: number): string | undefined => {
  const at = new Date(Date.UTC(y, m - 1, d));
  const real = at.getUTCFullYear() === y && at.getUTCMonth() === m - 1 && at.getUTCDate() === d;
  return real && y >= 1900 && y <= 2999 ? at.toISOString().slice(0, 10) : undefined;
};

/**
 * typedDay reads a day as people type it: 2026-11-28, 2026/11/28, 2026.11.28, 20261128, 2026年11月28日, and 11-28, 11.28
 * or 11月28日 of today's year. "" is no day; undefined is not a day, or none there is (2026-02-30).
 */
export function typedDay(text: string, today: string): string | undefined {
  const s = text.normalize('NFKC').trim();
  if (s === '') return '';
  const whole =
    /^(\d{4})(?:\s*[-/.年]\s*)(\d{1,2})(?:\s*[-/.月]\s*)(\d{1,2})日?$/.exec(s) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(s);
  if (whole) return iso(Number(whole[1]), Number(whole[2]), Number(whole[3]));
  const short = /^(\d{1,2})(?:\s*[-/.月]\s*)(\d{1,2})日?$/.exec(s);
  return short ? iso(Number(today.slice(0, 4)), Number(short[1]), Number(short[2])) : undefined;
}

/** weeksOf are the weeks, Monday first, in which a month lies; the month is that of the day given. */
export function weeksOf(day: string): string[][] {
  const first = `${day.slice(0, 8)}01`;
  const weekday = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
  const start = addDays(first, -weekday);
  const weeks = Array.from({ length: 6 }, (_, w) => Array.from({ length: 7 }, (_, d) => addDays(start, w * 7 + d)));
  return weeks.filter((week) => week.some((d) => d.slice(0, 7) === first.slice(0, 7)));
}

/** monthsLater is the same day of another month, or its last day where it has no such day. */
export function monthsLater(day: string, n: number): string {
  const [y, m, d] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(y, m - 1 + n + 1, 0));
  return `${last.toISOString().slice(0, 8)}${String(Math.min(d, last.getUTCDate())).padStart(2, '0')}`;
}

/** todayHere is the day on this device, for what has no business date of its own. */
export const todayHere = (): string => {
  const now = new Date();
  return iso(now.getFullYear(), now.getMonth() + 1, now.getDate()) as string;
};
