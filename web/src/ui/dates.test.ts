import { expect, it } from 'vitest';
import { monthsLater, typedDay, weeksOf } from './dates';

it('a day is read as people type it', () => {
  const read = (text: string) => typedDay(text, '2026-11-26');
  for (const text of [
    '2026-11-08',
    '2026/11/8',
    '2026.11.8',
    '20261108',
    '2026年11月8日',
    ' 2026-11-08 ',
    '11-8',
    '11月8日',
  ])
    expect(read(text), text).toBe('2026-11-08');
  expect(read('２０２６－１１－０８'), 'full-width').toBe('2026-11-08');
  expect(read('')).toBe('');
  expect(read('2024-02-29')).toBe('2024-02-29');
  for (const text of ['2026-02-30', '2026-13-01', '11-31', 'soon', '2026-11', '0202-01-01', '2026-11-08x'])
    expect(read(text), text).toBeUndefined();
});

it('a month is shown in whole weeks that begin on Monday', () => {
  const weeks = weeksOf('2026-11-26');
  expect(weeks[0]?.[0]).toBe('2026-10-26');
  expect(weeks.at(-1)?.[6]).toBe('2026-12-06');
  expect(weeksOf('2027-02-10')).toHaveLength(4); // begins on a Monday, 28 days
  expect(weeksOf('2026-08-15')).toHaveLength(6); // begins on a Saturday, 31 days
});

it('another month has the same day, or its last', () => {
  expect(monthsLater('2026-01-31', 1)).toBe('2026-02-28');
  expect(monthsLater('2026-11-26', -11)).toBe('2025-12-26');
  expect(monthsLater('2024-02-29', 12)).toBe('2025-02-28');
});
