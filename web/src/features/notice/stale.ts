import type { QueryKey } from '@tanstack/react-query';
import { deskOf, ofDeals } from '../opportunity/queries';
import { noticeKeys } from './queries';

// What an entry of a kind makes stale in an open page of whom it concerns, by the first word of the kind.
const families: Record<string, readonly QueryKey[]> = {
  message: [['thread']],
  task: [['task'], ['opportunity']],
  handover: [...ofDeals, ['accounts'], ['task']],
  contact_change: [...ofDeals, ['contact-changes'], ['task']],
  introduction: [['tie'], deskOf.queryKey],
  ask_around: [['tie'], deskOf.queryKey],
  confirmation: [...ofDeals],
  sighting: [['sightings'], ['competitor'], ['competitors'], ...ofDeals],
  guidance: [['guidance'], ['thread'], ['opportunity']],
};

/** staleBy are the keys an event makes stale; "*" says that anything of these may have changed. */
export function staleBy(kind: string): readonly QueryKey[] {
  if (kind === '*') return [noticeKeys.list, ...Object.values(families).flat()];
  return families[kind.split('.')[0] ?? ''] ?? [];
}
