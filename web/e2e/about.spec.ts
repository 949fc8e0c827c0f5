import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import en from '../src/locales/en-US.json' with { type: 'json' };
import zh from '../src/locales/zh-CN.json' with { type: 'json' };
import { serve, sound, stop } from './checks';

// What the program is, and what of others' work it contains.

let server: ChildProcess;
let base = '';
let dir = '';

test.beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'yunchou-e2e-'));
  ({ server, base } = await serve(dir));
});

test.afterAll(async () => {
  await stop(server);
  rmSync(dir, { recursive: true, force: true });
});

test('the version and the notices of third parties are in the settings', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  await page.goto(base);
  await page.getByLabel(w.setup.token).fill(readFileSync(join(dir, 'setup-token'), 'utf8').trim());
  await page.getByLabel(w.setup.company).fill('衡远装备');
  await page.getByLabel(w.setup.name).fill('管理员');
  await page.getByLabel(w.signin.login).fill('admin');
  await page.getByLabel(w.signin.password).fill('a long enough one');
  await page.getByRole('button', { name: w.setup.go }).click();
  await expect(page.locator('.shell h1')).toBeVisible();
  await page.goto(`${base}/settings?tab=about`);
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
