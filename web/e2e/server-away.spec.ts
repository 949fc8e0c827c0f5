import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { serve, sound, stop } from './checks';
import { copyOfDemo, signInsOf } from './demo';

// The program stops while pages are open, as it does for every upgrade.

let server: ChildProcess;
let dir = '';

test.afterEach(async () => {
  await stop(server);
  rmSync(dir, { recursive: true, force: true });
});

test('a page says that the server is away, and comes by itself when it is back', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  dir = mkdtempSync(join(tmpdir(), 'yunchou-e2e-'));
  let base = '';
  ({ server, base } = await serve(dir));
  const again = async () => {
    ({ server } = await serve(dir, ['--listen', base.replace('http://', '')]));
  };
  await page.goto(`${base}/#setup=${readFileSync(join(dir, 'setup-token'), 'utf8').trim()}`);
  await page.getByLabel(w.setup.company).fill('衡远装备');
  await page.getByLabel(w.setup.name).fill('管理员');
  await page.getByLabel(w.signin.login).fill('admin');
  await page.getByLabel(w.signin.password).fill('a long enough one');
  await page.getByRole('button', { name: w.setup.go }).click();
  await expect(page.locator('.shell h1')).toBeVisible();

  // A page whose part was not fetched yet: the rest of the window stays.
  await stop(server);
  await page.locator('nav:visible').getByRole('link', { name: w.nav.accounts }).click();
  await expect(page.getByRole('heading', { name: w.unreached.title })).toBeVisible();
  await expect(page.locator('nav:visible').first()).toBeVisible();
  await again();
  await expect(page.locator('.shell h1')).toHaveText(w.nav.accounts);

  // A window opened anew meanwhile: whoever is signed in is not asked for a password.
  await page.route('**/api/session', (r) => r.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad</h1>' }));
  await page.reload();
  await expect(page.getByRole('heading', { name: w.unreached.title })).toBeVisible();
  await sound(page, 'unreached');
  await page.unroute('**/api/session');
  await page.getByRole('button', { name: w.common.retry }).click();
  await expect(page.locator('.shell h1')).toHaveText(w.nav.accounts);
});

test('what somebody is writing stays while the server is away', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  dir = copyOfDemo();
  const { login = '', password = '' } = signInsOf(dir).rep ?? {};
  let base = '';
  ({ server, base } = await serve(dir));
  await page.addInitScript((l) => localStorage.setItem('yunchou.locale', l), locale as string);
  await page.goto(base);
  await page.getByLabel(w.signin.login).fill(login);
  await page.getByLabel(w.signin.password, { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await expect(page.locator('.shell h1')).toBeVisible();
  const id = await page.evaluate(async () => {
    const list = (await (await fetch('/api/opportunities?state=open')).json()) as { items: { id: string }[] };
    return list.items[0]?.id;
  });
  await page.goto(`${base}/opportunities/${id}`);
  await page.locator('main').getByRole('button', { name: w.followUp.title }).click();
  const words = page.getByRole('dialog').locator('textarea').first();
  await words.fill('客户想先看样机');

  // The window is looked at again, and what it shows is asked for again: in vain.
  await stop(server);
  const away = page.getByRole('alert').filter({ hasText: w.problem.lost.away });
  await expect(async () => {
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
    await expect(away.first()).toBeVisible({ timeout: 1_500 }); // a part of the page may say it besides
  }).toPass({ timeout: 30_000 });
  await expect(words).toHaveValue('客户想先看样机');
  ({ server } = await serve(dir, ['--listen', base.replace('http://', '')]));
  await expect(away).toHaveCount(0);
  await expect(words).toHaveValue('客户想先看样机');
});
