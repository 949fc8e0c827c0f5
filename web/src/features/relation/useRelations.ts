import { useQuery } from '@tanstack/react-query';
import { changesOf } from '../change/queries';
import type { RecordBody } from '../opportunity/queries';
import { relationsOf } from './queries';

/** useRelations are the people of a deal, with the cover before the first of its open changes, and those changes. */
export function useRelations(r: RecordBody) {
  const live = r.state === 'open' && !r.deleted;
  const open = useQuery({ ...changesOf({ opportunity: r.id }), enabled: live && r.contacts.length > 0 });
  const changes = (open.data ?? []).filter((c) => c.state === 'confirmed');
  const before = changes.map((c) => c.on).sort()[0] ?? '';
  const ready = r.contacts.length > 0 && (!live || !open.isPending);
  return { changes, before, relations: useQuery({ ...relationsOf(r.id, before), enabled: ready }) };
}
