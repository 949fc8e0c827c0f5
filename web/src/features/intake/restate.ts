import type { Cell, Part, Reading, Spec } from './mapping';

// What somebody says of how a column is read goes to the server, whose reading of its cells is what the import does:
// nothing of it is worked out here.

/** statedOf is how a column's cells are read: as was learned, and as somebody said otherwise. */
export const statedOf = (column: string, r: Reading, cell: Cell): Cell => ({
  column,
  ...kept({
    format: cell.format ?? r.format,
    decimal: cell.decimal ?? r.decimal,
    unit: cell.unit ?? (r.unit && r.unit > 1 ? String(r.unit) : undefined),
    currency: cell.currency ?? r.currency,
    rate: cell.rate ?? r.rate,
  }),
});

const kept = (c: Cell): Cell => Object.fromEntries(Object.entries(c).filter(([, v]) => v)) as Cell;

const plain = (r: Reading) => statedOf('', r, {});

/** toAsk tells whether the examples of a reading are to be asked of the server: somebody said otherwise, or it depends on
 * the field, as a day without its year does. */
export function toAsk(r: Reading, cell: Cell): boolean {
  if (r.open?.length || JSON.stringify(plain(r)) !== JSON.stringify(statedOf('', r, cell))) return true;
  return r.is === 'date' && r.examples.some((e) => e.about || !/\d{4}/.test(e.text));
}

/** textsOf are the cells a reading is shown by. */
export function textsOf(p: Part, header: string, r: Reading): string[] {
  const at = p.preview.columns.findIndex((c) => c.header === header);
  const all = [
    r.doubt ?? '',
    ...r.examples.map((e) => e.text),
    ...r.unread,
    ...p.preview.rows.map((row) => row[at] ?? ''),
    ...(p.preview.columns[at]?.values ?? []).map((v) => v.value),
  ];
  return [...new Set(all.map((x) => x.trim()).filter(Boolean))].slice(0, 400);
}

/** ownCurrency is the currency of amounts that name none; '' where a column of the file tells it row by row. */
export const ownCurrency = (s: Spec, currency: string) => (s.columns.currency ? '' : currency);

/** shown writes a reading's figure with separators: 600,000 CNY; an amount that names no currency is in its own. */
export function shown(read: string, locale: string, own = ''): string {
  const m = /^(-?\d+)(\.\d+)?( [A-Z]{3})?$/.exec(read);
  if (!m) return read;
  return `${Number(m[1]).toLocaleString(locale)}${m[2] ?? ''}${m[3] ?? (own && ` ${own}`)}`;
}
