import { QueryCache, QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import { watch } from './again';

let up = false;
beforeEach(() => {
  vi.useFakeTimers();
  up = false;
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => {
      if (!up) throw new TypeError('refused');
      return new Response('');
    }),
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** asked is a page's question, and how often it was asked. */
function asked(code: string) {
  const query: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (err) => look(err) }),
    defaultOptions: { queries: { retry: false } },
  });
  const look = watch(query);
  const ask = vi.fn(async () => {
    if (!up) throw new ApiError({ code });
    return 'here';
  });
  const page = new QueryObserver(query, { queryKey: ['list'], queryFn: ask });
  return { page, ask, leave: page.subscribe(() => {}) };
}

it('what was missed while the server was away comes by itself', async () => {
  const { page, ask, leave } = asked('network');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ask).toHaveBeenCalledTimes(1); // the page is left alone
  expect(page.getCurrentResult().isError).toBe(true);
  up = true;
  await vi.advanceTimersByTimeAsync(6_000);
  expect(page.getCurrentResult().data).toBe('here');
  const looked = vi.mocked(fetch).mock.calls.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(vi.mocked(fetch).mock.calls.length).toBe(looked);
  leave();
});

it('what the server refused is not asked for again', async () => {
  const { ask, leave } = asked('org.permission_missing');
  up = true;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ask).toHaveBeenCalledTimes(1);
  expect(fetch).not.toHaveBeenCalled();
  leave();
});
