import type { KeyOf } from '../../app/useWrite';
import type { Given, Milestone } from './EvidenceFields';
import { filled, handIn } from './EvidenceFields';
import { type MoveBody, move, type RecordBody } from './queries';

type Piece = { stageId: string; milestone: Milestone; given: Given };

/**
 * moveWith hands in what is missing and then moves. Where what was handed in waits for somebody's acceptance, the
 * record is answered as it is: it moves once that is there.
 */
export async function moveWith(
  deal: { id: string; accountId: string },
  pieces: Piece[],
  body: MoveBody,
  path: 'form' | 'board',
  key: KeyOf,
): Promise<RecordBody> {
  let record: RecordBody | undefined;
  for (const { stageId, milestone, given } of pieces)
    if (filled(milestone, given)) record = await handIn(deal, stageId, milestone, given);
  const gaps = record?.ways.find((w) => w.stageId === body.to)?.gaps ?? [];
  if (record && !body.exception && gaps.some((g) => g.why === 'waiting')) return record;
  return move(deal.id, record ? { ...body, version: record.version } : body, key, path);
}
