import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, configure, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, vi } from 'vitest';
import { loadTexts, setLocale } from '../app/i18n';
import Shell from '../app/Shell';
import { type Me, MeContext } from '../app/session';
import { answerOf, type Fill } from './sample';

/** everything is every permission there is to have. */
export const everything = [
  ...['account.read', 'account.write', 'contact.erase', 'opportunity.read', 'opportunity.write'],
  ...['opportunity.handover', 'evidence.decide', 'report.read', 'pipeline.read', 'pipeline.edit', 'import.run'],
  ...['org.read', 'org.edit', 'settings.edit', 'field.edit', 'audit.read'],
];

export const me = {
  ...{ memberId: 'me', name: 'Ann', csrfToken: 'c', company: 'Acme', currency: 'CNY', locale: 'en-US' },
  ...{ timeZone: 'Asia/Shanghai', today: '2026-03-09', nextWorkingDay: '2026-03-10', permissions: everything },
  ...{ principals: [], leads: [], calendarStatus: 'official', workingDay: true, mustAddFactor: false },
} as unknown as Me;

export type Ask = { method: string; path: string; query: URLSearchParams; body: unknown };
// What stands there, or is made of the question and of what the API document says.
type Answer = unknown;

/** Refused is an answer that is a problem. */
export class Refused {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {}
}
export const broken = new Refused(500, 'internal');
export const forbidden = new Refused(403, 'org.permission_missing');
/** away is where no server answers. */
export const away = Symbol('away');

/** Plan is what the server answers: by path as the API document has it; of the rest one of everything, or nothing. */
export type Plan = { answers?: Record<string, Answer>; fill?: Fill };

/** serve stands in for the server, and answers with what it was asked. */
export function serve({ answers = {}, fill = 'one' }: Plan): Ask[] {
  const asked: Ask[] = [];
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('fetch', async (r: Request | string, init?: RequestInit) => {
    const request = typeof r === 'string' ? new Request(new URL(r, location.href), init) : r;
    const { pathname, searchParams } = new URL(request.url);
    const { method } = request;
    const raw = method === 'GET' ? '' : await request.text();
    const ask = { method, path: pathname, query: searchParams, body: raw ? JSON.parse(raw) : undefined };
    asked.push(ask);
    const as = answerOf(method, pathname, fill);
    if (!as) return new Response('', { status: 404 });
    const own = answers[`${method} ${as.path}`] ?? answers[as.path] ?? answers['*'];
    const given = typeof own === 'function' ? own(ask, as.body) : own;
    if (given === away) throw new TypeError('refused');
    if (given instanceof Refused) return answer({ code: given.code, status: given.status }, given.status);
    return answer(given === undefined ? as.body : merged(as.body, given), 200);
  });
  return asked;
}

const answer = (body: unknown, status: number) =>
  new Response(JSON.stringify(body ?? null), { status, headers: { 'Content-Type': 'application/json', ETag: '"1"' } });

/** merged lays what a test says over what the document says. */
const merged = (body: unknown, said: unknown) =>
  said && body && typeof said === 'object' && !Array.isArray(said) ? { ...body, ...said } : said;

/** open shows a page as somebody with these permissions sees it. */
export async function open(address: string, plan: Plan = {}, who: Partial<Me> = {}): Promise<Ask[]> {
  const asked = serve(plan);
  history.replaceState(null, '', address);
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <MeContext value={{ ...me, ...who }}>
        <Shell />
      </MeContext>
    </QueryClientProvider>,
  );
  await waitFor(() => expect(screen.getByRole('main').textContent).not.toMatch(/^…/));
  return asked;
}

/** screens readies a file of tests about pages. */
export function screens(): void {
  // A shared machine may be many times slower than a quiet one.
  vi.setConfig({ testTimeout: 60_000 });
  configure({ asyncUtilTimeout: 20_000 });
  beforeAll(loadTexts);
  afterEach(() => {
    cleanup();
    setLocale('en-US');
    vi.unstubAllGlobals();
  });
}
