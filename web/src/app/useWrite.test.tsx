import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from 'antd';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ApiError } from '../api/client';
import en from '../texts/en-US';
import { loadTexts } from './i18n';
import { type Outcome, useWrite, type Write } from './useWrite';

beforeAll(loadTexts);
afterEach(cleanup);

const lost = new ApiError({ code: 'network' });
const list = vi.fn(async () => 'rows');

function Form({ write, outcome }: { write: Write<string, string>; outcome?: Outcome<string, string> }) {
  useQuery({ queryKey: ['deals', 'list'], queryFn: list });
  const save = useWrite(write, outcome);
  return ['one', 'other'].map((what) => (
    <button key={what} type="button" onClick={() => save.mutate(what)}>
      {what}
    </button>
  ));
}

async function open(write: Write<string, string>, outcome?: Outcome<string, string>) {
  list.mockClear();
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <App>
        <Form write={write} outcome={outcome} />
      </App>
    </QueryClientProvider>,
  );
  await waitFor(() => expect(list).toHaveBeenCalledTimes(1));
}
const press = (what: string) => userEvent.click(screen.getByRole('button', { name: what }));

test('what was lost is tried again under its key; what succeeded is done anew under another', async () => {
  const sent: [string, string][] = [];
  let up = false;
  await open(async (what, key) => {
    sent.push([what, key(what)]);
    if (!up) throw lost;
    return what;
  });
  await press('one');
  await press('other');
  up = true;
  await press('other');
  await press('one');
  await press('one');
  await waitFor(() => expect(sent).toHaveLength(5));
  const [one, other, other2, one2, one3] = sent.map(([, key]) => key);
  expect([other2, one2]).toEqual([other, one]);
  expect(new Set([one, other, one3]).size).toBe(3);
});

test('what it makes stale is asked anew, after the form has closed', async () => {
  const done = vi.fn(() => expect(list).toHaveBeenCalledTimes(1));
  await open(async (what) => what, { said: (answer) => `saved ${answer}`, done, stale: [['deals']] });
  await press('one');
  await screen.findByText('saved one');
  await waitFor(() => expect(list).toHaveBeenCalledTimes(2));
  expect(done).toHaveBeenCalledTimes(1);
});

const said: Record<string, string | RegExp> = {
  'record.stale': en.problem.record.stale,
  'desk.facts_changed': /has changed meanwhile/,
};

test.each([
  ['a refusal leaves the page as it is', { code: 'org.permission_missing' }, {}, 1],
  ['where somebody was quicker the page shows what he wrote', { code: 'record.stale' }, {}, 2],
  ['where something happened the page shows it', { code: 'desk.facts_changed' }, {}, 2],
  ['of many parts, what came before the refused one shows', { code: 'org.permission_missing' }, { parts: true }, 2],
])('%s', async (_, problem, outcome, asked) => {
  const done = vi.fn();
  const refuse = async () => Promise.reject(new ApiError(problem));
  await open(refuse, { ...outcome, done, told: true, stale: [['deals']] });
  await press('one');
  await screen.findByText(said[problem.code] ?? /permission/);
  await waitFor(() => expect(list).toHaveBeenCalledTimes(asked));
  expect(done).not.toHaveBeenCalled();
});
