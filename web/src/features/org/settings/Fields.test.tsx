import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { App } from 'antd';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { FieldDef } from '../../../app/CustomFields';
import { loadSettingsTexts, loadTexts } from '../../../app/i18n';
import en from '../../../texts/en-US';
import { Fields } from './Fields';

vi.setConfig({ testTimeout: 30_000 });
configure({ asyncUtilTimeout: 10_000 });
beforeAll(async () => {
  await loadTexts();
  await loadSettingsTexts();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const field = (id: string, more: Partial<FieldDef> = {}): FieldDef => ({
  ...{ id, record: 'account', key: id, label: `Label ${id}`, type: 'text', options: [], choices: [], retired: false },
  ...more,
});

const touches = {
  ...{ records: 3, views: 1, groupings: 0, importedBy: 2, more: 0 },
  values: [{ value: 'by hand', code: '', records: 2, offered: false }],
};

type Answer = [status: number, body: unknown];

/** open shows the fields and keeps what was written. */
async function open(list: FieldDef[], write: Answer = [200, {}]) {
  const wrote: { path: string; body: unknown }[] = [];
  vi.stubGlobal('fetch', async (r: Request) => {
    const { pathname } = new URL(r.url);
    let [status, body]: Answer = [200, pathname.endsWith('/touches') ? touches : list];
    if (r.method !== 'GET') {
      wrote.push({ path: `${r.method} ${pathname}`, body: await r.json() });
      [status, body] = write;
    }
    const type = status < 300 ? 'application/json' : 'application/problem+json';
    return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': type } });
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <App>
        <Fields />
      </App>
    </QueryClientProvider>,
  );
  if (list[0]) await screen.findByText(list[0].label);
  return wrote;
}

const press = (name: string | RegExp, at = 0) =>
  fireEvent.click(screen.getAllByRole('button', { name })[at] as HTMLElement);

test('a field is renamed below what that touches', async () => {
  const wrote = await open([field('a')]);
  press(en.fieldChange.rename);
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByText('3 records have a value');
  expect(within(dialog).getByText('1 saved view filters by it or shows it')).toBeTruthy();
  fireEvent.change(within(dialog).getByLabelText(en.settings.fieldLabel), { target: { value: 'Area' } });
  fireEvent.click(within(dialog).getByRole('button', { name: en.fieldChange.rename }));
  await waitFor(() => expect(wrote).toEqual([{ path: 'PATCH /api/fields/a', body: { label: 'Area' } }]));
});

test('of choices, what is held beside them is told before they are given', async () => {
  const kept = { code: 'x', label: 'x', retired: false };
  const wrote = await open([field('a', { type: 'choice', options: ['x'], choices: [kept] })]);
  press(en.fieldChange.choose);
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByText('by hand (2 records)');
  fireEvent.click(within(dialog).getByLabelText(en.fieldChange.isRetired));
  fireEvent.click(within(dialog).getByRole('button', { name: en.fieldChange.addChoice }));
  fireEvent.change(within(dialog).getByLabelText('Choice 2'), { target: { value: 'y' } });
  fireEvent.click(within(dialog).getByRole('button', { name: en.fieldChange.choose }));
  const choices = [
    { ...kept, retired: true },
    { code: '', label: 'y', retired: false },
  ];
  await waitFor(() => expect(wrote).toEqual([{ path: 'PATCH /api/fields/a', body: { choices } }]));
});

test('fields change places, and a retired one has none and comes back', async () => {
  const wrote = await open([field('a'), field('b'), field('c', { retired: true })]);
  press('Move Label a down');
  await waitFor(() =>
    expect(wrote).toEqual([{ path: 'PUT /api/fields/order', body: { record: 'account', ids: ['b', 'a'] } }]),
  );
  expect(screen.queryByRole('button', { name: 'Move Label c up' })).toBeNull();
  press(en.fieldChange.restore);
  fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: en.fieldChange.restore }));
  await waitFor(() => expect(wrote[1]).toEqual({ path: 'PATCH /api/fields/c', body: { retired: false } }));
});

test('a name that is taken is said at the field, and the form stays', async () => {
  const problem = {
    code: 'field.label_taken',
    params: { label: 'B' },
    errors: [{ pointer: '/label', code: 'field.label_taken' }],
  };
  await open([field('a')], [409, problem]);
  press(en.fieldChange.rename);
  const dialog = await screen.findByRole('dialog');
  fireEvent.change(within(dialog).getByLabelText(en.settings.fieldLabel), { target: { value: 'B' } });
  fireEvent.click(within(dialog).getByRole('button', { name: en.fieldChange.rename }));
  await within(dialog).findAllByText(/A field is called “B” already/);
});

test('a company without fields is told so', async () => {
  await open([]);
  await screen.findByText(en.settings.noFields);
});
