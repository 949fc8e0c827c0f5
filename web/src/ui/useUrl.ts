import { useSearchParams } from 'react-router';

/** Query is an address as the API takes it; what may repeat is a list. */
export type Query = Record<string, string | string[] | boolean | undefined>;

const repeated = new Set(['custom', 'state']);

/** queryOf reads an address; cols is the table's own business. */
export function queryOf(params: URLSearchParams): Query {
  const out: Query = {};
  for (const k of new Set(params.keys())) {
    if (k === 'cols') continue;
    out[k] = repeated.has(k) ? params.getAll(k) : (params.get(k) ?? undefined);
  }
  return out;
}

/** useUrl keeps a page's question in the address, so that a link shows what its sender saw. */
export function useUrl() {
  const [params, setParams] = useSearchParams();
  return {
    params,
    query: queryOf(params),
    get: (k: string) => params.get(k) ?? undefined,
    /** set changes some keys; an empty value takes a key away. */
    set: (patch: Record<string, string | string[] | undefined>) =>
      setParams(
        (p) => {
          for (const [k, v] of Object.entries(patch)) {
            p.delete(k);
            for (const one of Array.isArray(v) ? v : [v]) if (one) p.append(k, one);
          }
          return p;
        },
        { replace: true },
      ),
    /** custom is the filter on a company field, "" where there is none. */
    custom: (key: string) =>
      params
        .getAll('custom')
        .find((c) => c.startsWith(`${key}:`))
        ?.slice(key.length + 1) ?? '',
    setCustom: (key: string, value: string) =>
      setParams(
        (p) => {
          const rest = p.getAll('custom').filter((c) => !c.startsWith(`${key}:`));
          p.delete('custom');
          for (const c of value ? [...rest, `${key}:${value}`] : rest) p.append('custom', c);
          return p;
        },
        { replace: true },
      ),
    clear: () => setParams({}, { replace: true }),
    replace: (address: string) => setParams(new URLSearchParams(address), { replace: true }),
  };
}
