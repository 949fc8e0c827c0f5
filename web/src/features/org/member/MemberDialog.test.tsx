import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import { App } from 'antd';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { loadSettingsTexts, loadTexts } from '../../../app/i18n';
import { type Me, MeContext } from '../../../app/session';
import en from '../../../texts/en-US';
import { MemberDialog } from './MemberDialog';

beforeAll(async () => {
  await loadTexts();
  await loadSettingsTexts();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** open shows a member's page and answers with what it asked the server for. */
async function open(beyond: boolean): Promise<string[]> {
  const asked: string[] = [];
  const member = { id: 'm', name: 'Ann', version: 1, beyond, posts: [], roles: [], delegations: [], regions: [] };
  vi.stubGlobal('fetch', async (r: Request) => {
    const { pathname } = new URL(r.url);
    asked.push(pathname);
    const body = pathname === '/api/members/m' ? member : pathname.endsWith('/sessions') ? [] : { passkeys: [] };
    return new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } });
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MeContext value={{ id: 'me', today: '2026-03-09', permissions: ['org.edit'], principals: [] } as unknown as Me}>
        <App>
          <MemberDialog id="m" onClose={() => {}} />
        </App>
      </MeContext>
    </QueryClientProvider>,
  );
  await screen.findByText(en.member.describe);
  return asked;
}

// Asking for sign-ins that are not his to see would stand in the audit trail as an attempt.
test('of who may do more, nothing is asked and nothing offered that would be refused', async () => {
  const asked = await open(true);
  expect(screen.getByText(en.member.beyond)).toBeTruthy();
  expect(screen.queryByText(en.member.login)).toBeNull();
  expect(screen.queryByText(en.member.leave)).toBeNull();
  expect(asked.filter((path) => /sessions|factors/.test(path))).toEqual([]);
});

test('of anybody else, all is offered', async () => {
  const asked = await open(false);
  expect(screen.getByText(en.member.login)).toBeTruthy();
  expect(asked.filter((path) => /sessions|factors/.test(path)).length).toBe(2);
});
