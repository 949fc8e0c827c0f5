import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import en from '../src/locales/en-US.json' with { type: 'json' };
import zh from '../src/locales/zh-CN.json' with { type: 'json' };
import { serve, sound, stop } from './checks';

// The audit page: who did what to whom, from where; filters in the address, a file, one's own
// sign-ins, and what a guess by a stranger leaves.

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

/** send calls the API as the page would. */
const send = (page: Page, method: string, path: string, body: unknown, version = '') =>
  page.evaluate(
    async ([method, path, body, version]) => {
      const me = (await (await fetch('/api/session')).json()) as { csrfToken: string };
      const r = await fetch(path as string, {
        method: method as string,
        headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': me.csrfToken, 'If-Match': `"${version}"` },
        body: JSON.stringify(body),
      });
      return r.text();
    },
    [method, path, body, version],
  );

test('the trail tells who did what, and is filtered, opened and taken out', async ({ page, browser, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  await page.goto(base);
  await page.getByLabel(w.setup.token).fill(readFileSync(join(dir, 'setup-token'), 'utf8').trim());
  await page.getByLabel(w.setup.company).fill('衡远装备');
  await page.getByLabel(w.setup.name).fill('管理员');
  await page.getByLabel(w.signin.login).fill('admin');
  await page.getByLabel(w.signin.password).fill('a long enough one');
  await page.getByRole('button', { name: w.setup.go }).click();
  await expect(page.locator('.shell h1')).toBeVisible();
  const made = await send(page, 'POST', '/api/members', {
    name: '陈露',
    login: 'chenlu',
    password: 'given by the admin',
  });
  const member = JSON.parse(made) as { id: string };
  await send(page, 'POST', `/api/members/${member.id}/role`, { role: 'manager' }, '1');

  // A stranger guesses.
  const stranger = await browser.newContext();
  const theirs = await stranger.newPage();
  await theirs.goto(base);
  for (const login of ['chenlu', 'hunter2 typed as a name']) {
    await theirs
      .getByLabel(w.signin.login)
      .or(theirs.getByLabel(zh.signin.login))
      .or(theirs.getByLabel(en.signin.login))
      .first()
      .fill(login);
    await theirs.locator('input[type=password]').fill('guessed');
    await theirs.locator('button.go').click();
    await expect(theirs.getByRole('alert')).toBeVisible();
  }
  await stranger.close();

  await page.goto(`${base}/settings?tab=audit`);
  const acts = page.getByTestId('act');
  const of = (kind: string) => page.locator(`[data-testid=act][data-kind="${kind}"]`);
  const role = of('member.role_set');
  await expect(role).toContainText(w.audit.kind.member.role_set);
  await expect(role).toContainText(`${w.roleKey.rep} → ${w.roleKey.manager}`);
  await expect(role).toContainText('管理员');
  await expect(role).toContainText('127.0.0.1');
  await expect(of('sign_in.failed')).toHaveCount(2);
  await expect(page.locator('main')).not.toContainText('hunter2');
  await sound(page, 'audit');
  if (process.env.YUNCHOU_SHOTS)
    await page.screenshot({ path: `${process.env.YUNCHOU_SHOTS}/audit-${locale}.png`, fullPage: true });

  // The question is in the address.
  await page.goto(`${base}/settings?tab=audit&outcome=failed&about=${member.id}`);
  await expect(acts).toHaveCount(1);
  await expect(acts).toContainText(w.audit.kind.sign_in.failed);
  await page.goto(`${base}/settings?tab=audit&kind=role.retired`);
  await expect(page.getByText(w.audit.empty)).toBeVisible();
  await sound(page, 'audit without acts');
  await page.goto(`${base}/settings?tab=audit&kind=member.role_set`);
  await expect(acts).toHaveCount(1);

  // Whom it concerns is opened.
  await acts.getByRole('link', { name: '陈露' }).click();
  await expect(page.getByRole('dialog')).toContainText('陈露');

  // The file says the same in the reader's words, and that it left is in the trail.
  const csv = await page.evaluate(
    async (l) => (await fetch(`/api/exports/audit?format=csv&locale=${l}`)).text(),
    locale ?? 'en-US',
  );
  expect(csv).toContain(w.audit.kind.member.role_set);
  expect(csv).toContain(`${w.roleKey.rep} → ${w.roleKey.manager}`);
  await page.goto(`${base}/settings?tab=audit`);
  await expect(of('audit.exported')).toHaveCount(1);

  // One's own sign-ins.
  await page.goto(`${base}/settings?tab=mine`);
  await expect(page.locator('[data-testid=my-event][data-kind="member.signed_in"]').first()).toContainText('127.0.0.1');
  await sound(page, 'own sign-ins');
  if (process.env.YUNCHOU_SHOTS)
    await page.screenshot({ path: `${process.env.YUNCHOU_SHOTS}/mine-${locale}.png`, fullPage: true });
});
