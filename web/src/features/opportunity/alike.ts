// What tells one of a series from another: a phase, a lot, a year.
const ordinals = /[\d〇零一二三四五六七八九十百甲乙丙丁]+/g;

const plain = (s: string) =>
  s
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\p{P}\p{Z}\p{S}]/gu, '');

/** distance is how many letters are put in, left out or replaced between two texts. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const put = Math.min(row[j] as number, next[j - 1] as number) + 1;
      next.push(Math.min(put, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] as number;
}

/**
 * alike tells that two deals of one customer are called the same, or nearly: a letter in five may differ, but not the
 * number of what is one of a series (一期, 二期).
 */
export function alike(a: string, b: string): boolean {
  const [x, y] = [plain(a), plain(b)];
  if (!x || !y) return false;
  if (x === y) return true;
  if (String(x.match(ordinals) ?? '') !== String(y.match(ordinals) ?? '')) return false;
  return distance(x, y) <= Math.floor(Math.max(x.length, y.length) / 5);
}
