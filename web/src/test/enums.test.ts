import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sources } from './sources';

const stated = new Set<string>();
const walk = (x: unknown): void => {
  if (!x || typeof x !== 'object') return;
  if ('enum' in x && Array.isArray(x.enum) && x.enum.length > 1) stated.add([...x.enum].sort().join());
  for (const part of Object.values(x)) walk(part);
};
walk(JSON.parse(readFileSync('../docs/openapi.json', 'utf8')));

const word = String.raw`'[\w.-]+'`;
const list = new RegExp(String.raw`\[\s*(${word}(?:,\s*${word})+),?\s*\]`, 'g');
const union = new RegExp(String.raw`(?<=[:=<(]\s*\|?\s*)(${word}(?:\s*\|\s*${word})+)`, 'g');

/** listsIn are the lists of words a source writes out, as arrays or as types. */
const listsIn = (text: string) =>
  [...text.matchAll(list), ...text.matchAll(union)].map((m) => [...new Set(m[1]?.match(/[\w.-]+/g))]);

/** repeats tells that a list is one the document states, or lacks but one word of it. */
const repeats = (words: string[]) =>
  [...stated].some((one) => {
    const all = one.split(',');
    return words.every((w) => all.includes(w)) && all.length - words.length <= (words.length > 2 ? 1 : 0);
  });

test('the lists of the document are seen where they are repeated', () => {
  expect(stated.size).toBeGreaterThan(30);
  const [some, other] = [
    "const a = ['visit', 'phone', 'wechat', 'email', 'meeting', 'video'];",
    "let b: 'CN' | 'weekends';",
  ];
  for (const text of [some, other]) expect(listsIn(text).filter(repeats), text).toHaveLength(1);
});

test('what the document states is written out nowhere else', () => {
  const found = sources.flatMap((s) =>
    listsIn(s.text)
      .filter(repeats)
      .map((l) => `${s.path}: ${l.join(' ')}`),
  );
  expect(found).toEqual([]);
});
