import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { serve, sound, stop } from './checks';

// Sign-in from a bare server on: set-up by the token of the start, a forced change of
// password, and an administrator who ends another's session.

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

const given = 'given by the administrator';
const own = 'chosen by myself alone';

test('set-up by token, a forced change, another ends the session', async ({ page, browser, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  const signIn = async (p: Page, login: string, password: string) => {
    await p.goto(base);
    await p.getByLabel(w.signin.login).fill(login);
    await p.getByLabel(w.signin.password, { exact: true }).fill(password);
    await p.getByRole('button', { name: w.signin.go, exact: true }).click();
  };

  // Without the token of the start nobody sets up.
  const file = join(dir, 'setup-token');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const token = readFileSync(file, 'utf8').trim();
  await page.goto(base);
  await page.getByLabel(w.setup.token).fill('guessed');
  await page.getByLabel(w.setup.company).fill('衡远装备');
  await page.getByLabel(w.setup.name).fill('管理员');
  await page.getByLabel(w.signin.login).fill('admin');
  await page.getByLabel(w.signin.password).fill('a long enough one');
  await page.getByRole('button', { name: w.setup.go }).click();
  await expect(page.getByRole('alert')).toHaveText(w.problem.identity.setup_token_wrong);
  await page.getByLabel(w.setup.token).fill(token);
  await page.getByRole('button', { name: w.setup.go }).click();
  await expect(page.locator('.shell h1')).toBeVisible();

  // A member is added; what is common is refused.
  await page.goto(`${base}/settings?tab=people`);
  const csrf = await page.evaluate(async () => (await (await fetch('/api/session')).json()).csrfToken as string);
  const add = (password: string) =>
    page.evaluate(
      async ([token, secret]) => {
        const r = await fetch('/api/members', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token as string },
          body: JSON.stringify({ name: '陈露', login: 'chenlu', password: secret }),
        });
        const body = (await r.json()) as { id?: string; code?: string };
        return body.id ?? body.code ?? '';
      },
      [csrf, password],
    );
  expect(await add('password1234567')).toBe('identity.password_common');
  const member = await add(given);

  // She changes it before anything else.
  const other = await browser.newContext({ ...(locale ? { locale } : {}) });
  const hers = await other.newPage();
  await signIn(hers, 'chenlu', given);
  await expect(hers.getByRole('heading', { name: w.identity.choose })).toBeVisible();
  await sound(hers, 'choose a password');
  await hers.goto(`${base}/board`);
  await expect(hers.getByRole('heading', { name: w.identity.choose })).toBeVisible();
  await hers.getByLabel(w.settings.currentPassword).fill(given);
  await hers.getByLabel(w.settings.nextPassword).fill(own);
  await hers.getByRole('button', { name: w.settings.changePassword }).click();
  await expect(hers.getByRole('status')).toHaveText(w.signin.because.passwordChanged);
  await signIn(hers, 'chenlu', own);
  await expect(hers.locator('.shell h1')).toBeVisible();

  // The administrator sees where she is signed in, and ends it.
  await page.goto(`${base}/settings?tab=people&member=${member}`);
  const sessions = page.getByRole('dialog').getByTestId('session');
  await expect(sessions).toHaveCount(1);
  await sound(page, 'member with sessions');
  await sessions.getByRole('button', { name: w.settings.revoke }).click();
  await expect(sessions).toHaveCount(0);
  await hers.goto(`${base}/board`);
  await expect(hers.getByLabel(w.signin.login)).toBeVisible();
  await other.close();
});
