import { expect, test } from 'vitest';
import { sources } from './sources';

/** having are the sources in which something stands. */
const having = (what: RegExp) => sources.filter((s) => what.test(s.text)).map((s) => s.path);

test('the sources are looked through', () => expect(sources.length).toBeGreaterThan(250));

test('a change is sent in one way', () => expect(having(/\buseMutation\b/)).toEqual(['app/useWrite.ts']));

test('what is asked of the server, and under which key, stands with the queries of its capability', () => {
  const asking = having(/\bqueryFn:|\bqueryKey: *\[/).filter((path) => !/(^|\/)queries\.ts$/.test(path));
  expect(asking).toEqual([]);
});

test('amounts are shown, typed and counted in minor units in one place', () => {
  const inside = /^(ui\/(Amount\.tsx|format\.ts)|api\/)/;
  const stray = having(/\b(money|exact|toMajor|toMinor)\(|\bdigitsOf\b|style: 'currency'/);
  expect(stray.filter((path) => !inside.test(path))).toEqual([]);
});

test('no cell of a table is laid out as the figure of a tile', () => {
  expect(having(/<t[dh][^>]*className=["'{`]+[^"'`]*\bnum\b/)).toEqual([]);
});

test('people are looked through in one place', () => {
  expect(having(/toLowerCase\(\)\.includes\(|\bfilterOption: \(/)).toEqual([]);
  expect(having(/\.initials\b/)).toEqual(['app/MemberSelect.tsx']);
});
