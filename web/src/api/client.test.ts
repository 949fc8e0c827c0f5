import { afterEach, expect, test, vi } from 'vitest';
import en from '../texts/en-US';
import zh from '../texts/zh-CN';
import { ApiError, api, must, upload } from './client';

afterEach(() => vi.unstubAllGlobals());

const codeOf = async (call: Promise<unknown>) => {
  const err = await call.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(err instanceof ApiError)) throw new Error(`no problem: ${err}`);
  return err.problem.code;
};
const answers = (status: number) =>
  vi.stubGlobal(
    'fetch',
    async () => new Response('<html>nginx</html>', { status, headers: { 'Content-Type': 'text/html' } }),
  );

// nginx answers for a program that restarts, and for what is larger than its own limit.
test.each([
  [502, 'proxy.away'],
  [504, 'proxy.away'],
  [413, 'proxy.too_large'],
  [403, 'proxy.other'],
])('a proxy that answers %i by itself is worded', async (status, code) => {
  answers(status);
  expect(await codeOf(must(api.GET('/api/session')))).toBe(code);
  expect(await codeOf(upload('/api/imports/files', new File(['x'], 'x.csv')))).toBe(code);
  const key = code.split('.')[1] as keyof typeof zh.problem.proxy;
  expect([zh.problem.proxy[key], en.problem.proxy[key]].every(Boolean)).toBe(true);
});

test('what is sent while the server is away says so', async () => {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('Failed to fetch');
  });
  expect(await codeOf(must(api.GET('/api/session')))).toBe('network');
  expect(await codeOf(upload('/api/imports/files', new File(['x'], 'x.csv')))).toBe('network');
});
