import { expect, test } from 'vitest';
import { BOX, type Box, type Dot, laidOut } from './layout';

/** drawn are numbers that look like chance and are the same each time. */
function drawn(seed: number) {
  let s = seed;
  return (n: number) => {
    s = (s * 1103515245 + 12345) % 2147483648;
    return Math.floor((s / 2147483648) * n);
  };
}

const apart = (a: Box, b: Box) =>
  a.x + BOX.width <= b.x || b.x + BOX.width <= a.x || a.y + BOX.height <= b.y || b.y + BOX.height <= a.y;

test('nobody stands over anybody else, whoever is there', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const pick = drawn(seed);
    const some = (least: number, most: number) => (pick(5) === 0 ? null : least + pick(most - least + 1));
    const theirs: Dot[] = Array.from({ length: pick(16) }, (_, i) => ({
      id: `t${i}`,
      influence: some(1, 5),
      coverage: some(0, 4),
    }));
    const ours = Array.from({ length: 1 + pick(6) }, (_, i) => `o${i}`);
    const links = theirs.filter(() => pick(2) === 0).map((d) => ({ from: d.id, to: `o${pick(ours.length)}` }));
    const p = laidOut(theirs, ours, links);
    const all = [...p.theirs, ...p.ours];
    expect(all.map((b) => b.id).sort()).toEqual([...theirs.map((d) => d.id), ...ours].sort());
    for (const [i, a] of all.entries()) {
      expect(a.x >= 0 && a.y >= 0 && a.x + BOX.width <= p.width && a.y + BOX.height <= p.height, `${seed}`).toBe(true);
      for (const b of all.slice(i + 1)) expect(apart(a, b), `${seed}: ${a.id} and ${b.id}`).toBe(true);
    }
    for (const [i, a] of p.labels.entries())
      for (const b of p.labels.slice(i + 1)) expect(Math.abs(a.y - b.y), `${seed}`).toBeGreaterThanOrEqual(20);
  }
});

test('who has more to say stands higher, and whom we know better further right', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const pick = drawn(seed);
    const theirs = Array.from({ length: 15 }, (_, i) => ({
      id: `t${i}`,
      influence: 1 + pick(5),
      coverage: pick(5),
    }));
    const at = new Map(laidOut(theirs, ['o'], []).theirs.map((b) => [b.id, b]));
    for (const a of theirs)
      for (const b of theirs) {
        const [p, q] = [at.get(a.id), at.get(b.id)];
        if (!p || !q) throw new Error(a.id);
        if (a.influence > b.influence) expect(p.y).toBeLessThan(q.y);
        if (a.coverage > b.coverage) expect(p.x).toBeGreaterThan(q.x);
      }
  }
});
