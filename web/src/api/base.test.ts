import { expect, it } from 'vitest';

const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.*', '!./schema.gen.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

// Under a sub-path "/…" is another program's. The router and the API client put the path before
// what they are given; everything else says under().
const outside = [
  /\b(?:href|src|action)=(?:\{\s*)?["'`]\//,
  /location\.(?:assign|replace)\(\s*["'`]/,
  /location(?:\.href)?\s*=\s*["'`]/,
  /(?:replaceState|pushState)\([^)]*,\s*["'`]\//,
  /\bfetch\(\s*["'`]/,
  /return `\/api\//,
  /window\.open\(\s*["'`]\//,
];

it('no link leaves the path the program is reached under', () => {
  const found = Object.entries(sources).flatMap(([file, text]) =>
    text
      .split('\n')
      .map((line, i) => ({ at: `${file}:${i + 1}`, line }))
      .filter(({ line }) => outside.some((r) => r.test(line)))
      .map(({ at, line }) => `${at} ${line.trim()}`),
  );
  expect(found).toEqual([]);
  expect(Object.keys(sources).length).toBeGreaterThan(50);
});
