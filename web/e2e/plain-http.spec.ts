import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { serve, stop } from './checks';

// A company's own network: plain HTTP, by a name that is not this machine's. Browsers keep parts of
// themselves back from such a page; all but passkeys works all the same.

let server: ChildProcess;
let base = '';
let dir = '';

test.use({
  launchOptions: {
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP sales.lan 127.0.0.1'],
  },
});

test.beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'yunchou-e2e-'));
  ({ server, base } = await serve(dir));
  base = base.replace('127.0.0.1', 'sales.lan');
});

test.afterAll(async () => {
  await stop(server);
  rmSync(dir, { recursive: true, force: true });
});

test('an opportunity is made and followed up by plain HTTP', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  const broken: string[] = [];
  page.on('pageerror', (e) => broken.push(String(e)));
  await page.goto(base);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  const first = !(await page.getByText(w.signin.lead).isVisible());
  if (first) {
    await page.getByLabel(w.setup.token).fill(readFileSync(join(dir, 'setup-token'), 'utf8').trim());
    await page.getByLabel(w.setup.company).fill('衡远装备');
    await page.getByLabel(w.setup.name).fill('管理员');
  }
  await page.getByLabel(w.signin.login).fill('admin');
  await page.getByLabel(w.signin.password).fill('a long enough one');
  await page.getByRole('button', { name: first ? w.setup.go : w.signin.go, exact: true }).click();
  await expect(page.locator('.shell h1')).toBeVisible();
  expect(broken).toEqual([]);

  // Each of these gives what it makes an id of its own.
  const dialog = page.getByRole('dialog');
  const save = () => dialog.locator('button[type=submit]').click();
  await page.goto(`${base}/opportunities?state=open`);
  await page.getByRole('button', { name: w.create.title }).first().click();
  await dialog.getByLabel(w.opp.name).fill(`${locale} 二期改造`);
  await save();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${locale} 二期改造`);
  await page.getByRole('button', { name: w.followUp.title }).first().click();
  await dialog.getByLabel(w.followUp.words).fill('下周看样机');
  await save();
  await expect(page.getByText('下周看样机')).toBeVisible();
  expect(broken).toEqual([]);
});
