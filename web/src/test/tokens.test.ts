import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sources } from './sources';

/** rules are the declarations of a sheet but for those that name the tokens. */
const rules = (css: string) =>
  css
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .split(/[{};]/)
    .map((x) => x.trim())
    .filter((x) => /^[\w-]+:\s/.test(x) && !x.startsWith('--'));

const sheets = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.css'))
  .flatMap((path) => rules(readFileSync(`src/${path}`, 'utf8')).map((rule) => ({ path, rule })));

/** strayed are those of some rules that are not as they should be. */
const strayed = (those: RegExp, should: RegExp) =>
  sheets.filter((x) => those.test(x.rule) && !should.test(x.rule)).map((x) => `${x.path}: ${x.rule}`);

test('the sheets are read', () => expect(sheets.length).toBeGreaterThan(1000));

const colour = /#[\da-fA-F]{3,8}\b|\b(rgba?|hsla?|oklch)\(/;

test('a colour is named once, by its token', () => {
  expect(sheets.filter((x) => colour.test(x.rule)).map((x) => `${x.path}: ${x.rule}`)).toEqual([]);
  expect(sources.filter((s) => /['"`\s(]#[\da-fA-F]{3,8}\b/.test(s.text)).map((s) => s.path)).toEqual([]);
});

test('a border has the colour of a token', () => {
  const side = '(-(top|right|bottom|left|inline|block)(-(start|end))?)?';
  const none = '(0|none)';
  const line = String.raw`[\d.]+px (solid|dotted|dashed) (var\(--[\w-]+\)|transparent)`;
  expect(
    strayed(new RegExp(`^border${side}:`), new RegExp(`^border${side}: (${none}|${line})( !important)?$`)),
  ).toEqual([]);
  expect(strayed(/^border(-\w+)?-color:/, /: (var\(--[\w-]+\)|transparent|inherit)( !important)?$/)).toEqual([]);
  expect(sources.filter((s) => /\bborder(Top|Right|Bottom|Left)?: ['"`]/.test(s.text)).map((s) => s.path)).toEqual([]);
});

test('a token that is used is there', () => {
  const given = sources.flatMap((s) => s.text.match(/--[\w-]+(?=['"]: )/g) ?? []); // by an element, for itself
  const there = new Set([...(readFileSync('src/ui/base.css', 'utf8').match(/--[\w-]+(?=:)/g) ?? []), ...given]);
  const used = sheets.flatMap((x) => [...x.rule.matchAll(/var\((--[\w-]+)\)/g)].map((m) => m[1] as string));
  expect([...new Set(used)].filter((name) => !there.has(name))).toEqual([]);
});
