import { useSearchParams } from 'react-router';

/** useUrl keeps a report's question in the address, so that it can be sent. */
export function useUrl() {
  const [params, setParams] = useSearchParams();
  return {
    get: (k: string) => params.get(k) ?? undefined,
    query: Object.fromEntries(params),
    set: (patch: Record<string, string | undefined>) =>
      setParams(
        (p) => {
          for (const [k, v] of Object.entries(patch)) {
            if (v) p.set(k, v);
            else p.delete(k);
          }
          return p;
        },
        { replace: true },
      ),
  };
}
