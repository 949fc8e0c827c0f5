import type { ReactNode } from 'react';
import { Link } from 'react-router';

const homes = { opportunity: '/opportunities', account: '/accounts' } as const;
export type Linked = keyof typeof homes;

/** pathOf is where a record is shown; '/' of a kind that has no page. */
export const pathOf = (kind: string, id: string) => (kind in homes ? `${homes[kind as Linked]}/${id}` : '/');

/** RecordLink leads to a record's page. */
export function RecordLink({ kind, id, children }: { kind: Linked; id: string; children: ReactNode }) {
  return <Link to={pathOf(kind, id)}>{children}</Link>;
}
