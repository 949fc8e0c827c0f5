import { useSearchParams } from 'react-router';
import { address, queryOf } from './address';

// How a list is shown, not of what.
const kept = ['cols', 'sort', 'desc'];

/** useUrl keeps a page's question in the address, so that a link shows what its sender saw. */
export function useUrl() {
  const [params, setParams] = useSearchParams();
  const change = (edit: (p: URLSearchParams) => void) => {
    const p = address();
    edit(p);
    setParams(p, { replace: true });
  };
  return {
    params,
    query: queryOf(params),
    get: (k: string) => params.get(k) ?? undefined,
    /** set changes some keys; an empty value takes a key away. */
    set: (patch: Record<string, string | string[] | undefined>) =>
      change((p) => {
        for (const [k, v] of Object.entries(patch)) {
          p.delete(k);
          for (const one of Array.isArray(v) ? v : [v]) if (one) p.append(k, one);
        }
      }),
    /** custom is the filter on a company field, "" where there is none. */
    custom: (key: string) =>
      params
        .getAll('custom')
        .find((c) => c.startsWith(`${key}:`))
        ?.slice(key.length + 1) ?? '',
    setCustom: (key: string, value: string) =>
      change((p) => {
        const rest = p.getAll('custom').filter((c) => !c.startsWith(`${key}:`));
        p.delete('custom');
        for (const c of value ? [...rest, `${key}:${value}`] : rest) p.append('custom', c);
      }),
    /** filtered tells whether anything is asked for; order and columns are no filters. */
    filtered: [...params.keys()].some((k) => !kept.includes(k)),
    clear: () =>
      change((p) => {
        for (const k of new Set(p.keys())) if (!kept.includes(k)) p.delete(k);
      }),
    replace: (query: string) => setParams(new URLSearchParams(query), { replace: true }),
  };
}
