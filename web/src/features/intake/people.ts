import type { Part } from './mapping';

/** plain is how names are compared: without widths, case and blanks. */
export const plain = (s: string) => s.normalize('NFKC').replaceAll(/\s+/g, '').toLowerCase();

export type Named = { all: number; unknown: string[]; many: boolean };

/** namedIn are the different names of a field's column, and those that are not known here. */
export function namedIn(p: Part, target: string, known: string[]): Named | undefined {
  const column = p.preview.columns.find((c) => c.header.trim() === p.spec.columns[target]?.column);
  if (!column || column.filled === 0) return undefined;
  const here = new Set(known.map(plain));
  return {
    all: column.distinct,
    unknown: column.values.map((v) => v.value).filter((v) => !here.has(plain(v))),
    many: column.many || column.distinct > column.values.length,
  };
}
