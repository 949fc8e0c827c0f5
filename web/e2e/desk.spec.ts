import { expect, type Page, test } from '@playwright/test';
import { demo, signInAs, sound } from './checks';

// The desk is one answer, and shows what waits before what is still being calculated.

const at = demo();

async function signIn(page: Page, locale: string) {
  await signInAs(page, at, 'manager', locale);
}

const words = {
  'zh-CN': { calculating: '正在计算…', team: '团队' },
  'en-US': { calculating: 'Calculating…', team: 'Team' },
};

test('what the desk counts is what opens', async ({ page, locale }) => {
  const w = words[locale as keyof typeof words];
  await signIn(page, locale as string);
  const team = page.locator('.card', { has: page.locator('h2', { hasText: w.team }) });
  await expect(team).toBeVisible();
  const open = await page.locator('.sub a').textContent();
  const figures = await team
    .locator('tbody td:nth-child(2) a')
    .evaluateAll((all) => all.map((a) => ({ count: a.textContent, href: a.getAttribute('href') ?? '' })));
  expect(figures.length).toBeGreaterThan(0);
  for (const { count, href } of figures) {
    await page.goto(at.base + href);
    await expect(page.locator('.stamp')).toHaveText(new RegExp(`^${count}\\D`));
  }
  await page.goto(`${at.base}/opportunities?state=open`);
  await expect(page.locator('.stamp')).toHaveText(new RegExp(`^${/\d+/.exec(open ?? '')?.[0]}\\D`));
});

test('the desk asks once, and shows what waits before the rest is calculated', async ({ page, locale }) => {
  const w = words[locale as keyof typeof words];
  await signIn(page, locale as string);
  const team = page.locator('.card h2', { hasText: w.team });
  await expect(team).toBeVisible();

  // Everything is calculated by now: a cold look asks who it is, who is who, for the desk, how he answers and who calls for help, and the frame for its count; beside a name who of us knows him, which is worked out for whoever asks.
  const asked: string[] = [];
  page.on('request', (r) => {
    const path = new URL(r.url()).pathname;
    if (path.startsWith('/api/')) asked.push(path);
  });
  await page.goto(`${at.base}/desk`);
  await expect(team).toBeVisible();
  await page.waitForLoadState('networkidle');
  const paths = asked.map((p) => p.replace(/\/contacts\/[^/]+\//, '/contacts/…/'));
  expect([...new Set(paths)].sort()).toEqual([
    '/api/cleanup',
    '/api/contacts/…/knowers',
    '/api/desk',
    '/api/guidance-calls',
    '/api/guidance-measures',
    '/api/guidance-waiting',
    '/api/org',
    '/api/session',
  ]);

  expect(asked.filter((p) => p === '/api/desk')).toHaveLength(1);

  // As after a start: what waits is there, the rest says that it is on its way, and comes.
  // What is told meanwhile would have it asked once more: no line here.
  await page.route('**/api/events*', (route) => route.abort());
  let answers = 0;
  await page.route('**/api/desk', async (route) => {
    const real = await route.fetch();
    const body = await real.json();
    answers++;
    if (answers > 2) return route.fulfill({ json: body });
    return route.fulfill({ json: { ...body, deals: null, figures: null, computing: true } });
  });
  await page.goto(`${at.base}/desk`);
  await expect(page.getByText(w.calculating).first()).toBeVisible();
  await expect(page.locator('.ex').first()).toBeVisible();
  await expect(team).toBeHidden();
  await sound(page, 'desk while it is calculated');
  await expect(team).toBeVisible();
  await expect(page.getByText(w.calculating)).toHaveCount(0);
  expect(answers).toBe(3);
});
