import type { ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { serve, sound, stop } from './checks';

// What one signs in with besides the password: an authenticator app with its recovery codes, a
// passkey of the browser's own virtual authenticator, and a role that needs one.

let server: ChildProcess;
let base = '';
let dir = '';

test.beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'yunchou-e2e-'));
  ({ server, base } = await serve(dir));
  base = base.replace('127.0.0.1', 'localhost'); // passkeys belong to a name
});

test.afterAll(async () => {
  await stop(server);
  rmSync(dir, { recursive: true, force: true });
});

const secret = 'a long enough one';
const given = 'given by the administrator';
const own = 'chosen by myself alone';

/** codeOf is what an authenticator app shows, some half minutes from now. */
function codeOf(key: string, ahead: number): string {
  const bits = [...key.replaceAll(' ', '')]
    .map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'))
    .join('');
  const seed = Buffer.from((bits.match(/.{8}/g) ?? []).map((b) => Number.parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const mac = createHmac('sha1', seed).update(step).digest();
  const at = (mac[19] ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** withAuthenticator gives a page an authenticator whose owner is always there. */
async function withAuthenticator(page: Page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

test('an authenticator app, recovery codes, a passkey, and a role that needs one', async ({
  page,
  browser,
  locale,
}) => {
  const w = locale === 'zh-CN' ? zh : en;
  const i = w.identity;
  const shell = (p: Page) => expect(p.locator('.shell h1')).toBeVisible();
  const signIn = async (p: Page, login: string, password: string) => {
    await p.goto(base);
    await p.getByLabel(w.signin.login).fill(login);
    await p.getByLabel(w.signin.password, { exact: true }).fill(password);
    await p.getByRole('button', { name: w.signin.go, exact: true }).click();
  };
  const signOut = async (p: Page) => {
    await p.goto(`${base}/settings?tab=mine`);
    await p.locator('.actions').getByRole('button', { name: w.nav.signOut }).click();
    await expect(p.getByLabel(w.signin.login)).toBeVisible();
  };
  const confirm = async (p: Page, password: string) => {
    const dialog = p.getByRole('dialog', { name: i.confirm });
    await dialog.getByLabel(w.settings.currentPassword).fill(password);
    await dialog.getByRole('button', { name: i.confirmGo }).click();
    await expect(dialog).toHaveCount(0);
  };
  const keepCodes = async (p: Page) => {
    const dialog = p.getByRole('dialog', { name: i.codes });
    const shown = dialog.getByTestId('codes').locator('li');
    await expect(shown).toHaveCount(10);
    const codes = await shown.allTextContents();
    await sound(p, 'recovery codes');
    await dialog.getByRole('button', { name: i.codesKept }).click();
    await expect(dialog).toHaveCount(0);
    return codes;
  };

  // A new installation; over a bare address the page says why there are no passkeys.
  await page.goto(base.replace('localhost', '127.0.0.1'));
  await page.goto(base);
  await page.getByLabel(w.setup.token).fill(readFileSync(join(dir, 'setup-token'), 'utf8').trim());
  await page.getByLabel(w.setup.company).fill('衡远装备');
  await page.getByLabel(w.setup.name).fill('管理员');
  await page.getByLabel(w.signin.login).fill('admin');
  await page.getByLabel(w.signin.password).fill(secret);
  await page.getByRole('button', { name: w.setup.go }).click();
  await shell(page);
  await page.goto(base.replace('localhost', '127.0.0.1'));
  await expect(page.getByText(w.problem.identity.passkeys_need_name)).toBeVisible();

  // The app is set up by who says his password, and counts with its first code.
  await page.goto(`${base}/settings?tab=mine`);
  await expect(page.getByRole('region', { name: i.app })).toBeVisible();
  await sound(page, 'sign-in and security');
  await page.getByRole('region', { name: i.app }).getByRole('button', { name: i.setUp }).click();
  await confirm(page, secret);
  const adding = page.getByRole('dialog', { name: i.addApp });
  await expect(adding.getByRole('img', { name: i.qr })).toBeVisible();
  await sound(page, 'an app being set up');
  const key = (await adding.getByTestId('key').textContent()) ?? '';
  await adding.getByLabel(i.firstCode).fill('000000');
  await adding.getByRole('button', { name: i.confirmGo }).click();
  await expect(adding.getByText(w.problem.identity.code_wrong).last()).toBeVisible();
  await adding.getByLabel(i.firstCode).fill(codeOf(key, 0));
  await adding.getByRole('button', { name: i.confirmGo }).click();
  const codes = await keepCodes(page);
  await expect(page.getByRole('region', { name: i.app }).getByText(i.on)).toBeVisible();

  // The password alone signs nobody in.
  await signOut(page);
  await signIn(page, 'admin', secret);
  await expect(page.getByRole('heading', { name: i.second })).toBeVisible();
  await sound(page, 'the second step');
  await page.getByLabel(i.code, { exact: true }).fill('000000');
  await page.getByRole('button', { name: w.signin.go, exact: true }).click();
  await expect(page.getByRole('alert')).toHaveText(w.problem.identity.code_wrong);
  await page.getByLabel(i.code, { exact: true }).fill(codeOf(key, 1));
  await page.getByRole('button', { name: w.signin.go, exact: true }).click();
  await shell(page);

  // A recovery code is good once, and what is left is said.
  await signOut(page);
  await signIn(page, 'admin', secret);
  await page.getByRole('button', { name: i.way.recovery }).click();
  await page.getByLabel(i.recoveryCode).fill(codes[0] ?? '');
  await page.getByRole('button', { name: w.signin.go, exact: true }).click();
  await shell(page);
  await expect(page.getByText(i.codesLeft.replace('{{count}}', '9'))).toBeVisible();
  await signOut(page);
  await signIn(page, 'admin', secret);
  await page.getByRole('button', { name: i.way.recovery }).click();
  await page.getByLabel(i.recoveryCode).fill(codes[0] ?? '');
  await page.getByRole('button', { name: w.signin.go, exact: true }).click();
  await expect(page.getByRole('alert')).toHaveText(w.problem.identity.code_wrong);
  await page.getByLabel(i.recoveryCode).fill(codes[1] ?? '');
  await page.getByRole('button', { name: w.signin.go, exact: true }).click();
  await shell(page);

  // A passkey is made, and is the whole sign-in: no name is typed.
  await withAuthenticator(page);
  await page.goto(`${base}/settings?tab=mine`);
  await page.getByRole('region', { name: i.passkeys }).getByRole('button', { name: i.addPasskey }).click();
  await page.getByLabel(i.passkeyName).fill('我的电脑');
  await page.getByRole('button', { name: i.goOn }).click();
  await confirm(page, secret);
  await expect(page.getByTestId('passkey')).toContainText('我的电脑');
  await sound(page, 'with a passkey');
  await signOut(page);
  await page.getByRole('button', { name: i.byPasskey }).click();
  await shell(page);

  // Whoever has a role that needs a factor sets one up before anything else.
  await page.goto(`${base}/settings?tab=people`);
  const csrf = await page.evaluate(async () => (await (await fetch('/api/session')).json()).csrfToken as string);
  const member = await page.evaluate(
    async ([token, password]) => {
      const r = await fetch('/api/members', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token as string },
        body: JSON.stringify({ name: '陈露', login: 'chenlu', password, role: 'rep' }),
      });
      return ((await r.json()) as { id: string }).id;
    },
    [csrf, given],
  );
  const other = await browser.newContext({ ...(locale ? { locale } : {}) });
  const hers = await other.newPage();
  await signIn(hers, 'chenlu', given);
  await hers.getByLabel(w.settings.currentPassword).fill(given);
  await hers.getByLabel(w.settings.nextPassword).fill(own);
  await hers.getByRole('button', { name: w.settings.changePassword }).click();
  await expect(hers.getByLabel(w.signin.login)).toBeVisible();
  await signIn(hers, 'chenlu', own);
  await shell(hers);
  await page.goto(`${base}/settings?tab=company`);
  await page.getByLabel(i.required).click();
  await page.getByTitle(w.roleKey.rep, { exact: true }).click();
  await page.keyboard.press('Escape');
  const affected = i.affected.replace('{{members}}', '1').replace('{{without}}', '1');
  await expect(page.getByText(affected)).toBeVisible();
  await page.locator('.card', { hasText: i.required }).getByRole('button', { name: w.common.save }).click();
  await expect(page.getByText(w.common.saved)).toBeVisible();
  await sound(page, 'roles that need a factor');
  await hers.goto(`${base}/board`);
  await expect(hers.getByRole('heading', { name: i.mustAdd })).toBeVisible();
  await sound(hers, 'a factor comes first');
  await withAuthenticator(hers);
  await hers.getByRole('button', { name: i.addPasskey }).click();
  await hers.getByRole('button', { name: i.goOn }).click();
  await confirm(hers, own);
  await keepCodes(hers);
  await shell(hers);
  await hers.goto(`${base}/settings?tab=mine`);
  await hers.getByTestId('passkey').getByRole('button', { name: w.common.remove }).click();
  await hers.getByRole('dialog').getByRole('button', { name: w.common.remove }).click();
  await expect(hers.getByText(w.problem.identity.last_factor)).toBeVisible();

  // Who has lost everything is helped by an administrator.
  await page.goto(`${base}/settings?tab=people&member=${member}`);
  const factors = page.getByRole('region', { name: i.factors });
  await expect(factors).toContainText(i.passkeysCount.replace('{{count}}', '1'));
  await sound(page, 'a member with factors');
  await factors.getByRole('button', { name: i.removeAll }).click();
  await page.locator('.ant-modal-confirm').getByRole('button', { name: w.common.remove }).click();
  await expect(factors).toContainText(i.noneYet);
  await hers.goto(`${base}/board`);
  await signIn(hers, 'chenlu', own);
  await expect(hers.getByRole('heading', { name: i.choose })).toBeVisible();
  await other.close();
});
