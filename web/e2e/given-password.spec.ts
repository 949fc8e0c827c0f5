import { expect, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { fresh, setUp, sound } from './checks';

// An administrator adds a member by plain HTTP: the password is made for him, copied, and handed on;
// sign-in, set-up and the choice of another begin in their first empty field and show what was typed.

test.use({
  launchOptions: {
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP sales.lan 127.0.0.1'],
  },
});

const at = fresh();

test('a password is made, copied, handed on and changed', async ({ page, browser, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  at.base = at.base.replace('127.0.0.1', 'sales.lan');
  await page.goto(at.base);
  const first = await page
    .getByLabel(w.setup.token)
    .waitFor({ timeout: 3000 })
    .then(
      () => true,
      () => false,
    );
  if (first) {
    await expect(page.getByLabel(w.setup.token)).toBeFocused();
    await setUp(page, at, locale);
  } else {
    await expect(page.getByLabel(w.signin.login)).toBeFocused();
    await page.getByLabel(w.signin.login).fill('admin');
    await page.getByLabel(w.signin.password, { exact: true }).fill('a long enough one');
    await page.keyboard.press('Enter');
    await expect(page.locator('.shell h1')).toBeVisible();
  }

  const login = `chenlu.${w.common.save === zh.common.save ? 'zh' : 'en'}`;
  await page.goto(`${at.base}/settings?tab=people`);
  await page.getByRole('button', { name: w.settings.addMember }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w.settings.name, { exact: true }).fill('陈露');
  await dialog.getByLabel(w.signin.login).fill(login);
  const made = await dialog.getByLabel(w.signin.password).inputValue();
  expect(made).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
  await dialog.locator('button[type=submit]').click();
  const given = dialog.getByTestId('given');
  await expect(given).toHaveText(made);
  await sound(page, 'a given password');
  // No navigator.clipboard here: what was copied is what can be pasted.
  expect(await page.evaluate(() => navigator.clipboard === undefined)).toBe(true);
  await dialog.getByRole('button', { name: w.common.copy }).click();
  await expect(page.getByText(w.common.copied)).toBeVisible();
  await dialog.locator('button[type=submit]').click();
  await expect(given).toHaveCount(0);
  await page.getByRole('searchbox').first().fill('');
  await page.keyboard.press('Control+V');
  await expect(page.getByRole('searchbox').first()).toHaveValue(new RegExp(made));

  const hers = await (await browser.newContext({ ...(locale ? { locale } : {}) })).newPage();
  await hers.goto(at.base);
  await expect(hers.getByLabel(w.signin.login)).toBeFocused();
  await hers.keyboard.type(login);
  const password = hers.getByLabel(w.signin.password, { exact: true });
  await password.fill(made);
  await expect(password).toHaveAttribute('type', 'password');
  await hers.getByRole('button', { name: w.common.show }).click();
  await expect(password).toHaveAttribute('type', 'text');
  await sound(hers, 'sign-in');
  await hers.getByRole('button', { name: w.signin.go, exact: true }).click();
  await expect(hers.getByLabel(w.settings.currentPassword)).toBeFocused();
  await hers.context().close();
});
