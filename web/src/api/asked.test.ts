import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ask, asked } from './asked';

const url = 'http://localhost/yunchou/api/desk';
const answers: (() => Promise<Response>)[] = [];

beforeEach(() => vi.stubGlobal('fetch', () => answers.shift()?.()));
afterEach(() => {
  answers.length = 0;
  window.yunchouAsked = undefined;
  vi.unstubAllGlobals();
});
const saying = (text: string, status = 200) => answers.push(async () => new Response(text, { status }));

it('an answer that is on its way is taken once', async () => {
  saying('early');
  ask(url);
  expect(await (await asked(new Request(url)))?.text()).toBe('early');
  expect(asked(new Request(url))).toBeUndefined();
});

it('what was asked before a write is no answer after it', () => {
  saying('as it was');
  ask(url);
  asked(new Request(url, { method: 'POST' }));
  expect(asked(new Request(url))).toBeUndefined();
});

it('another question, a write and somebody else’s question have no answer', () => {
  saying('early');
  ask(url);
  expect(asked(new Request(`${url}?day=2026-11-26`))).toBeUndefined();
  expect(asked(new Request(url, { method: 'POST' }))).toBeUndefined();
  expect(asked(new Request(url, { headers: { 'On-Behalf-Of': '1' } }))).toBeUndefined();
});

it('what was refused or did not arrive is asked again', async () => {
  saying('who are you', 401);
  saying('now I know');
  ask(url);
  expect(await (await asked(new Request(url)))?.text()).toBe('now I know');
  answers.push(async () => {
    throw new TypeError('no connection');
  });
  saying('here again');
  ask(url).catch(() => {});
  expect(await (await asked(new Request(url)))?.text()).toBe('here again');
});

it('an answer of long ago is none', () => {
  saying('early');
  ask(url);
  vi.spyOn(performance, 'now').mockReturnValue(60_000);
  expect(asked(new Request(url))).toBeUndefined();
  vi.restoreAllMocks();
});
