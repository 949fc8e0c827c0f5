import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { serve, stop } from './checks';
import { copyOfDemo, signInsOf } from './demo';

// What is asked before the program is there (src/start.ts) is what its page would have asked.

let server: ChildProcess;
let base = '';
let dir = '';

test.beforeAll(async () => {
  dir = copyOfDemo();
  ({ server, base } = await serve(dir));
});

test.afterAll(async () => {
  await stop(server);
  if (dir) rmSync(dir, { recursive: true, force: true });
});

async function signIn(page: Page) {
  const who = signInsOf(dir).director;
  await page.goto(base);
  await page.locator('input[name=login]').fill(who?.login ?? '');
  await page.locator('input[name=password]').fill(who?.password ?? '');
  await page.keyboard.press('Enter');
  await page.locator('.shell h1').waitFor();
}

/** questions are those of the API that a page sends from its beginning until it is quiet, and how many scripts it had by then. */
async function questions(page: Page, path: string) {
  const asked: { url: string; scripts: number }[] = [];
  let scripts = 0;
  const note = (url: string) => {
    const at = new URL(url);
    if (at.pathname.startsWith('/api/')) asked.push({ url: at.pathname + at.search, scripts });
  };
  const done = (url: string) => {
    if (url.endsWith('.js') && !url.includes('/start-')) scripts++;
  };
  page.on('request', (r) => note(r.url()));
  page.on('requestfinished', (r) => done(r.url()));
  await page.goto(base + path, { waitUntil: 'networkidle' });
  page.removeAllListeners('request');
  page.removeAllListeners('requestfinished');
  return asked;
}

const first: [string, RegExp][] = [
  ['/', /^\/api\/desk$/],
  ['/desk', /^\/api\/desk$/],
  ['/board?q=a%20b', /^\/api\/board\?q=a%20b&pipeline=/],
  [
    '/opportunities?state=open&state=won&sort=amount&desc=true&cols=account',
    /^\/api\/opportunities\?state=open&state=won/,
  ],
  ['/funnel?team=&from=2026-01-01', /^\/api\/reports\/funnel\?/],
  ['/analysis?from=2025-12-01&to=2026-11-30&compare=year&tab=conversion', /^\/api\/reports\/funnel\?/],
  ['/analysis?tab=trend&step=quarter', /^\/api\/reports\/trend\?/],
  ['/accounts?sort=created&desc=true', /^\/api\/accounts\?/],
];

test('a page asks its first questions before the program is there, and each once', async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page);
  for (const [path, question] of first) {
    const asked = await questions(page, path);
    expect(asked.find((a) => question.test(a.url))?.scripts, path).toBe(0);
    expect(asked.find((a) => a.url === '/api/session')?.scripts, path).toBe(0);
    const urls = asked.map((a) => a.url).filter((u) => !u.startsWith('/api/reports/progress'));
    expect(
      urls.filter((u, i) => urls.indexOf(u) !== i),
      path,
    ).toEqual([]);
  }
  await context.close();
});

test('whoever is not signed in is asked nothing for, and whoever is no longer is shown the way in', async ({
  browser,
}) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const nobody = await questions(page, '/desk');
  expect(nobody.map((a) => a.url).sort()).toEqual(['/api/session', '/api/setup']);
  await signIn(page);
  await context.clearCookies();
  await questions(page, '/opportunities');
  await expect(page.locator('input[name=login]')).toBeVisible();
  await page.locator('input[name=login]').fill(signInsOf(dir).director?.login ?? '');
  await page.locator('input[name=password]').fill(signInsOf(dir).director?.password ?? '');
  await page.keyboard.press('Enter');
  await expect(page.locator('tbody tr td a, .rowlink').first()).toBeVisible();
  await context.close();
});
