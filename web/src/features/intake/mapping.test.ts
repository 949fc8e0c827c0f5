import { describe, expect, it } from 'vitest';
import type { Schemas } from '../../api/client';
import { asEarlier, readAsEarlier } from './earlier';
import {
  examplesOf,
  isOpen,
  keepFit,
  keyFor,
  mappingOf,
  missing,
  openOf,
  type Part,
  type Preview,
  partOf,
  type Reading,
  silent,
  targetsOf,
  unsure,
  withField,
  withTarget,
} from './mapping';
import { namedIn } from './people';
import { ownCurrency, shown, statedOf, textsOf, toAsk } from './restate';
import { groupsOf, intoOf, noteGroups, recordsOf, totalsOf } from './result';
import { moved, ofKind, renamed, stageValues, withOwnPipeline, withValue } from './stages';

type Summary = Schemas['IntakeSummary'];

const reading = (r: Partial<Reading>): Reading => ({
  field: '',
  column: '',
  is: 'date',
  filled: 3,
  empty: 0,
  examples: [],
  unread: [],
  ...r,
});

const column = (header: string, values: string[], readings: Reading[] = []) => ({
  header,
  filled: values.length,
  distinct: values.length,
  many: false,
  values: values.map((value, i) => ({ value, count: values.length - i })),
  readings,
});

const preview = (over: Partial<Preview> = {}): Preview => {
  const spec = {
    match: 'a.csv',
    kind: 'opportunity',
    columns: { stage: { column: '阶段' }, createdOn: { column: '日期' } },
  };
  return {
    format: { type: 'csv' },
    header: ['阶段', '日期', '备注'],
    rows: [
      ['谈判', '3/4/2026', ''],
      ['赢单', '5/6/2026', 'x'],
    ],
    rowCount: 2,
    layout: { header: 3, headerRows: 1, headless: false, firstData: 4 },
    sheets: [],
    grid: [],
    encodings: [],
    columns: [
      column('阶段', ['谈判', '赢单', '作废']),
      column('日期', ['3/4/2026'], [reading({ is: 'date', open: ['mdy', 'dmy'], doubt: '3/4/2026' })]),
      column('备注', ['x']),
    ],
    aside: [],
    asideCount: 0,
    notes: [],
    mapping: { version: 1, source: 'a', files: [spec] },
    other: [{ match: 'a.csv', kind: 'account', columns: { name: { column: '备注' } } }],
    targets: {},
    is: { opportunity: { createdOn: 'date', 'entered.': 'date' } },
    sure: { opportunity: { stage: 0.95, createdOn: 0.6 } },
    yaml: '',
    ...over,
  };
};
const readingOf = (p: Part, header: string) =>
  p.preview.columns.find((c) => c.header === header)?.readings[0] as Reading;
const part = (over?: Partial<Preview>): Part => partOf('u1', 'a.csv', preview(over), {});

describe('a mapping that is made by hand', () => {
  it('gives a column to one field, and a field to one column', () => {
    const { spec } = part();
    const moved = withTarget(spec, '备注', 'createdOn');
    expect(targetsOf(moved, '备注')).toEqual(['createdOn']);
    expect(targetsOf(moved, '日期')).toEqual([]);
    expect(targetsOf(withTarget(spec, '日期', undefined), '日期')).toEqual([]);
    expect(missing(withTarget(spec, '阶段', 'name'))).toEqual(['stage']);
  });

  it('asks what is open until somebody has said it', () => {
    const p = part();
    expect(openOf(p, {}).map((o) => o.header)).toEqual(['日期']);
    const r = p.preview.columns[1]?.readings[0];
    expect(isOpen(r, { column: '日期', format: 'dmy' })).toBe(false);
    expect(isOpen(reading({ is: 'amount', open: ['.', ','] }), { column: 'x', decimal: '.' })).toBe(false);
    expect(isOpen(reading({ is: 'rate', open: ['percent', 'fraction'] }), { column: 'x', decimal: '.' })).toBe(true);
  });

  it('has only what was guessed, and guessed weakly, be looked at', () => {
    const p = part();
    expect(unsure(p, 'createdOn', '日期')).toBe(true);
    expect(unsure(p, 'stage', '阶段')).toBe(false);
    expect(unsure(p, 'createdOn', '备注')).toBe(false);
  });

  it('keeps what still fits when the file is read anew', () => {
    const p = part();
    const said = {
      ...p,
      spec: withTarget({ ...withTarget(p.spec, '备注', 'name'), unknown: 'refuse' }, '日期', undefined),
    };
    const again = keepFit(said, preview({ header: ['阶段', '日期'] }), { header: 4 });
    expect(again.spec.columns).toEqual({ stage: { column: '阶段' } });
    expect(again.spec.unknown).toBe('refuse');
    expect(keepFit(said, preview(), {}).spec.columns).toEqual({ stage: { column: '阶段' }, name: { column: '备注' } });
  });

  it('makes one pipeline of what the sheets of a workbook say', () => {
    const of = (...names: string[]) => ({
      name: 'a',
      stages: [
        ...names.map((name, i) => ({ name, kind: 'open', success: 10 + 40 * i })),
        { name: '赢单', kind: 'won' },
      ],
    });
    const sheet = (...names: string[]): Part => {
      const p = part();
      return { ...p, spec: { ...p.spec, pipeline: 'a' }, pipelines: [of(...names)] };
    };
    const made = mappingOf([sheet('接触', '谈判'), sheet('接触', '方案')])?.pipelines;
    expect(made?.map((p) => p.stages.map((s) => `${s.name} ${s.success ?? ''}`.trim()))).toEqual([
      ['接触 10', '谈判 50', '方案 50', '赢单'],
    ]);
  });

  it('makes own fields only where a column still goes into them', () => {
    const p = withField(part(), '备注', ['field']);
    const key = p.fields[0]?.key ?? '';
    expect(p.fields).toEqual([{ record: 'opportunity', key, label: '备注', type: 'text' }]);
    expect(mappingOf([p])?.fields).toEqual(p.fields);
    expect(mappingOf([{ ...p, spec: withTarget(p.spec, '备注', undefined) }])?.fields).toBeUndefined();
    expect(keyFor('Deal Size (k)', [])).toBe('deal_size_k');
    expect(keyFor('备注', ['field_1'])).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(keyFor('Notes', ['notes'])).toBe('notes_2');
  });

  it('counts the rows in which a column says nothing', () => {
    const told = preview({ mapping: { ...preview().mapping, empty: ['待定', 'N/A'] } });
    const c = column('金额', ['待定', '60', 'n/a']);
    expect(silent(told, c)).toBe(4);
    expect(silent(told, { ...c, many: true })).toBeUndefined();
  });

  it('shows different cells that hold something', () => {
    expect(examplesOf(preview(), 2)).toEqual(['x']);
    expect(examplesOf(preview(), 0)).toEqual(['谈判', '赢单', '作废']);
  });
});

describe('stages', () => {
  const made = {
    name: '台账',
    stages: [
      { name: '接触', kind: 'open', success: 10, phase: 'early' },
      { name: '谈判', kind: 'open', success: 60, phase: 'late' },
      { name: '赢单', kind: 'won' },
    ],
  };
  it('are what the file says, or mean one of the pipeline', () => {
    const p = part();
    expect(stageValues(p, ['谈判', '赢单']).map((v) => v.to)).toEqual(['谈判', '赢单', undefined]);
    const said = { ...p, spec: withValue(p.spec, '作废', 'withdrawn') };
    expect(stageValues(said, ['谈判', '赢单']).map((v) => v.to)).toEqual(['谈判', '赢单', 'withdrawn']);
  });
  it('of the file become a pipeline, with odds that rise along the path', () => {
    const p = withOwnPipeline(part({ stageValues: { 作废: 'withdrawn' } }), made);
    expect(p.spec.pipeline).toBe('台账');
    expect(mappingOf([p])?.pipelines).toEqual([made]);
    expect(
      stageValues(
        p,
        made.stages.map((s) => s.name),
      ).at(-1)?.to,
    ).toBe('withdrawn');
    const called = renamed(p, '直销');
    expect([called.spec.pipeline, mappingOf([called])?.pipelines?.[0]?.name]).toEqual(['直销', '直销']);
    const turned = moved(made.stages, 1, 0);
    expect(turned.map((s) => [s.name, s.success, s.phase])).toEqual([
      ['谈判', 10, 'early'],
      ['接触', 60, 'late'],
      ['赢单', undefined, undefined],
    ]);
    expect(moved(made.stages, 0, -1)).toBe(made.stages);
    expect(ofKind(made.stages, 0, 'lost')[0]).toEqual({ name: '接触', kind: 'lost' });
    const odds = ofKind(made.stages, 2, 'open').map((s) => s.success ?? -1);
    expect(odds).toEqual([...odds].sort((a, b) => a - b));
    expect(odds.every((x) => x > 0)).toBe(true);
  });
});

describe('a column read otherwise', () => {
  const sum = reading({ is: 'amount', unit: 10000, decimal: '.' });
  it('is asked of the server where somebody says otherwise, answers, or it depends on the field', () => {
    expect(toAsk(sum, { column: '金额', unit: '10000' })).toBe(false);
    expect(toAsk(sum, { column: '金额', unit: '1' })).toBe(true);
    expect(toAsk(sum, { column: '金额', currency: 'USD' })).toBe(true);
    expect(toAsk(reading({ open: ['mdy', 'dmy'] }), { format: 'dmy' })).toBe(true);
    const day = (text: string, about = false) => reading({ format: 'ymd', examples: [{ text, read: 'x', about }] });
    expect(toAsk(day('2026-03-05'), {})).toBe(false);
    expect(toAsk(day('12月底', true), {})).toBe(true);
    expect(toAsk(day('3-5'), {})).toBe(true);
  });
  it('is asked with all that is known of it, and the cells that are shown', () => {
    expect(statedOf('金额', sum, { unit: '1000', values: {} })).toEqual({ column: '金额', decimal: '.', unit: '1000' });
    const p = part();
    const r = readingOf(p, '日期');
    expect(textsOf(p, '日期', r)).toEqual(['3/4/2026', '5/6/2026']);
  });
  it('shows figures as they are written here, in the currency they are in', () => {
    expect(shown('600000', 'zh-CN', 'CNY')).toBe('600,000 CNY');
    expect(shown('600000 USD', 'zh-CN', 'CNY')).toBe('600,000 USD');
    expect(shown('2026-12-31', 'zh-CN', 'CNY')).toBe('2026-12-31');
    const spec = part().spec;
    expect(ownCurrency(spec, 'CNY')).toBe('CNY');
    expect(ownCurrency({ ...spec, columns: { currency: { column: '币种' } } }, 'CNY')).toBe('');
  });
});

describe('a file of the form of an earlier one', () => {
  const earlier = {
    batchId: 'b',
    file: '3月.csv',
    at: '2026-03-31T08:00:00Z',
    by: 'm',
    source: '台账',
    fields: [],
    spec: {
      match: '3月.csv',
      kind: 'opportunity',
      leads: 'file',
      pipeline: '旧名',
      columns: { stage: { column: '阶段', values: { 谈判: 'B' } }, name: { column: '备注' } },
    },
  };
  it('is read as that was, under its own name; what that one did not say keeps its proposal', () => {
    const p = part({ stageValues: { 赢单: 'W' } });
    const as = asEarlier({ ...p, spec: { ...p.spec, sheet: 'S2' } }, earlier, '新名');
    expect(as.spec).toEqual({
      match: 'a.csv',
      sheet: 'S2',
      kind: 'opportunity',
      leads: 'file',
      pipeline: '新名',
      columns: { stage: { column: '阶段', values: { 赢单: 'W', 谈判: 'B' } }, name: { column: '备注' } },
    });
    expect(mappingOf([as])?.source).toBe('台账');
    expect(readAsEarlier(p, earlier)).toBe(false);
    expect(readAsEarlier(as, earlier)).toBe(true);
  });
  it('keeps what was taken over when another sheet or header is looked at', () => {
    const as = asEarlier(part(), earlier, undefined);
    expect(keepFit(as, preview(), {}).source).toBe('台账');
  });
});

describe('what came of it', () => {
  it('is told by kind: errors first, each with its first', () => {
    const issue = (line: number, level: 'error' | 'warning', code: string) => ({
      file: 'a',
      line,
      field: 'amount',
      column: '金额',
      value: '',
      level,
      code,
      detail: '',
    });
    const groups = groupsOf([issue(4, 'warning', 'a'), issue(5, 'warning', 'a'), issue(6, 'error', 'b')]);
    expect(groups.map((g) => [g.code, g.count, g.first.line])).toEqual([
      ['b', 1, 6],
      ['a', 2, 4],
    ]);
    const note = (value: string, count: number) => ({
      file: 'a',
      field: 'stage',
      code: 'value_mapped',
      value,
      count,
      firstLine: 1,
    });
    expect(noteGroups([note('x', 2), note('y', 3)])[0]?.count).toBe(5);
  });
  it('leads to the pipeline most rows went into, or to the list of what came in; amounts are added up', () => {
    const file = (kind: string, rows: number, pipelineId?: string, minor = 0) => ({
      ...({ kind, rows, name: kind } as Summary['files'][number]),
      pipelineId,
      totals: minor ? [{ currency: 'CNY', minor, cells: 1 }] : [],
    });
    const s = (files: Summary['files']) => ({ files }) as Summary;
    const both = s([file('opportunity', 3, 'p1', 100), file('account', 9), file('opportunity', 5, 'p2', 50)]);
    expect(intoOf(both, ['p1', 'p2'])).toBe('p2');
    expect(intoOf(both, ['p1'])).toBe('p1');
    expect(intoOf(both, [])).toBeUndefined();
    expect(totalsOf(both)).toEqual([{ currency: 'CNY', minor: 150, cells: 2 }]);
    expect([both, s([file('account', 1), file('contact', 2)]), s([file('contact', 1)])].map(recordsOf)).toEqual([
      'funnel',
      'accounts',
      'contacts',
    ]);
  });
  it('names people who are not there', () => {
    const p = part();
    const with_ = { ...p, spec: { ...p.spec, columns: { owner: { column: '阶段' } } } };
    expect(namedIn(with_, 'owner', ['谈 判'])).toEqual({ all: 3, unknown: ['赢单', '作废'], many: false });
    expect(namedIn(p, 'owner', [])).toBeUndefined();
  });
});
