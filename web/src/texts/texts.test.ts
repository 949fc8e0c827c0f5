import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Route, routes } from '../app/routes';
import en from './en-US';
import zh from './zh-CN';
import change from './zh-CN.change';
import competitor from './zh-CN.competitor';
import first from './zh-CN.first';
import guidance from './zh-CN.guidance';
import imports from './zh-CN.import';
import late from './zh-CN.late';
import settings from './zh-CN.settings';

type Tree = { [key: string]: string | Tree };

const keysOf = (tree: Tree, at = ''): string[] =>
  Object.entries(tree).flatMap(([k, v]) => (typeof v === 'string' ? [at + k] : keysOf(v, `${at + k}.`)));
const counted = (key: string) => key.replace(/_(zero|one|other)$/, '');
const codes = new Set([...keysOf(zh.permission), ...keysOf(zh.problem)]);
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((f) => /(?<!test)\.tsx$/.test(f));
const read = (files: string[]) => files.map((f) => readFileSync(f, 'utf8')).join('\n');
const within = (dir: string, ending: RegExp) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((f) => ending.test(f) && !/test\.tsx?$|gen\.ts|texts\//.test(f))
    .map((f) => `${dir}/${f}`);
const named = new RegExp(`'((?:${Object.keys(zh).join('|')})(?:\\.[A-Za-z_]+)+)'`, 'g');

describe('texts', () => {
  it('are there in both languages', () => {
    expect([...new Set(keysOf(en).map(counted))].sort()).toEqual([...new Set(keysOf(zh).map(counted))].sort());
  });
  it('are there for every key a screen names', () => {
    const texts = new Set(keysOf(zh).map(counted));
    const missing = sources.flatMap((f) =>
      [...readFileSync(`src/${f}`, 'utf8').matchAll(named)]
        .map((m) => m[1] as string)
        .filter((key) => !texts.has(key) && !codes.has(key))
        .map((key) => `${f}: ${key}`),
    );
    expect(missing).toEqual([]);
  });
  it('are there when their screen is: what one reaches without loading a part of them names none of it', () => {
    const parts = {
      change: 'loadChangeTexts',
      competitor: 'loadCompetitorTexts',
      guidance: 'loadGuidanceTexts',
      import: 'loadImportTexts',
      settings: 'loadSettingsTexts',
    };
    const early = new Set([...keysOf(first), ...keysOf(late)].map(counted));
    const loads: Record<string, string[]> = {
      change: [parts.change],
      competitor: [parts.competitor],
      guidance: [parts.guidance, parts.settings],
      import: [parts.import, parts.settings],
      settings: [parts.settings],
    };
    for (const [part, texts] of Object.entries({ change, competitor, guidance, import: imports, settings })) {
      const later = new Set(
        keysOf(texts)
          .map(counted)
          .filter((key) => !early.has(key)),
      );
      const found = reached(begun(loads[part] as string[]), loads[part] as string[]).flatMap((f) =>
        [...readFileSync(f, 'utf8').matchAll(/\bt\(\s*(?:'([\w.-]+)'|`([\w.-]+\.)\$\{)(?!.*defaultValue)/g)]
          .map((m) => m[1] ?? m[2] ?? '')
          .filter((key) => (key.endsWith('.') ? [...later].some((k) => k.startsWith(key)) : later.has(key)))
          .filter((key) => !(key.endsWith('.') && [...early].some((k) => k.startsWith(key))))
          .map((key) => `${f}: ${key}`),
      );
      expect(found, part).toEqual([]);
    }
  });
  it('are all used: named as a whole, or by a part with the word that completes it', () => {
    const code = read([...within('src', /\.tsx?$/), ...within('../internal', /\.go$/)]);
    const words = new Set([...(code + read(['../docs/openapi.json'])).matchAll(/[\w-]+/g)].map((m) => m[0]));
    const whole = new Set([...code.matchAll(/['"`]([\w.-]+)['"`]/g)].map((m) => m[1] as string));
    const partly = [
      ...[...code.matchAll(/`([\w-]+(?:\.[\w-]*)+)\$\{[^}]*\}([\w.]*)[`$]/g)].map(([, a, b]) => [
        a as string,
        b as string,
      ]),
      ...[...code.matchAll(/"([\w-]+(?:\.[\w-]*)+)"\s*\+/g)].map(([, a]) => [a as string, '']),
    ] as const;
    const completed = (key: string) =>
      partly.some(
        ([a, b]) =>
          key.startsWith(a) &&
          key.endsWith(b) &&
          key
            .slice(a.length, b ? -b.length : undefined)
            .split('.')
            .every((w) => words.has(w) || w.split('_').every((x) => words.has(x))),
      );
    const unused = [...new Set(keysOf(zh).map(counted))].filter(
      (key) => !whole.has(key) && !whole.has(key.replace(/^problem\./, '')) && !completed(key),
    );
    expect(unused).toEqual([]);
  });
  it('are joined by the punctuation of the reader, not by that of the source', () => {
    const joined = within('src', /\.tsx?$/).flatMap((f) =>
      templatesOf(readFileSync(f, 'utf8'))
        .filter((x) => /\bt\(/.test(x.inside) && /[(),:;!?、]/.test(x.between))
        .map((x) => `${f}: ${x.between}`),
    );
    expect(joined).toEqual([]);
  });
  it('say one word for one thing, as the glossary has it', () => {
    const leaves = (tree: Tree): string[] =>
      Object.values(tree).flatMap((v) => (typeof v === 'string' ? [v] : leaves(v)));
    expect(leaves(en).filter((text) => /\bdeals?\b(?![^{]*}})/i.test(text))).toEqual([]);
    // 撤销 is what undo does; an opportunity is 作废, a seat 关闭.
    expect([zh.state, zh.move, zh.seat, zh.task].flatMap(leaves).filter((text) => text.includes('撤销'))).toEqual([]);
  });
  it('have the punctuation of their language', () => {
    const half =
      /[\u3400-\u9fff”）}] ?[,;!?](?!\w)|[\u3400-\u9fff”）}] ?:(?![\w/])|[\u3400-\u9fff]\(|\([\u3400-\u9fff]/;
    const wide = /[，。；：？！（）、“”]/;
    const texts = (tree: Tree): string[] =>
      Object.values(tree).flatMap((v) => (typeof v === 'string' ? [v] : texts(v)));
    expect(texts(zh).filter((text) => /[\u3400-\u9fff]/.test(text) && half.test(text))).toEqual([]);
    expect(texts(en).filter((text) => !/[\u3400-\u9fff]/.test(text) && wide.test(text.replace(/[“”]/g, '')))).toEqual(
      [],
    );
  });
  it('ask with the word that stands on the button', () => {
    const at = (tree: Tree, key: string) =>
      key.split('.').reduce<string | Tree>((x, k) => (typeof x === 'string' ? x : (x[k] ?? '')), tree) as string;
    const asked = sources.flatMap((f) => {
      const text = readFileSync(`src/${f}`, 'utf8');
      const dialogs = [...text.matchAll(/modal\.confirm\(\{[\s\S]*?\n\s*\}\)/g)].map((m) => m[0]);
      return dialogs.map((d) => ({
        f,
        question: /title: t\('([\w.]+)'/.exec(d)?.[1],
        button: /okText: t\('([\w.]+)'/.exec(d)?.[1],
      }));
    });
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((x) => !x.button).map((x) => x.f)).toEqual([]);
    const pairs = [
      ...asked.filter((x) => x.question),
      { f: '', question: 'identity.removeApp', button: 'common.remove' },
      { f: '', question: 'identity.removePasskey', button: 'common.remove' },
      { f: '', question: 'contact.eraseTitle', button: 'contact.erase' },
    ];
    const unlike = [zh as Tree, en as Tree].flatMap((tree) =>
      pairs
        .map((x) => [at(tree, x.question ?? ''), at(tree, x.button ?? '')] as const)
        .filter(([question, button]) => !question.toLowerCase().includes(button.toLowerCase())),
    );
    expect(unlike).toEqual([]);
  });
});

/** begun are the files everything is reached from: the first, and the pages but those whose route loads the texts. */
function begun(loaders: string[]): string[] {
  const shell = readFileSync('src/app/Shell.tsx', 'utf8');
  const without = (Object.keys(routes) as Route[]).filter(
    (path) => !loaders.some((l) => shell.includes(`'${path}': ${l}`)),
  );
  expect(shell).toContain("'/guidance': loadGuidanceTexts"); // as it is read here
  return ['src/main.tsx', ...without.map((path) => `src/features/${routes[path]}.tsx`)];
}

/** reached are the files some files lead to. A file that loads texts brings what it imports later together with them. */
function reached(from: string[], loaders: string[]): string[] {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    const names = [...text.matchAll(/^(?:import|export)\b(?! type)[^;]*?from '(\.[^']+)'/gm)].map(
      (m) => m[1] as string,
    );
    if (!loaders.some((l) => text.includes(l)))
      names.push(...[...text.matchAll(/\bimport\('(\.[^']+)'\)/g)].map((m) => m[1] as string));
    for (const name of names) {
      const at = join(dirname(file), name);
      const found = [at, `${at}.ts`, `${at}.tsx`, `${at}/index.ts`].find((x) => /\.tsx?$/.test(x) && existsSync(x));
      if (found) visit(found);
    }
  };
  from.forEach(visit);
  return [...seen];
}

/** templatesOf takes each template literal of a source apart: what stands inside its ${}, and what between them. */
function templatesOf(source: string) {
  const found: { inside: string; between: string }[] = [];
  for (let at = source.indexOf('`'); at >= 0; at = source.indexOf('`', at + 1)) {
    const x = { inside: '', between: '' };
    let deep = 0;
    let end = at + 1;
    for (; end < source.length && (deep > 0 || source[end] !== '`'); end++) {
      const c = source[end] as string;
      if (c === '{' && (deep > 0 || source[end - 1] === '$')) deep++;
      if (deep > 0) x.inside += c;
      else if (c !== '$') x.between += c;
      if (c === '}' && deep > 0) deep--;
    }
    found.push(x);
    at = end;
  }
  return found;
}
