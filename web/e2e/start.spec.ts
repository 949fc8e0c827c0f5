import { expect, type Page, test } from '@playwright/test';
import { demo } from './checks';
import { signInsOf } from './demo';

// What is asked before the program is there (src/start.ts) is what its page would have asked.

test.setTimeout(120_000);

const at = demo();

async function signIn(page: Page) {
  const who = signInsOf(at.dir).director;
  await page.goto(at.base);
  await page.locator('input[name=login]').fill(who?.login ?? '');
  await page.locator('input[name=password]').fill(who?.password ?? '');
  await page.keyboard.press('Enter');
  await page.locator('.shell h1').waitFor();
}

/** questions are those of the API that a page sends until it is quiet, and whether start.ts sent them. */
async function questions(page: Page, path: string) {
  await page.goto(at.base + path, { waitUntil: 'networkidle' });
  return page.evaluate(() => (window as unknown as { sent: { url: string; early: boolean }[] }).sent);
}

/** noteQuestions has each page note what it sends. */
const noteQuestions = (page: Page) =>
  page.addInitScript(() => {
    const sent: { url: string; early: boolean }[] = [];
    Object.assign(window, { sent });
    const fetch = window.fetch;
    window.fetch = (what, how) => {
      const { pathname, search } = new URL(what instanceof Request ? what.url : what, location.href);
      sent.push({ url: pathname + search, early: /\/start-/.test(new Error().stack ?? '') });
      return fetch(what, how);
    };
  });

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
  await noteQuestions(page);
  await signIn(page);
  // While its figures are being computed the desk asks again.
  await expect
    .poll(async () => (await (await page.request.get(`${at.base}/api/desk`)).json()).deals ?? null)
    .not.toBeNull();
  for (const [path, question] of first) {
    const asked = await questions(page, path);
    expect(asked.find((a) => question.test(a.url))?.early, path).toBe(true);
    expect(asked.find((a) => a.url === '/api/session')?.early, path).toBe(true);
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
  await noteQuestions(page);
  const nobody = await questions(page, '/desk');
  expect(nobody.map((a) => a.url).sort()).toEqual(['/api/session', '/api/setup']);
  await signIn(page);
  await context.clearCookies();
  await questions(page, '/opportunities');
  await expect(page.locator('input[name=login]')).toBeVisible();
  await page.locator('input[name=login]').fill(signInsOf(at.dir).director?.login ?? '');
  await page.locator('input[name=password]').fill(signInsOf(at.dir).director?.password ?? '');
  await page.keyboard.press('Enter');
  await expect(page.locator('tbody tr td a, .rowlink').first()).toBeVisible();
  await context.close();
});
