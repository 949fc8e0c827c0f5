import type { ReactNode } from 'react';
import { Scroll } from './bits';
import { type Asked, Missing, ProblemBox } from './Problem';

/** Column is one column of a table: its heading, and what stands in it of a row; without a heading, what may be done with it. */
export type Column<R> = { name: string; of: (row: R) => ReactNode; left?: boolean };

/** DataTable is a list that was asked for: what could not be had, or that there is nothing, stands in its place. */
export function DataTable<R>({
  label,
  asked,
  rows,
  id,
  columns,
  none,
  cards,
}: {
  label: string;
  asked: Asked;
  rows: R[] | undefined;
  id: (row: R) => string | number;
  columns: Column<R>[];
  none?: string;
  /** On a phone each row stands by itself. */
  cards?: boolean;
}) {
  if (!rows) return <Missing of={asked} className="pad" />;
  const look = (c: Column<R>) => (c.left ? 'l' : c.name ? undefined : 'acts');
  return (
    <>
      {asked.isError && <ProblemBox error={asked.error} retry={asked.refetch} />}
      <Scroll label={label}>
        <table className={cards ? 't stack' : 't'}>
          <thead>
            <tr>
              {columns.map((c) => (
                <th key={c.name} className={look(c)}>
                  {c.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={id(row)}>
                {columns.map((c) => (
                  <td key={c.name} className={look(c)}>
                    {c.of(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {rows.length === 0 && none && <div className="pad ink2">{none}</div>}
    </>
  );
}
