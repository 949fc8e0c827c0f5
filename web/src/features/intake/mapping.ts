import type { Schemas } from '../../api/client';
import type { RecordKind } from '../../app/CustomFields';

// What a person says about files, apart from how it is shown: a part is one sheet of one file as it would be read, and
// the mapping is made of all parts.

export type Spec = Schemas['IntakeFileSpec'];
export type Cell = Schemas['IntakeCell'];
export type Mapping = Schemas['IntakeMapping'];
export type PipelineSpec = Schemas['IntakePipelineSpec'];
export type StageSpec = Schemas['IntakeStageSpec'];
export type FieldSpec = Schemas['IntakeFieldSpec'];
export type Looked = Omit<Schemas['IntakeLooked'], 'name'>;
export type Example = Schemas['IntakeExample'];
/** What a column's cells are, where they are more than texts. */
export type Is = Schemas['IntakeReading']['is'];
export type Reading = Schemas['IntakeReading'];
export type Column = Schemas['IntakeColumn'];
export type Preview = Schemas['IntakePreview'];
export type Part = {
  upload: string;
  name: string;
  looked: Looked;
  preview: Preview;
  spec: Spec;
  /** Whose ids the file's are, where somebody said that it is read as an earlier one was. */
  source?: string;
  /** What the mapping makes for this part, beside its records. */
  fields: FieldSpec[];
  pipelines: PipelineSpec[];
};

export const kinds = ['opportunity', 'account', 'contact', 'product', 'member', 'events'] as const;
export const required: Record<string, string[]> = {
  opportunity: ['stage'],
  account: ['name'],
  contact: ['name'],
  product: ['name'],
  member: ['name'],
  events: ['case', 'activity', 'time'],
};

/** From where on a suggested column need not be looked at. */
const sureEnough = 0.85;

/** keyOf tells the sheets of one file apart. */
export const keyOf = (p: Pick<Part, 'upload' | 'preview'>) => `${p.upload} ${p.preview.format.sheet ?? ''}`;

/** suggested is the file as a kind, as the server proposes it. */
export const suggested = (p: Preview, kind: string): Spec | undefined =>
  [...p.mapping.files, ...p.other].find((f) => f.kind === kind);

/** partOf is an upload as it is suggested. */
export function partOf(upload: string, name: string, preview: Preview, looked: Looked): Part {
  const spec = preview.mapping.files[0] ?? { match: name, kind: 'opportunity', columns: {} };
  return {
    upload,
    name,
    looked,
    preview,
    spec,
    fields: preview.mapping.fields ?? [],
    pipelines: preview.mapping.pipelines ?? [],
  };
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** asKind is a part that holds something else. */
export function asKind(p: Part, kind: string): Part {
  return { ...p, spec: suggested(p.preview, kind) ?? { ...p.spec, kind, columns: {} } };
}

/** keepFit reads a part anew and keeps what a person had stated, where its column is still there. */
export function keepFit(old: Part, preview: Preview, looked: Looked): Part {
  const next = asKind({ ...old, preview, looked }, old.spec.kind);
  const was = suggested(old.preview, old.spec.kind)?.columns ?? {};
  const columns = { ...next.spec.columns };
  for (const target of new Set([...Object.keys(was), ...Object.keys(old.spec.columns)])) {
    const stated = old.spec.columns[target];
    if (same(stated, was[target])) continue;
    if (!stated) delete columns[target];
    else if (!stated.column || preview.header.some((h) => h.trim() === stated.column)) columns[target] = stated;
  }
  const { pipeline = next.spec.pipeline, unknown = next.spec.unknown } = old.spec;
  return { ...next, spec: { ...next.spec, columns, pipeline, unknown } };
}

/** mappingOf is what all parts say together. */
export function mappingOf(parts: Part[]): Mapping | undefined {
  const first = parts.find((p) => p.spec.kind === 'opportunity') ?? parts[0];
  if (!first) return undefined;
  const pipelines = joined(
    parts.flatMap((p) => p.pipelines).filter((x) => parts.some((p) => p.spec.pipeline === x.name)),
  );
  const used = new Set(parts.flatMap((p) => Object.keys(p.spec.columns).map((t) => `${recordOf(p.spec.kind)} ${t}`)));
  const fields = unique(
    parts.flatMap((p) => p.fields).filter((f) => used.has(`${f.record} custom.${f.key}`)),
    (f) => `${f.record} ${f.key}`,
  );
  const { fields: _, pipelines: __, ...rest } = first.preview.mapping;
  return {
    ...rest,
    ...(first.source && { source: first.source }),
    ...(fields.length > 0 && { fields }),
    ...(pipelines.length > 0 && { pipelines }),
    files: parts.map((p) => p.spec),
  };
}

/** joined has one pipeline of each name, with the stages every part of the file speaks of. */
function joined(list: PipelineSpec[]): PipelineSpec[] {
  const by = new Map<string, PipelineSpec>();
  for (const p of list) {
    const was = by.get(p.name);
    if (!was) {
      by.set(p.name, p);
      continue;
    }
    const open = was.stages.filter((s) => s.kind === 'open');
    const top = Math.max(0, ...open.map((s) => s.success ?? 0));
    const more = p.stages
      .filter((s) => s.kind === 'open' && !was.stages.some((x) => x.name === s.name))
      .map((s) => ({ ...s, success: Math.max(s.success ?? 0, top) }));
    by.set(p.name, { ...was, stages: [...open, ...more, ...was.stages.filter((s) => s.kind !== 'open')] });
  }
  return [...by.values()];
}

function unique<T>(list: T[], key: (x: T) => string): T[] {
  return [...new Map(list.map((x) => [key(x), x])).values()];
}

/** recordOf is the record whose own fields a kind of file may fill. */
export const recordOf = (kind: string) =>
  (kind === 'account' || kind === 'contact' ? kind : 'opportunity') as RecordKind;

/** targetsOf are the fields a column of the file goes into. */
export const targetsOf = (s: Spec, header: string): string[] =>
  Object.entries(s.columns)
    .filter(([, c]) => c.column === header.trim())
    .map(([target]) => target);

/** withTarget has a column of the file read as a field; it was, and the field was filled by, none other then. */
export function withTarget(s: Spec, header: string, target: string | undefined): Spec {
  const columns = { ...s.columns };
  const [before] = targetsOf(s, header);
  if (before) delete columns[before];
  if (target) columns[target] = { ...(before === undefined ? s.columns[target] : undefined), column: header.trim() };
  return { ...s, columns };
}

/** isOf is what the cells of a field are; '' is texts. */
export function isOf(p: Part, target: string, types: Record<string, string>): Is | '' {
  if (target.startsWith('custom.')) {
    const key = target.slice('custom.'.length);
    const type = types[key] ?? p.fields.find((f) => f.key === key)?.type;
    return type === 'date' ? 'date' : type === 'money' ? 'amount' : type === 'number' ? 'number' : '';
  }
  const known = p.preview.is[p.spec.kind];
  return (known?.[target] ?? known?.[target.replace(/\..*/, '.')] ?? '') as Is | '';
}

/** readingOf is how a column's cells are read as a field's. */
export const readingOf = (c: Column, is: Is | ''): Reading | undefined => c.readings.find((r) => r.is === is);

/** isOpen tells that nobody has said yet which of several readings is meant. */
export function isOpen(r: Reading | undefined, c: Cell | undefined): boolean {
  if (!r?.open?.length || !c) return false;
  return !c[statedBy(r)];
}

/** statedBy is the key of a cell that answers what is open. */
export function statedBy(r: Reading): 'format' | 'decimal' | 'rate' {
  const first = r.open?.[0] ?? '';
  if (first === '.' || first === ',') return 'decimal';
  return first === 'percent' || first === 'fraction' ? 'rate' : 'format';
}

/** stated sets how the cells of a field are read. */
export function stated(s: Spec, target: string, how: Partial<Cell>): Spec {
  return { ...s, columns: { ...s.columns, [target]: { ...s.columns[target], ...how } } };
}

/** unsure tells that a column was taken for a field on the strength of little. */
export function unsure(p: Part, target: string, header: string): boolean {
  const proposed = suggested(p.preview, p.spec.kind)?.columns[target]?.column;
  const sure = p.preview.sure[p.spec.kind]?.[target];
  return proposed === header.trim() && sure !== undefined && sure < sureEnough;
}

/** missing are the fields a file of this kind cannot do without, and that no column fills; rows that name our records need none. */
export const missing = (s: Spec) => (s.columns.id ? [] : (required[s.kind] ?? [])).filter((t) => !s.columns[t]);

/** openOf are the columns of which somebody must say how they are read. */
export function openOf(p: Part, types: Record<string, string>): { header: string; target: string; reading: Reading }[] {
  return p.preview.columns.flatMap((c) =>
    targetsOf(p.spec, c.header).flatMap((target) => {
      const reading = readingOf(c, isOf(p, target, types));
      return reading && isOpen(reading, p.spec.columns[target]) ? [{ header: c.header, target, reading }] : [];
    }),
  );
}

/** examplesOf are the first different cells of a column that hold something. */
export function examplesOf(p: Preview, at: number, most = 3): string[] {
  const out: string[] = [];
  for (const text of [
    ...p.rows.map((r) => r[at]?.trim() ?? ''),
    ...(p.columns[at]?.values ?? []).map((v) => v.value),
  ]) {
    if (text && !out.includes(text)) out.push(text);
    if (out.length === most) break;
  }
  return out;
}

/** silent is in how many rows a column says nothing, as 待定 and - do; undefined where not all of its texts are known. */
export function silent(p: Preview, c: Column): number | undefined {
  if (c.many || c.distinct > c.values.length) return undefined;
  const nothing = new Set(p.mapping.empty?.map((x) => x.normalize('NFKC').toLowerCase()));
  return c.values.reduce((n, v) => n + (nothing.has(v.value.normalize('NFKC').toLowerCase()) ? v.count : 0), 0);
}

/** keyFor proposes the key of an own field: letters, digits and _, and none that is taken. */
export function keyFor(header: string, taken: string[]): string {
  const plain = header
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '')
    .slice(0, 30);
  const base = plain || 'field';
  let key = plain || 'field_1';
  for (let n = 2; taken.includes(key); n++) key = `${base}_${n}`;
  return key;
}

/** typeOf is the type of own field a column suits: what is read in full, else text. */
function typeOf(readings: Reading[]): string {
  const full = readings.filter((r) => r.filled > 0 && r.examples.length > 0 && r.unread.length === 0);
  if (full.some((r) => r.is === 'date')) return 'date';
  const sum = full.find((r) => r.is === 'amount');
  if (sum && (sum.currency || (sum.unit ?? 1) > 1)) return 'money';
  return full.length > 0 ? 'number' : 'text';
}

/** withField has a column become an own field that is made with the import. */
export function withField(p: Part, header: string, taken: string[]): Part {
  const c = p.preview.columns.find((x) => x.header === header);
  const type = typeOf(c?.readings ?? []);
  const record = recordOf(p.spec.kind);
  const key = keyFor(header, [...taken, ...p.fields.map((f) => f.key)]);
  return {
    ...p,
    fields: [...p.fields, { record, key, label: header.trim(), type }],
    spec: withTarget(p.spec, header, `custom.${key}`),
  };
}
