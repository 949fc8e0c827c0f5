// What a device keeps between visits; theme.ts has the colours.

import type { locales } from '../api/enums.gen';

export type Locale = (typeof locales)[number];

const LOCALE = 'yunchou.locale';

/** firstLocale is the language a device begins in: the one chosen on it, else its own. */
export function firstLocale(): Locale {
  const chosen = localStorage.getItem(LOCALE);
  if (chosen === 'zh-CN' || chosen === 'en-US') return chosen;
  return navigator.language.startsWith('zh') ? 'zh-CN' : 'en-US';
}

export const keepLocale = (l: Locale) => localStorage.setItem(LOCALE, l);
export const localeChosen = () => localStorage.getItem(LOCALE) !== null;

/** RETURNING is kept in the browser while somebody is signed in: whoever was probably still is. */
export const RETURNING = 'yunchou.returning';
export const returning = () => localStorage.getItem(RETURNING) !== null;

/** keepReturning keeps with it which pages are closed to whoever is signed in: nothing is asked ahead for those. */
export const keepReturning = (closed: readonly string[]) => localStorage.setItem(RETURNING, JSON.stringify(closed));

/** closedTo tells a page that was closed to whoever was signed in here last. */
export const closedTo = (page: string) => (localStorage.getItem(RETURNING) ?? '').includes(`"${page}"`);
