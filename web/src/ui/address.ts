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

/** address is what the browser shows now: the router's state may be a moment behind while a page is being drawn. */
export const address = () => new URLSearchParams(window.location.search);
