import { useQuery } from '@tanstack/react-query';
import { changesOf } from '../change/queries';
import { KnownBy } from './KnownBy';

/** OfChange says at a line of the desk who of us knows the one who follows. */
export function OfChange({ id, opportunity }: { id: string; opportunity: string }) {
  const change = useQuery(changesOf({ opportunity })).data?.find((c) => c.id === id);
  return change?.successorId ? <KnownBy id={change.successorId} name={change.successorName} near /> : null;
}
