import { useQueries } from '@tanstack/react-query';
import type { Change } from '../change/queries';
import { knowersOf } from '../tie/queries';
import { useWay } from '../tie/useWay';

/** Acquainted is somebody of ours who knows who follows, and has not been asked to introduce us. */
export type Acquainted = { from: string; to: string; how: string; said: string };

/** useAcquainted are, of those who follow, the nearest of ours the reader may read the name of. */
export function useAcquainted(changes: readonly Change[]): Acquainted[] {
  const way = useWay();
  const follow = changes.filter((c) => c.successorId);
  const known = useQueries({ queries: follow.map((c) => knowersOf({ id: c.successorId, name: c.successorName })) });
  return follow.flatMap((c, i) => {
    const w = known[i]?.data?.ways.find((x) => x.memberId);
    return w ? [{ from: c.successorId, to: w.memberId, how: way.what(w), said: way.say(w, c.successorName) }] : [];
  });
}
