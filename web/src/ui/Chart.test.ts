import { expect, it } from 'vitest';
import { blank } from './Chart';

it('a picture without a figure is none', () => {
  const of = (...data: unknown[][]) => blank({ series: data.map((x) => ({ data: x })) });
  expect(of([null, 0, undefined], [0, 0])).toBe(true);
  expect(of([])).toBe(true);
  expect(of([null, null], [0, 3])).toBe(false);
  expect(of([[0.2, 0.4]])).toBe(false); // an interval
  expect(of([{ value: 1 }])).toBe(false);
});
