import { digitsOf } from '../api/currencies.gen';

const symbols: Record<string, string> = { CNY: '¥', USD: '$', EUR: '€', GBP: '£', JPY: 'JP¥' };

const digits = (currency: string) => digitsOf[currency] ?? 2;

const formats = new Map<string, Intl.NumberFormat>();

/** figure writes a number with some places. Making a format takes longer than a hundred uses of it. */
function figure(n: number, locale: string, most: number, least = 0): string {
  const key = `${locale} ${least} ${most}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: least, maximumFractionDigits: most });
    formats.set(key, format);
  }
  return format.format(n);
}

/** money shows an amount in short: 万 and 亿 in Chinese, K and M in English. Null is "—". */
export function money(minor: number | null | undefined, currency: string, locale: string): string {
  if (minor === null || minor === undefined) return '—';
  const sign = minor < 0 ? '−' : '';
  const v = Math.abs(minor) / 10 ** digits(currency);
  const s = symbols[currency] ?? `${currency} `;
  const cut = (n: number) => figure(n, locale, n >= 100 ? 1 : 2);
  if (locale === 'zh-CN') {
    if (v >= 1e8) return `${sign}${s}${cut(v / 1e8)}亿`;
    if (v >= 1e4) return `${sign}${s}${cut(v / 1e4)}万`;
  } else {
    if (v >= 1e6) return `${sign}${s}${cut(v / 1e6)}M`;
    if (v >= 1e4) return `${sign}${s}${cut(v / 1e3)}K`;
  }
  return `${sign}${s}${figure(v, locale, 2)}`;
}

const currencyNames = new Map<string, string>();

/** currencyName is what a currency is called in a heading: 人民币, CNY. */
export function currencyName(code: string, locale: string): string {
  if (locale !== 'zh-CN') return code;
  const name = currencyNames.get(code) ?? new Intl.DisplayNames(locale, { type: 'currency' }).of(code) ?? code;
  currencyNames.set(code, name);
  return name;
}

/** exact shows every minor unit, for the hover. */
export function exact(minor: number | null | undefined, currency: string, locale: string): string {
  if (minor === null || minor === undefined) return '';
  const d = digits(currency);
  return `${currency} ${figure(minor / 10 ** d, locale, d, d)}`;
}

/** toMinor reads what a person typed into an amount field; null where it is empty. */
export function toMinor(value: number | null | undefined, currency: string): number | undefined {
  return value === null || value === undefined ? undefined : Math.round(value * 10 ** digits(currency));
}

/** toMajor is toMinor the other way: what an amount field begins with. */
export function toMajor(minor: number | null, currency: string): number | null {
  return minor === null ? null : minor / 10 ** digits(currency);
}

/** percent shows basis points, always with as many places, so that columns line up; null is "—". */
export function percent(bp: number | null | undefined, places = 1): string {
  return bp === null || bp === undefined ? '—' : `${(bp / 100).toFixed(places)}%`;
}

/** day shows 11-28, with the year where it is not the year of today. */
export function day(d: string | undefined, today?: string): string {
  if (!d) return '—';
  return today && d.slice(0, 4) === today.slice(0, 4) ? d.slice(5) : d;
}

/** addDays is so many days after a day. */
export function addDays(day: string, n: number): string {
  const d = new Date(`${day}T00:00:00Z`);
  d.setUTCDate(d.getUTCDate() + n);
  return d.toISOString().slice(0, 10);
}

/** num shows a number or "—". */
export function num(n: number | null | undefined, places = 1): string {
  return n === null || n === undefined ? '—' : figure(n, 'en-US', places);
}

/** local is the day and the time of an instant in a time zone. */
function local(utc: string, timeZone: string): [string, string] {
  const part = Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(new Date(utc))
      .map((p) => [p.type, p.value]),
  );
  return [`${part.year}-${part.month}-${part.day}`, `${part.hour}:${part.minute}`];
}

/** dayOf is the business day of an instant: 2026-11-22. */
export const dayOf = (utc: string, timeZone: string) => local(utc, timeZone)[0];

/** timeOf is the time of day of an instant: 06:10. */
export const timeOf = (utc: string, timeZone: string) => local(utc, timeZone)[1];

/** instant shows when something was written, in the company's time zone: 11-22 06:10. */
export function instant(utc: string, timeZone: string, today?: string): string {
  const [on, at] = local(utc, timeZone);
  return `${day(on, today)} ${at}`;
}

/** span shows from when until when, and nothing of it twice: 11-22 06:10 – 06:12. */
export function span(from: string, until: string, timeZone: string, today?: string): string {
  const first = instant(from, timeZone, today);
  const last = instant(until, timeZone, today);
  if (first === last) return first;
  return `${first} – ${dayOf(from, timeZone) === dayOf(until, timeZone) ? local(until, timeZone)[1] : last}`;
}

/** device names a browser and its system as a person would: "Chrome · Windows". */
export function device(agent: string): string {
  const find = (names: [string, RegExp][]) => names.find(([, re]) => re.test(agent))?.[0];
  const browser = find([
    ['微信', /MicroMessenger/],
    ['Edge', /Edg\//],
    ['Chrome', /Chrome\//],
    ['Firefox', /Firefox\//],
    ['Safari', /Safari\//],
  ]);
  const system = find([
    ['iPhone', /iPhone/],
    ['iPad', /iPad/],
    ['Android', /Android/],
    ['HarmonyOS', /HarmonyOS/],
    ['Windows', /Windows/],
    ['macOS', /Mac OS X/],
    ['Linux', /Linux/],
  ]);
  return browser || system ? [browser, system].filter(Boolean).join(' · ') : agent || '—';
}
