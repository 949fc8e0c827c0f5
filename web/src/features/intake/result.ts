import type { Schemas } from '../../api/client';
import type { Issue } from './issues';

type Summary = Schemas['IntakeSummary'];
type Note = Schemas['IntakeNote'];

/** What belongs together of a result: the same thing said of the same column. */
export type Group = { key: string; level: 'error' | 'warning' | 'note'; code: string; count: number; first: Issue };

/** groupsOf brings issues of one kind together, errors first, then what there is most of. */
export function groupsOf(issues: Issue[]): Group[] {
  const groups = new Map<string, Group>();
  for (const x of issues) {
    const key = `${x.level} ${x.code} ${x.file} ${x.sheet ?? ''} ${x.column || x.field}`;
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

/** intoOf is the pipeline most of an import's deals went into, of those that are there. */
export function intoOf(s: Summary, there: string[]): string | undefined {
  const files = s.files.filter((f) => f.pipelineId && there.includes(f.pipelineId));
  return files.sort((a, b) => b.rows - a.rows)[0]?.pipelineId;
}

/** recordsOf is where to look at what came in: deals in the funnel, else customers or people in their lists. */
export function recordsOf(s: Summary): 'funnel' | 'accounts' | 'contacts' {
  const kinds = s.files.map((f) => f.kind);
  if (kinds.some((k) => k === 'opportunity' || k === 'events')) return 'funnel';
  return kinds.includes('account') ? 'accounts' : kinds.includes('contact') ? 'contacts' : 'funnel';
}

/** totalsOf is what the amounts of all files come to, by currency. */
export function totalsOf(s: Summary) {
  const sums = new Map<string, { currency: string; minor: number; cells: number }>();
  for (const x of s.files.flatMap((f) => f.totals ?? [])) {
    const sum = sums.get(x.currency) ?? { currency: x.currency, minor: 0, cells: 0 };
    sums.set(x.currency, { ...sum, minor: sum.minor + x.minor, cells: sum.cells + x.cells });
  }
  return [...sums.values()].sort((a, b) => b.cells - a.cells);
}
