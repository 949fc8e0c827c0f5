import { describe, expect, it } from 'vitest';
import { lastsWithin, partsOf, unitOf } from './Duration';

describe('a duration', () => {
  it('is said from its largest part, and of nothing is nothing said', () => {
    expect(partsOf(0)).toEqual([['minutes', 0]]);
    expect(partsOf(90)).toEqual([
      ['hours', 1],
      ['minutes', 30],
    ]);
    expect(partsOf(12 * 60)).toEqual([['hours', 12]]);
    expect(partsOf(30 * 24 * 60)).toEqual([['days', 30]]);
  });
  it('is entered in the largest unit it is whole in', () => {
    expect(unitOf(1440, ['days', 'hours', 'minutes'])).toBe('days');
    expect(unitOf(720, ['days', 'hours', 'minutes'])).toBe('hours');
    expect(unitOf(45, ['days', 'hours', 'minutes'])).toBe('minutes');
    expect(unitOf(0, ['days', 'hours'])).toBe('hours');
  });
  it('is not saved empty, nor beyond its bounds', () => {
    expect([null, 4, 5, 10, 11].map((v) => lastsWithin(v, 5, 10))).toEqual([false, false, true, true, false]);
  });
});
