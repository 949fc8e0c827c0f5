import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** plain is a sheet without its comments and without what holds only at some width. */
function plain(sheet: string): string {
  const css = readFileSync(`src/${sheet}`, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  let [out, depth, media] = ['', 0, 0];
  for (const part of css.split(/(?<=[{}])/)) {
    if (part.includes('@media')) media = depth + 1;
    if (!media) out += part;
    depth += part.endsWith('{') ? 1 : part.endsWith('}') ? -1 : 0;
    if (depth < media) media = 0;
  }
  return out;
}

const sheets = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.css'));

// Two pages that give one class different looks spoil each other: whichever rule comes later holds on both.
it('a class is described in one place', () => {
  const rules = sheets.flatMap((sheet) =>
    [...plain(sheet).matchAll(/([^{}]+)\{/g)].flatMap((m) => (m[1] as string).split(',').map((s) => s.trim())),
  );
  const classes = rules.filter((s) => /^\.[\w-]+$/.test(s));
  expect(classes.length).toBeGreaterThan(50);
  expect(classes.filter((s, i) => classes.indexOf(s) !== i)).toEqual([]);
});
