import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { fresh, setUp, sound } from './checks';

// The audit page: who did what to whom, from where; filters in the address, a file, one's own
// sign-ins, and what a guess by a stranger leaves.

const at = fresh();

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
  await setUp(page, at, locale);
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
  await theirs.goto(at.base);
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
  // Another site would have his browser send something; the server refuses it, and the guesses after a while.
  const forged = await stranger.request.post(`${at.base}/api/session`, {
    headers: { 'Sec-Fetch-Site': 'cross-site' },
    data: {},
  });
  expect(forged.status()).toBe(403);
  await stranger.close();
  // A guess of one's own present password, and a backup by the operator beside the server.
  await send(page, 'POST', '/api/session/confirm', { current: 'not this one' });
  const backup = spawnSync('../bin/yunchou', ['backup', '--data', at.dir, '--to', join(at.dir, 'copy.db')]);
  expect(backup.status, backup.stderr.toString()).toBe(0);

  await page.goto(`${at.base}/settings?tab=audit`);
  const acts = page.getByTestId('act');
  const of = (kind: string) => page.locator(`[data-testid=act][data-kind="${kind}"]`);
  const role = of('member.role_set');
  await expect(role).toContainText(w.audit.kind.member.role_set);
  await expect(role).toContainText(`${w.roleKey.rep} → ${w.roleKey.manager}`);
  await expect(role).toContainText('管理员');
  await expect(role).toContainText('127.0.0.1');
  await expect(of('sign_in.failed')).toHaveCount(2);
  await expect(of('origin.refused')).toContainText(w.audit.kind.origin.refused);
  await expect(of('password.failed')).toContainText('管理员');
  await expect(of('company.backed_up')).toContainText(w.audit.byConsole);
  await expect(of('company.backed_up')).toContainText(w.audit.means.command);
  await expect(of('member.signed_in')).toContainText(w.audit.way.password);
  await expect(of('permission.refused')).toHaveCount(0); // our own pages ask for nothing one may not see
  await expect(page.locator('main')).not.toContainText('hunter2');
  await sound(page, 'audit');
  if (process.env.YUNCHOU_SHOTS)
    await page.screenshot({ path: `${process.env.YUNCHOU_SHOTS}/audit-${locale}.png`, fullPage: true });

  // The question is in the address.
  await page.goto(`${at.base}/settings?tab=audit&outcome=failed&about=${member.id}`);
  await expect(acts).toHaveCount(1);
  await expect(acts).toContainText(w.audit.kind.sign_in.failed);
  await page.goto(`${at.base}/settings?tab=audit&kind=role.retired`);
  await expect(page.getByText(w.audit.empty)).toBeVisible();
  await sound(page, 'audit without acts');
  await page.goto(`${at.base}/settings?tab=audit&kind=member.role_set`);
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
  await page.goto(`${at.base}/settings?tab=audit`);
  await expect(of('audit.exported')).toHaveCount(1);

  // One's own sign-ins.
  await page.goto(`${at.base}/settings?tab=mine`);
  await expect(page.locator('[data-testid=my-event][data-kind="member.signed_in"]').first()).toContainText('127.0.0.1');
  await expect(page.getByTestId('session').first()).toContainText(`127.0.0.1 · ${w.audit.way.password}`);
  await sound(page, 'own sign-ins');
  if (process.env.YUNCHOU_SHOTS)
    await page.screenshot({ path: `${process.env.YUNCHOU_SHOTS}/mine-${locale}.png`, fullPage: true });

  // What nobody expected is shown with the number by which the operator finds it.
  await page.route('**/api/audit**', (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      headers: { 'X-Request-Id': 'ABCDEFGH23456789' },
      body: '{"title":"x","status":500,"code":"internal"}',
    }),
  );
  await page.goto(`${at.base}/settings?tab=audit&outcome=done`);
  await expect(page.locator('.problem .number')).toHaveText(w.problem.number.replace('{{id}}', 'ABCDEFGH23456789'), {
    timeout: 20_000,
  });
  await sound(page, 'an unexpected error');
  if (process.env.YUNCHOU_SHOTS)
    await page.screenshot({ path: `${process.env.YUNCHOU_SHOTS}/error-${locale}.png`, fullPage: true });
});
