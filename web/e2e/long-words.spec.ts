import { expect, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { demo, signInAs } from './checks';

// A name of eighty letters and a note of forty lines stand whole on their page, which is no wider for them.

const at = demo();

test('long names and notes stay on the page', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  await signInAs(page, at, 'manager', locale ?? 'en-US');
  const name = '长'.repeat(80);
  await page.goto(`${at.base}/opportunities`);
  await page.getByRole('button', { name: w.create.title, exact: true }).first().click();
  await page.getByLabel(w.opp.name, { exact: true }).fill(name);
  await page.locator('.ant-modal-footer button[type=submit]').click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await page.locator('main').getByRole('button', { name: w.followUp.title, exact: true }).click();
  const lines = Array.from({ length: 40 }, (_, i) => `第 ${i + 1} 行`).join('\n');
  await page.getByLabel(w.followUp.words).fill(lines);
  await page.locator('.ant-modal-footer button[type=submit]').click();
  await expect(page.getByText('第 40 行')).toBeVisible();
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  expect(await fits(), 'the deal').toBe(true);
  const size = await page.getByRole('heading', { level: 1, name }).boundingBox();
  expect((size?.x ?? 0) + (size?.width ?? 0), 'its name').toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
  for (const path of ['/opportunities', '/board', '/desk', '/settings']) {
    await page.goto(`${at.base}${path}`);
    await expect(page.locator('.shell h1').first()).toBeVisible();
    expect(await fits(), path).toBe(true);
  }
});
