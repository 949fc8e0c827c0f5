import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { serve, sound, stop } from './checks';

// What a browser keeps, shows and runs: fields for passwords, the policy of the page, and what is
// left after somebody has signed out or a session has ended.

let server: ChildProcess;
let base = '';
let dir = '';
const password = 'a long enough one';

test.beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'yunchou-e2e-'));
  ({ server, base } = await serve(dir));
});

test.afterAll(async () => {
  await stop(server);
  rmSync(dir, { recursive: true, force: true });
});

const words = (locale: string | undefined) => (locale === 'zh-CN' ? zh : en);

/** setUp makes the company, once. */
async function setUp(page: Page, locale: string | undefined) {
  await page.goto(base);
  const needed = await page.evaluate(async () => (await (await fetch('/api/setup')).json()).needsSetup as boolean);
  if (!needed) return;
  const token = readFileSync(join(dir, 'setup-token'), 'utf8').trim();
  const made = await page.evaluate(
    async ([token, password, locale]) => {
      const start = (await (await fetch('/api/session/start')).json()) as { csrfToken: string };
      const made = await fetch('/api/setup', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': start.csrfToken },
        body: JSON.stringify({
          token,
          company: '衡远装备',
          currency: 'CNY',
          locale,
          name: '管理员',
          login: 'admin',
          password,
        }),
      });
      return made.status;
    },
    [token, password, locale ?? 'zh-CN'],
  );
  expect(made).toBe(200);
  await page.context().clearCookies();
}

async function signIn(page: Page, w: typeof zh | typeof en) {
  await page.goto(base);
  await page.getByLabel(w.signin.login).fill('admin');
  await page.getByLabel(w.signin.password, { exact: true }).fill(password);
  await page.getByRole('button', { name: w.signin.go, exact: true }).click();
  await expect(page.locator('.shell h1')).toBeVisible();
}

const phone = (page: Page) => (page.viewportSize()?.width ?? 1440) < 700;

/** wayOut is what every page shows to sign out by: at the desk the button, on the phone the page that has it. */
const wayOut = (page: Page, w: typeof zh | typeof en) =>
  phone(page)
    ? page.getByRole('navigation').getByRole('link', { name: w.common.more })
    : page.getByRole('navigation').getByRole('button', { name: w.nav.signOut });

/** readyToLeave is the button itself. */
async function readyToLeave(page: Page, w: typeof zh | typeof en) {
  if (!phone(page)) return wayOut(page, w);
  await wayOut(page, w).click();
  return page.getByRole('main').getByRole('button', { name: w.nav.signOut, exact: true });
}

const stored = (page: Page) =>
  page.evaluate(() => ({ local: Object.keys(localStorage).sort(), session: Object.keys(sessionStorage) }));

async function blocked(context: BrowserContext) {
  const found: string[] = [];
  await context.exposeFunction('toldBlocked', (what: string) => found.push(what));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (e) =>
      (window as unknown as { toldBlocked: (what: string) => void }).toldBlocked(
        `${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`,
      ),
    );
  });
  return found;
}

test('passwords are typed masked, pasted and kept by the browser', async ({ page, context, locale }) => {
  const w = words(locale);
  await setUp(page, locale);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(base);
  const field = page.getByLabel(w.signin.password, { exact: true });
  await expect(field).toHaveAttribute('type', 'password');
  await expect(field).toHaveAttribute('autocomplete', 'current-password');
  await expect(page.getByLabel(w.signin.login)).toHaveAttribute('autocomplete', 'username');
  await page.evaluate((text) => navigator.clipboard.writeText(text), password);
  await page.getByLabel(w.signin.login).fill('admin');
  await field.focus();
  await page.keyboard.press('Control+V');
  await expect(field).toHaveValue(password);
  await page.getByRole('button', { name: w.signin.go, exact: true }).click();
  await expect(page.locator('.shell h1')).toBeVisible();
  await page.goto(`${base}/settings?tab=mine`);
  for (const label of [w.settings.currentPassword, w.settings.nextPassword]) {
    const own = page.getByLabel(label).first();
    await expect(own).toHaveAttribute('type', 'password');
    await own.focus();
    await page.keyboard.press('Control+V');
    await expect(own).toHaveValue(password);
  }
});

test('every page keeps to the policy and shows the way out', async ({ page, context, locale }) => {
  const w = words(locale);
  const found = await blocked(context);
  await setUp(page, locale);
  await signIn(page, w);
  const scripts = await page.evaluate(() =>
    [...document.scripts].map((s) => new URL(s.src).origin === location.origin),
  );
  expect(scripts).not.toContain(false);
  for (const path of [
    'desk',
    'tasks',
    'board',
    'opportunities',
    'funnel',
    'analysis',
    'accounts',
    'contacts',
    'import',
  ]) {
    await page.goto(`${base}/${path}`);
    await expect(page.locator('.shell h1')).toBeVisible();
    await expect(wayOut(page, w)).toBeVisible();
  }
  for (const tab of ['mine', 'people', 'roles', 'company']) {
    await page.goto(`${base}/settings?tab=${tab}`);
    await expect(wayOut(page, w)).toBeVisible();
  }
  const [file] = await Promise.all([
    page.waitForEvent('download'), // what is no page is saved, though nothing in it may run
    page.evaluate(() => location.assign('/api/exports/opportunities?format=csv&locale=zh-CN')),
  ]);
  expect(file.suggestedFilename()).toMatch(/^yunchou-.*\.csv$/);
  expect(found).toEqual([]);
  const kept = await stored(page);
  expect(kept.local.filter((k) => !/^yunchou\.(locale|theme|columns|returning)$/.test(k))).toEqual([]);
});

test('who signs out leaves nothing in any tab', async ({ page, context, locale }) => {
  const w = words(locale);
  await setUp(page, locale);
  await signIn(page, w);
  const other = await context.newPage();
  await other.goto(`${base}/settings?tab=mine`);
  await expect(other.getByRole('main').getByText('管理员').first()).toBeVisible();
  await page.goto(`${base}/accounts`);
  await (await readyToLeave(page, w)).click();
  for (const tab of [page, other]) {
    await expect(tab.getByLabel(w.signin.login)).toBeVisible();
    await expect(tab.getByText('衡远装备')).toHaveCount(0);
  }
  expect(await stored(page)).toMatchObject({ session: [] });
  expect((await stored(page)).local).not.toContain('yunchou.returning');
  await page.goBack();
  await expect(page.getByLabel(w.signin.login)).toBeVisible();
  await expect(page.getByText('衡远装备')).toHaveCount(0);
  await other.close();
});

test('without a network what was shown goes, and one is told', async ({ page, context, locale }) => {
  const w = words(locale);
  await setUp(page, locale);
  await signIn(page, w);
  await page.goto(`${base}/accounts`);
  await expect(page.locator('.shell h1')).toBeVisible();
  const out = await readyToLeave(page, w);
  await expect(out).toBeVisible();
  await context.setOffline(true);
  await out.click();
  await expect(page.getByRole('alert')).toHaveText(w.signin.leftLead);
  await expect(page.getByText('衡远装备')).toHaveCount(0);
  await sound(page, 'signed out without a network');
  await context.setOffline(false);
  await page.getByRole('button', { name: w.nav.signOut }).click();
  await expect(page.getByLabel(w.signin.login)).toBeVisible();
  expect((await context.cookies()).filter((c) => c.name.endsWith('yunchou_session'))).toEqual([]);
});

test('a page left alone shows nothing once its session has ended', async ({ page, locale }) => {
  const w = words(locale);
  await page.clock.install();
  await setUp(page, locale);
  await signIn(page, w);
  await page.goto(`${base}/settings?tab=mine`);
  await expect(page.getByRole('main').getByText('管理员').first()).toBeVisible();
  await page.route('**/api/session', (r) =>
    r.fulfill({ status: 401, contentType: 'application/problem+json', body: '{"code":"org.session_ended"}' }),
  );
  await page.clock.fastForward('23:00:00');
  await expect(page.getByRole('main').getByText('管理员').first()).toBeVisible();
  await page.clock.fastForward('01:01:00');
  await expect(page.getByLabel(w.signin.login)).toBeVisible();
  await expect(page.getByText('管理员')).toHaveCount(0);
});
