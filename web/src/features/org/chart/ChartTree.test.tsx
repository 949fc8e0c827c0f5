import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { App } from 'antd';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { loadTexts } from '../../../app/i18n';
import { type Me, MeContext } from '../../../app/session';
import en from '../../../texts/en-US';
import { ChartTree } from './ChartTree';
import type { Node } from './rows';

vi.setConfig({ testTimeout: 30_000 });
configure({ asyncUtilTimeout: 10_000 });
beforeAll(loadTexts);
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const team = (id: string, parentId: string, more: Partial<Node> = {}): Node => ({
  ...{ id, name: `Team ${id}`, parentId, region: '', closedOn: '', version: 1, people: 0 },
  ...{ members: [], heads: [], standIn: [], vacant: [] },
  ...more,
});

const seat = {
  ...{ id: 's', teamId: 'b', position: 'Seller', leads: false, from: '', to: '', holderId: '', holderTo: '' },
  ...{ nextId: '', nextFrom: '', holderMain: false, lastId: 'left', lastTo: '2026-03-01' },
};

const teams = [
  team('a', '', { people: 2, members: ['ann'], heads: ['ann'] }),
  team('b', 'a', { people: 1, members: ['bob'], standIn: ['ann'], vacant: [seat] }),
  team('c', 'a', { standIn: ['ann'] }),
];

const people = ['ann', 'bob', 'left'].map((id) => ({ id, name: id.toUpperCase(), version: 1 }));

type Setting = { edit?: boolean; q?: string; status?: number; permissions?: string[] };

function open({ edit = true, q = '', status = 200, permissions = ['opportunity.read'] }: Setting = {}) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (r: Request) => {
    const { pathname, searchParams } = new URL(r.url);
    asked.push(pathname);
    const found = searchParams.get('q')
      ? { foundTeams: [], foundMembers: ['bob'] }
      : { foundTeams: [], foundMembers: [] };
    const rows = [{ teamId: 'b', memberId: '', open: 4 }];
    const body = {
      '/api/org/chart': { teams: searchParams.get('q') === 'nobody' ? [] : teams, ...found },
      '/api/org': { members: people, teams, roles: [] },
      '/api/desk/team': { teamId: 'a', currency: 'CNY', open: 7, rows },
    }[pathname];
    const type = status < 300 ? 'application/json' : 'application/problem+json';
    return new Response(JSON.stringify(status < 300 ? body : { status, code: 'org.permission_missing' }), {
      status,
      headers: { 'Content-Type': type },
    });
  });
  render(
    <MemoryRouter initialEntries={[`/settings?tab=teams${q && `&q=${q}`}`]}>
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <MeContext value={{ id: 'me', today: '2026-03-09', permissions, principals: [] } as unknown as Me}>
          <App>
            <ChartTree edit={edit} />
          </App>
        </MeContext>
      </QueryClientProvider>
    </MemoryRouter>,
  );
  return asked;
}

const shown = () => screen.getAllByRole('treeitem').map((x) => x.querySelector('.who')?.textContent);

test('a team without a head names who stands in, and an empty one what to do', async () => {
  open();
  await waitFor(() => expect(shown()).toEqual(['ANN', 'Team b', 'Team c'].toSpliced(0, 0, 'Team a')));
  expect(screen.getAllByText('ANN stands in').length).toBe(2);
  expect(screen.getByText(en.chart.emptyEdit)).toBeTruthy();
  expect(await screen.findByRole('link', { name: '4 open opportunities' })).toHaveProperty(
    'href',
    expect.stringContaining('team=b'),
  );
  expect(screen.getByRole('link', { name: '7 open opportunities' })).toBeTruthy();
});

test('the arrow keys walk the tree, open and close it', async () => {
  open();
  const top = await screen.findByRole('treeitem', { name: /Team a/ });
  expect([top.getAttribute('aria-level'), top.getAttribute('aria-expanded'), top.tabIndex]).toEqual(['1', 'true', 0]);
  top.focus();
  const press = (key: string) => fireEvent.keyDown(document.activeElement as Element, { key });
  press('ArrowDown');
  press('ArrowDown');
  expect(document.activeElement?.textContent).toContain('Team b');
  press('ArrowRight');
  expect(shown()).toEqual(['Team a', 'ANN', 'Team b', 'Seller', 'BOB', 'Team c']);
  expect(screen.getByText('Held by LEFT until 2026-03-01')).toBeTruthy();
  press('ArrowRight');
  expect(document.activeElement?.textContent).toContain('Seller');
  press('ArrowLeft');
  press('ArrowLeft');
  expect(shown()).toEqual(['Team a', 'ANN', 'Team b', 'Team c']);
  press('End');
  expect(document.activeElement?.textContent).toContain('Team c');
});

test('a search shows what it found and the way there', async () => {
  open({ q: 'bob' });
  await waitFor(() => expect(shown()).toEqual(['Team a', 'Team b', 'BOB']));
});

test('nothing found is said', async () => {
  open({ q: 'nobody' });
  await screen.findByText(en.chart.nothing);
});

test('who may not edit sees the tree without acts, and who may not see deals no count', async () => {
  const asked = open({ edit: false, permissions: [] });
  await screen.findByRole('treeitem', { name: /Team c/ });
  expect(screen.queryByRole('button', { name: en.chart.fill })).toBeNull();
  expect(screen.queryByRole('button', { name: /What may be done/ })).toBeNull();
  expect(asked).not.toContain('/api/desk/team');
});

test('what went wrong is said', async () => {
  open({ status: 500 });
  await screen.findByRole('alert');
});
