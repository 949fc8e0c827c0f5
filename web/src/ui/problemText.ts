import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client';
import { bytes } from './size';

// Apart from ProblemBox: the pages before sign-in do without the component library.

// Shares travel in basis points; people read per cent: capBp 8000 is also capPercent 80.
function percents(params: Record<string, unknown>): Record<string, unknown> {
  const out = { ...params };
  for (const [key, value] of Object.entries(params))
    if (key.endsWith('Bp') && typeof value === 'number') out[`${key.slice(0, -2)}Percent`] = value / 100;
  return out;
}

// Nobody is to blame for these: who runs the program finds them in its log by the request's number.
const unexpected = /^(internal|unavailable|storage\.|request\.too_slow|proxy\.(away|other))/;

/** requestOf is the number of a request that ended in an unexpected error, '' of any other. */
export function requestOf(err: unknown): string {
  return err instanceof ApiError && unexpected.test(err.problem.code) ? (err.problem.requestId ?? '') : '';
}

/** useProblemText words a problem for people, by its code; of an unexpected one with its number. */
export function useProblemText() {
  const { t } = useTranslation();
  const words = useWords();
  return (err: unknown): string => {
    const id = requestOf(err);
    return id ? t('common.aside', { name: words(err), value: t('problem.number', { id }) }) : words(err);
  };
}

/** useWords is useProblemText without the number. */
export function useWords() {
  const { t } = useTranslation();
  const wait = (seconds: number) =>
    seconds > 90 ? t('common.minutes', { count: Math.ceil(seconds / 60) }) : t('common.seconds', { count: seconds });
  return (err: unknown): string => {
    if (!(err instanceof ApiError)) return t('problem.internal');
    const p = err.problem;
    const params = percents({
      ...(p.params as Record<string, unknown>),
      ...(p.errors?.[0]?.params as Record<string, unknown>),
    });
    if (typeof params.maxMiB === 'number') params.maxSize = bytes(params.maxMiB * 2 ** 20);
    if (typeof params.seconds === 'number') params.wait = wait(params.seconds);
    if (p.code.startsWith('mapping.') && typeof params.field === 'string')
      params.field = t(`import.target.${params.field}`, { defaultValue: params.field });
    const field = p.errors?.[0]?.pointer?.replace(/^\//, '').replaceAll('/', ' › ');
    const text = t(`problem.${p.code}`, { ...params, defaultValue: t('problem.other', { code: p.code }) });
    if (!p.code.startsWith('input.') || !field) return text;
    // What has no name for readers is something of an address: its own is the program's.
    const name = t(`field.${field}`, { defaultValue: '' });
    return name ? t('common.named', { name, value: text }) : text;
  };
}
