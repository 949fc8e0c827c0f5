import { describe, expect, it } from 'vitest';
import { enteredOf, spanOf } from './entered';

const leave = (begins: string, ends: string) => ({ id: '1', memberId: '2', begins, ends, kind: 'annual', version: 1 });
const said = (begins: string, ends: string) => spanOf(leave(begins, ends), 'Asia/Shanghai', '2026-11-27');

describe('leave', () => {
  it('says its days, and times where a day is not whole', () => {
    expect(said('2026-11-30T16:00:00Z', '2026-12-01T16:00:00Z')).toBe('12-01');
    expect(said('2026-11-30T16:00:00Z', '2026-12-03T16:00:00Z')).toBe('12-01 – 12-03');
    expect(said('2026-12-01T04:00:00Z', '2026-12-01T16:00:00Z')).toBe('12-01 12:00 – 24:00');
    expect(said('2026-12-01T04:00:00Z', '2027-01-02T02:30:00Z')).toBe('12-01 12:00 – 2027-01-02 10:30');
  });
  it('is entered as it was: what ends at midnight ends with the day before', () => {
    const { from, fromTime, to, toTime } = enteredOf(
      leave('2026-12-01T04:00:00Z', '2026-12-01T16:00:00Z'),
      'Asia/Shanghai',
    );
    expect([from, fromTime, to, toTime]).toEqual(['2026-12-01', '12:00', '2026-12-01', '']);
  });
});
