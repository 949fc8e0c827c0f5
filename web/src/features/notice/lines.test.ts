import { expect, test } from 'vitest';
import { linesOf, pathOf } from './lines';
import type { Notice } from './queries';

const told = (seq: number, more: Partial<Notice> = {}): Notice => ({
  seq,
  kind: 'message.said',
  do: false,
  actorId: 'm1',
  at: '2026-11-27T06:10:00.000Z',
  readAt: null,
  on: { kind: 'opportunity', id: 'o1', name: '二期改造' },
  text: String(seq),
  threadId: 't1',
  count: 0,
  hidden: false,
  ...more,
});

test('the same said by the same on the same record is one line, by its newest', () => {
  const list = [
    told(9),
    told(8, { actorId: 'm2' }),
    told(7),
    told(6, { on: { kind: 'opportunity', id: 'o2', name: '三期' } }),
    told(5, { readAt: '2026-11-27T06:11:00.000Z' }),
    told(4),
  ];
  expect(linesOf(list).map((l) => l.all.map((n) => n.seq))).toEqual([[9, 7, 4], [8], [6], [5]]);
});

test('what may not be read any more leads nowhere, and is not one line with another', () => {
  const gone = { hidden: true, on: { kind: '', id: '', name: '' }, threadId: '' };
  expect(linesOf([told(3, gone), told(2, gone)])).toHaveLength(2);
  expect(pathOf(told(3, gone))).toBeUndefined();
  expect(pathOf(told(1))).toBe('/opportunities/o1');
  expect(pathOf(told(1, { on: { kind: 'task', id: 'k', name: '送样' } }))).toBe('/tasks?task=k');
});
