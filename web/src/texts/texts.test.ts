import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import en from './en-US';
import zh from './zh-CN';

type Tree = { [key: string]: string | Tree };

const keysOf = (tree: Tree, at = ''): string[] =>
  Object.entries(tree).flatMap(([k, v]) => (typeof v === 'string' ? [at + k] : keysOf(v, `${at + k}.`)));
const counted = (key: string) => key.replace(/_(zero|one|other)$/, '');
const codes = new Set([...keysOf(zh.permission), ...keysOf(zh.problem)]);
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((f) => /(?<!test)\.tsx$/.test(f));
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
