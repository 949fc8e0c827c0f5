import type { Part, Preview, Spec } from './mapping';
import { stageTarget } from './stages';

export type Earlier = NonNullable<Preview['earlier']>;

/** asEarlier is a part read as a file of its form was before: what was said of that one is said of this. */
export function asEarlier(p: Part, e: Earlier, pipeline: string | undefined): Part {
  const { match, sheet, header, headerRows, headless, encoding, separator } = p.spec;
  const spec: Spec = { ...e.spec, match, sheet, header, headerRows, headless, encoding, separator };
  const target = stageTarget(spec.kind);
  const cell = spec.columns[target];
  // Stages that file did not speak of mean what is proposed.
  if (cell) {
    const values = { ...p.preview.stageValues, ...p.spec.columns[target]?.values, ...cell.values };
    spec.columns = { ...spec.columns, [target]: { ...cell, values } };
  }
  if (pipeline) spec.pipeline = pipeline;
  return { ...p, spec: defined(spec), source: e.source, fields: e.fields, pipelines: [] };
}

/** readAsEarlier tells that a part says of its columns what was said before, so that there is nothing to propose. */
export function readAsEarlier(p: Part, e: Earlier): boolean {
  const said = (s: Spec) =>
    JSON.stringify([
      s.kind,
      s.leads ?? '',
      s.unknown ?? '',
      Object.entries(s.columns)
        .map(([target, { values: _, ...c }]) => [target, ordered(c)])
        .sort(),
    ]);
  const target = stageTarget(e.spec.kind);
  const [was, is] = [e.spec.columns[target]?.values ?? {}, p.spec.columns[target]?.values ?? {}];
  const meant = Object.entries(was).every(([text, to]) => (is[text] ?? text) === to);
  return said(p.spec) === said(e.spec) && meant && (p.source ?? p.preview.mapping.source) === e.source;
}

const ordered = (c: object) =>
  Object.entries(c)
    .filter(([, v]) => v)
    .sort();

const defined = (s: Spec): Spec => Object.fromEntries(Object.entries(s).filter(([, v]) => v !== undefined)) as Spec;
