import { expect, type Page, test } from '@playwright/test';
import { demo, signInAs } from './checks';

// Every figure opens the records behind it, each page says as of when, and the desk's counts are those of its lists.

const at = demo();

async function signIn(page: Page, role: string, locale: string) {
  await signInAs(page, at, role, locale);
}

/**
 * dead are the figures of a page that open nothing: those of its tiles, tables and lanes. No records of their own have
 * the facts of the one record a page or a row is, a difference of two figures beside it, and a day.
 */
const dead = (page: Page) =>
  page.locator('main .num b, main .num small, main td, main .pad b, main .lane h2').evaluateAll((all) =>
    all
      .filter((e) => {
        const text = (e.textContent ?? '').trim();
        if (e.querySelector('[data-difference]') && !e.matches('small')) return false;
        if (e.closest('[data-facts]')) return false;
        if (/^\d\d-\d\d\b/.test(text)) return false;
        const row = e.closest('tr');
        const record = row?.querySelector('a[href*="/opportunities/"], a[href*="/accounts/"], a[href*="/contacts/"]');
        const inside = e.closest('a, button') ?? e.querySelector('a, button, input');
        return /^[<>≥−-]?\s?(?:[¥$€£]|[A-Z]{3} )?\d[\d,.]*\s?(?:%|万|亿|K|M)?/.test(text) && !record && !inside;
      })
      .map((e) => `${e.closest('.card')?.querySelector('h2')?.textContent ?? ''}: ${e.textContent?.trim()}`),
  );

const pages = ['/desk', '/opportunities', '/board', '/funnel', '/accounts', '/contacts', '/tasks', '/settings'];
const tabs = ['conversion', 'dwell', 'winloss', 'compare', 'trend', 'cohorts', 'forecast'];

/** asTables turns the pictures of a page to the tables of the same figures. */
async function asTables(page: Page) {
  const pictures = page.locator('main .card .tools button:has(.anticon-table)');
  while ((await pictures.count()) > 0) await pictures.first().click();
}

/** firstOf is the address of the first record a list shows. */
async function firstOf(page: Page, list: string): Promise<string> {
  await page.goto(at.base + list);
  const link = page.locator(`main a[href*="${list.split('?')[0]}/"]`).first();
  return (await link.getAttribute('href')) ?? '';
}

test('no figure is without its records, and each page says as of when', async ({ page, locale }) => {
  await signIn(page, 'director', locale as string);
  for (const path of pages) {
    await page.goto(at.base + path);
    await expect(page.locator('main h1')).toBeVisible();
    await page.waitForLoadState('networkidle');
    expect(await dead(page), path).toEqual([]);
    await expect(page.locator('main .as-of'), path).toHaveText(/\d{4}-\d{2}-\d{2}/);
  }
});

test('no figure of the analysis or of a record is without its records', async ({ page, locale }) => {
  test.skip(!process.env.YUNCHOU_SOAK && locale !== 'zh-CN', 'in the long form, in both');
  await signIn(page, 'director', locale as string);
  const records = [await firstOf(page, '/opportunities'), await firstOf(page, '/accounts')];
  const analyses = tabs.map((tab) => `/analysis?tab=${tab}&from=2026-01-01&compare=year`);
  for (const path of [...analyses, ...records]) {
    await page.goto(at.base + path);
    await expect(page.locator('main h1')).toBeVisible();
    await page.waitForLoadState('networkidle');
    await asTables(page);
    if (path.startsWith('/analysis')) expect(await page.locator('main button.open').count(), path).toBeGreaterThan(5);
    expect(await dead(page), path).toEqual([]);
    await expect(page.locator('main .as-of'), path).toHaveText(/\d{4}-\d{2}-\d{2}/);
  }
});

test('a report of a past day says that day, and its counts open to as many records', async ({ page, locale }) => {
  await signIn(page, 'director', locale as string);
  await page.goto(`${at.base}/analysis?tab=cohorts&asOf=2026-06-30`);
  await expect(page.locator('main .as-of')).toContainText('2026-06-30');
  const cells = page.locator('table.triangle tbody tr:last-child button.open');
  await expect(cells.first()).toBeVisible();
  for (const at of [0, 1]) {
    const count = (await cells.nth(at).textContent())?.trim() ?? '';
    expect(count).toMatch(/^\d+$/);
    await cells.nth(at).click();
    await expect(page.locator('.ant-drawer-body > p').first()).toHaveText(new RegExp(`\\b${count}\\b`));
    await page.keyboard.press('Escape');
    await expect(page.locator('.ant-drawer-body')).toHaveCount(0);
  }
});

for (const [i, role] of ['rep', 'manager', 'director', 'admin'].entries())
  test(`each count of the desk of a ${role} is that of the list it opens`, async ({ page, locale }) => {
    test.skip(!process.env.YUNCHOU_SOAK && (i % 2 === 0) !== (locale === 'zh-CN'), 'in the long form, in both');
    await signIn(page, role, locale as string);
    await page.waitForLoadState('networkidle');
    const links = page.locator('main .num a, main .card table.t a[href*="sort=amount"]');
    await expect(links.first()).toBeVisible();
    const counts = await links.evaluateAll((all) =>
      all.map((a) => ({ count: (a.textContent ?? '').replace(/[,≥ ]/g, ''), href: a.getAttribute('href') ?? '' })),
    );
    expect(counts.length).toBeGreaterThan(5);
    for (const { count, href } of counts.filter((c) => /^\d+$/.test(c.count))) {
      await page.goto(at.base + href);
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
