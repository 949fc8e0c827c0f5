import { phases as ranked } from '../../api/enums.gen';
import type { Cell, Part, PipelineSpec, Spec, StageSpec } from './mapping';

/** stageTarget is the field of a kind of file that names stages; '' where none does. */
export const stageTarget = (kind: string) => (kind === 'events' ? 'activity' : kind === 'opportunity' ? 'stage' : '');

export type StageValue = { value: string; count: number; to: string | undefined };

const plain = (s: string) => s.normalize('NFKC').trim().toLowerCase();

/** stageValues are the texts of the column of stages, and what each is taken for. */
export function stageValues(p: Part, stages: string[]): StageValue[] {
  const cell = p.spec.columns[stageTarget(p.spec.kind)];
  const column = p.preview.columns.find((c) => c.header.trim() === cell?.column);
  return (column?.values ?? []).map(({ value, count }) => ({ value, count, to: meant(cell, value, stages) }));
}

/** How a deal may have ended, beside the stages that end it: withdrawn, or lost in a way the text says. */
export const lossEnds = ['competitor', 'no_decision', 'cancelled', 'tender_void', 'we_withdrew'].map(
  (k) => `lost:${k}`,
);
export const withdrawals = ['withdrawn', 'withdrawn:duplicate'];

const isEnd = (to: string) => lossEnds.includes(to) || withdrawals.includes(to);

function meant(cell: Cell | undefined, value: string, stages: string[]): string | undefined {
  const to = cell?.values?.[value];
  if (to !== undefined && (to === 'ignore' || isEnd(to) || stages.includes(to))) return to;
  return stages.find((s) => plain(s) === plain(value));
}

/** withValue has a text of the file mean a stage. */
export function withValue(s: Spec, value: string, to: string): Spec {
  const target = stageTarget(s.kind);
  const cell = s.columns[target];
  return { ...s, columns: { ...s.columns, [target]: { ...cell, values: { ...cell?.values, [value]: to } } } };
}

/** withOwnPipeline has the pipeline of the file's own stages made with the import. */
export function withOwnPipeline(p: Part, made: PipelineSpec): Part {
  const target = stageTarget(p.spec.kind);
  const columns = Object.fromEntries(Object.entries(p.spec.columns).filter(([t]) => !t.startsWith('entered.')));
  const cell = columns[target];
  if (cell) columns[target] = { ...cell, values: p.preview.stageValues ?? {} };
  return {
    ...p,
    pipelines: [...p.pipelines.filter((x) => x.name !== made.name), made],
    spec: { ...p.spec, pipeline: made.name, columns },
  };
}

/** withPipeline changes a pipeline that is made with the import. */
export function withPipeline(p: Part, made: PipelineSpec): Part {
  return { ...p, pipelines: p.pipelines.map((x) => (x.name === made.name ? made : x)) };
}

/** renamed has a pipeline that is made with the import be called otherwise. */
export function renamed(p: Part, name: string): Part {
  const pipelines = p.pipelines.map((x) => (x.name === p.spec.pipeline ? { ...x, name } : x));
  return { ...p, pipelines, spec: { ...p.spec, pipeline: name } };
}

/** moved has a stage stand elsewhere on the path. Odds go with the places: they may not fall along it. */
export function moved(stages: StageSpec[], from: number, to: number): StageSpec[] {
  const list = [...stages];
  const [one] = list.splice(from, 1);
  if (!one || to < 0 || to > list.length) return stages;
  list.splice(to, 0, one);
  return inOrder(list);
}

/** ofKind has a stage be on the path, or an end of it. */
export function ofKind(stages: StageSpec[], at: number, kind: string): StageSpec[] {
  return inOrder(
    stages.map((s, i) => {
      if (i !== at) return s;
      if (kind !== 'open') return { name: s.name, kind };
      return { standardDays: 10, maxDays: 30, phase: 'middle', ...s, kind };
    }),
  );
}

/** inOrder has odds rise and phases follow along the path. */
function inOrder(stages: StageSpec[]): StageSpec[] {
  const path = stages.filter((s) => s.kind === 'open');
  const odds = path.map((s) => s.success);
  const known = odds.filter((x) => x !== undefined).sort((a, b) => a - b);
  const rank: readonly string[] = ranked;
  const phases = path.map((s) => s.phase ?? '').sort((a, b) => rank.indexOf(a) - rank.indexOf(b));
  let n = 0;
  return stages.map((s) => {
    if (s.kind !== 'open') return s;
    const i = n++;
    const success = known.length === odds.length ? known[i] : Math.round((90 * (i + 1)) / (path.length + 1));
    return { ...s, success, ...(phases[i] && { phase: phases[i] }) };
  });
}
