import { useQuery } from '@tanstack/react-query';
import type { Cell, Part, Reading } from './mapping';
import { readingOf } from './queries';
import { statedOf, textsOf, toAsk } from './restate';

/** useReading is how a column's cells are read as its field's, as the server reads them; undefined until it has said so. */
export function useReading(p: Part, header: string, field: string, r: Reading, cell: Cell): Reading | undefined {
  const ask = toAsk(r, cell);
  const column = header.trim();
  const body = {
    kind: p.spec.kind,
    field,
    is: r.is,
    cell: statedOf(column, r, cell),
    texts: ask ? textsOf(p, header, r) : [],
    ...(p.preview.layout.unit && { above: p.preview.layout.unit }),
  };
  const q = useQuery({ ...readingOf(body), enabled: ask });
  return ask ? q.data : r;
}
