import { expect, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { fresh, setUp, sound } from './checks';

// What the program is, and what of others' work it contains.

const at = fresh();

test('the version and the notices of third parties are in the settings', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  await setUp(page, at, locale);
  await page.goto(`${at.base}/settings?tab=about`);
  await expect(page.getByText(w.settings.aboutLicense)).toBeVisible();
  const version = await page.evaluate(async () => (await (await fetch('/api/about')).json()).version as string);
  await expect(page.getByRole('heading', { name: `运筹 Yunchou ${version}` })).toBeVisible();
  await sound(page, 'about');
  const [notices] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('link', { name: w.settings.aboutNotices }).click(),
  ]);
  await expect(notices.locator('body')).toContainText('modernc.org/sqlite');
  await expect(notices.locator('body')).toContainText('holiday-cn');
});
