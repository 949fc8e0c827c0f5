import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { serve, stop } from './checks';
import { copyOfDemo, signInsOf } from './demo';

// Every figure opens the records behind it, each page says as of when, and the desk's counts are those of its lists.

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

async function signIn(page: Page, role: string, locale: string) {
  const who = signInsOf(dir)[role];
  await page.addInitScript((l) => localStorage.setItem('yunchou.locale', l), locale);
  await page.goto(base);
  await page
    .locator('form input')
    .nth(0)
    .fill(who?.login ?? '');
  await page
    .locator('form input')
    .nth(1)
    .fill(who?.password ?? '');
  await page.keyboard.press('Enter');
  await expect(page.locator('.shell h1')).toBeVisible();
}

/** dead are the figures of a page that open nothing: those of its tiles and tables, but for rows that are a record each. */
const dead = (page: Page) =>
  page.locator('main .num b, main td, main .pad b').evaluateAll((all) =>
    all
      .filter((e) => {
        const text = (e.textContent ?? '').trim();
        const row = e.closest('tr');
        const record = row?.querySelector('a[href*="/opportunities/"], a[href*="/accounts/"], a[href*="/contacts/"]');
        const inside = e.closest('a, button') ?? e.querySelector('a, button, input');
        return /^[<>≥−-]?\s?(?:[¥$€£]|[A-Z]{3} )?\d[\d,.]*\s?(?:%|万|亿|K|M)?/.test(text) && !record && !inside;
      })
      .map((e) => `${e.closest('.card')?.querySelector('h2')?.textContent ?? ''}: ${e.textContent?.trim()}`),
  );

const pages = ['/desk', '/opportunities', '/board', '/funnel', '/accounts', '/contacts', '/tasks'];

test('no figure is without its records, and each page says as of when', async ({ page, locale }) => {
  await signIn(page, 'director', locale as string);
  for (const path of pages) {
    await page.goto(base + path);
    await expect(page.locator('main h1')).toBeVisible();
    await page.waitForLoadState('networkidle');
    expect(await dead(page), path).toEqual([]);
    await expect(page.locator('main .as-of'), path).toHaveText(/\d{4}-\d{2}-\d{2}/);
  }
});

for (const role of ['rep', 'manager', 'director', 'admin'])
  test(`each count of the desk of a ${role} is that of the list it opens`, async ({ page, locale }) => {
    await signIn(page, role, locale as string);
    await page.waitForLoadState('networkidle');
    const links = page.locator('main .num a, main .card table.t a[href*="sort=amount"]');
    await expect(links.first()).toBeVisible();
    const counts = await links.evaluateAll((all) =>
      all.map((a) => ({ count: (a.textContent ?? '').replace(/[,≥ ]/g, ''), href: a.getAttribute('href') ?? '' })),
    );
    expect(counts.length).toBeGreaterThan(5);
    for (const { count, href } of counts.filter((c) => /^\d+$/.test(c.count))) {
      await page.goto(base + href);
      await expect(page.locator('main .top .stamp'), href).toHaveText(
        new RegExp(`^${Number(count).toLocaleString()}\\D|^${count}\\D`),
      );
    }
  });

const words = {
  'zh-CN': { fill: '一次补齐', what: '内容', save: '保存' },
  'en-US': { fill: 'Fill them in', what: 'What', save: 'Save' },
};

test('next steps are filled in one list, and what is refused stays in its line', async ({ page, locale }) => {
  const w = words[locale as keyof typeof words];
  await signIn(page, 'director', locale as string);
  const count = page.locator('main .num a[href*="noNextStep"]');
  const before = Number(await count.textContent());
  await page.getByRole('button', { name: w.fill }).click();
  const lines = page.locator('.fill-line');
  await expect(lines.first()).toBeVisible();
  await page.route('**/next-steps', (route, req) =>
    req.postDataJSON().what === 'refused' ? route.abort() : route.continue(),
  );
  await lines.nth(0).locator('input').first().fill('refused');
  await lines.nth(1).locator('input').first().fill('约客户见面');
  await page.locator('.ant-drawer-footer button').click();
  await expect(lines.nth(1).getByRole('status')).toContainText('约客户见面');
  await expect(lines.nth(0).getByRole('alert')).toBeVisible();
  await expect(lines.nth(0).locator('input').first()).toHaveValue('refused');
  await page.keyboard.press('Escape');
  await expect(count).toHaveText(String(before - 1));
});
