import type { Cell, Example, Reading } from './mapping';

// How an example would be read otherwise, as far as can be told without the server: what cannot be told is not shown.

const parts = /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ T].*)?$/;

/** dayAs reads a day of three numbers in an order; '' where it is none. */
export function dayAs(text: string, order: string): string {
  const m = parts.exec(text.trim());
  if (!m) return '';
  const [y, mo, d] = (order === 'ymd' ? [1, 2, 3] : order === 'mdy' ? [3, 1, 2] : [3, 2, 1]).map((i) =>
    Number(m[i]),
  ) as [number, number, number];
  const year = y < 100 ? 2000 + y : y;
  const day = new Date(Date.UTC(year, mo - 1, d));
  if (day.getUTCMonth() !== mo - 1 || day.getUTCDate() !== d) return '';
  return day.toISOString().slice(0, 10);
}

/** numberAs reads digits with a mark before decimals; NaN where it is no bare number. */
export function numberAs(text: string, decimal: string): number {
  const t = text.trim().replaceAll(/[\s'’]/g, '');
  if (!/^[-+]?[\d.,]+$/.test(t)) return Number.NaN;
  const other = decimal === ',' ? '.' : ',';
  return Number(t.replaceAll(other, '').replace(decimal, '.'));
}

/** asked is how the doubtful cell is read under one of the open choices. */
export function asked(text: string, choice: string): string {
  if (choice === '.' || choice === ',') {
    const n = numberAs(text, choice);
    return Number.isNaN(n) ? '' : String(n);
  }
  if (choice === 'percent' || choice === 'fraction') {
    const n = numberAs(text, '.');
    return Number.isNaN(n) ? '' : `${choice === 'fraction' ? Math.round(n * 1e4) / 100 : n}%`;
  }
  return dayAs(text, choice);
}

const ownUnit = /[万亿千百十兆kKmMbBwW壹贰叁]/;
const ownCurrency = /[¥$€£元]|[A-Z]{3}|美|欧|港|日元/;

/**
 * restated is an example as it is read once the cell of the mapping says otherwise; '' where only the server can tell.
 * An amount that names no currency is in the company's own.
 */
export function restated(e: Example, r: Reading, cell: Cell, own = ''): string {
  if (r.is === 'date') return !cell.format || cell.format === r.format ? e.read : dayAs(e.text, cell.format) || e.read;
  const decimal = cell.decimal ?? r.decimal ?? '.';
  if (r.is === 'rate') {
    if ((cell.rate ?? r.rate) === r.rate && decimal === (r.decimal ?? '.')) return e.read;
    return /%|成/.test(e.text) ? e.read : asked(e.text, cell.rate ?? r.rate ?? 'percent');
  }
  if (decimal !== (r.decimal ?? '.')) return '';
  const [figure = '', currency = ''] = e.read.split(' ');
  const unit = Number(cell.unit ?? r.unit ?? 1) / (r.unit ?? 1);
  const n = Number(figure) * (ownUnit.test(e.text) ? 1 : unit);
  if (Number.isNaN(n)) return '';
  const value = unit === 1 ? figure : String(Math.round(n * 1e6) / 1e6);
  const said = cell.currency && !ownCurrency.test(e.text) ? cell.currency : currency;
  return `${value} ${said || (r.is === 'amount' ? own : '')}`.trim();
}

/** shown writes a reading's figure with separators: 600,000 CNY. */
export function shown(read: string, locale: string): string {
  const m = /^(-?\d+)(\.\d+)?( [A-Z]{3})?$/.exec(read);
  return m ? `${Number(m[1]).toLocaleString(locale)}${m[2] ?? ''}${m[3] ?? ''}` : read;
}
