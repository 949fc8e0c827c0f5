import { expect, test } from 'vitest';
import { newPassword } from './password';

test('a made password is long, readable and never the same', () => {
  const made = Array.from({ length: 500 }, newPassword);
  expect(new Set(made).size).toBe(500);
  for (const p of made) expect(p).toMatch(/^([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/);
  const counts = new Map<string, number>();
  for (const c of made.join('').replaceAll('-', '')) counts.set(c, (counts.get(c) ?? 0) + 1);
  expect(counts.size).toBe(31); // each letter is used, and none twice as often as it should be
  for (const n of counts.values()) expect(n).toBeLessThan(645);
});
