import type { Schemas } from '../../api/client';
import type { Issue } from './issues';

type Note = Schemas['IntakeNote'];

/** What belongs together of a result: the same thing said of the same column. */
export type Group = { key: string; level: 'error' | 'warning' | 'note'; code: string; count: number; first: Issue };

/** groupsOf brings issues of one kind together, errors first, then what there is most of. */
export function groupsOf(issues: Issue[]): Group[] {
  const groups = new Map<string, Group>();
  for (const x of issues) {
    const key = `${x.level} ${x.code} ${x.file} ${x.column || x.field}`;
    const known = groups.get(key);
    if (known) known.count++;
    else groups.set(key, { key, level: x.level, code: x.code, count: 1, first: x });
  }
  return [...groups.values()].sort((a, b) => a.level.localeCompare(b.level) || b.count - a.count);
}

export type NoteGroup = { code: string; field: string; count: number; first: Note; values: number };

/** noteGroups brings notes of one kind together: they are counted by value. */
export function noteGroups(notes: Note[]): NoteGroup[] {
  const groups = new Map<string, NoteGroup>();
  for (const n of notes) {
    const key = `${n.code} ${n.field}`;
    const known = groups.get(key);
    if (known) {
      known.count += n.count;
      known.values++;
    } else groups.set(key, { code: n.code, field: n.field, count: n.count, first: n, values: 1 });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/** What a file does not know, and reports leave out: it is said once, first. */
export const unknowns = ['path_unknown', 'stage_undated', 'closed_undated', 'lost_stage_unknown'];
