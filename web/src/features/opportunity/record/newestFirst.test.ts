import { expect, test } from 'vitest';
import { type Happened, newestFirst } from './newestFirst';

type Told = Happened & { n: number };

/** earlierThan says for two of a list, the way one would say it aloud, which of them happened first. */
function earlierThan(a: Told, b: Told): boolean {
  if (a.on !== b.on) return a.on < b.on;
  if (a.written !== b.written) return Date.parse(a.written) < Date.parse(b.written);
  return a.n < b.n;
}

test('what happened stands by its day, then by when it was written down, whatever was dated back', () => {
  let seed = 7;
  const random = (n: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % n;
  };
  for (let round = 0; round < 200; round++) {
    const events: Told[] = Array.from({ length: 2 + random(12) }, (_, n) => ({
      on: random(6) === 0 ? '' : `2026-03-0${1 + random(4)}`,
      written: `2026-03-0${4 + random(2)}T0${random(3)}:00:00Z`,
      n,
    }));
    const got = newestFirst(events);
    expect(got).toHaveLength(events.length);
    got.forEach((x, i) => {
      // As many stand below it as happened before it.
      expect(events.filter((y) => earlierThan(y, x))).toHaveLength(got.length - 1 - i);
    });
  }
});
