import { expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { demo, signInAs, sound } from './checks';
import { signInsOf } from './demo';

// Whose session ends while a form is open signs in on the same page, and goes on in the form as he left it.

const at = demo();

/** fill writes in the texts of a form, and answers with what stands in it then. */
async function fill(page: Page) {
  const form = page.locator('form.dialog').last();
  const boxes = form.locator('input[type=text]:not([data-date], [role], [readonly], :disabled), textarea');
  for (const box of await boxes.all()) if (await box.isVisible()) await box.fill(`${await box.inputValue()}写到一半`);
  return form.locator('input, textarea').evaluateAll((all) => all.map((e) => (e as HTMLInputElement).value));
}

test('who signs in again finds the form as it was', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  const phone = (page.viewportSize()?.width ?? 0) < 700;
  await signInAs(page, at, 'manager', locale ?? 'en-US');
  const who = signInsOf(at.dir).manager;
  const button = (name: string) => page.getByRole('button', { name, exact: true }).first();
  const more = async (name: string) => {
    await button(w.common.more).click();
    await page.getByRole('menuitem', { name, exact: true }).click();
  };
  const deal = async () => {
    await page.goto(`${at.base}/opportunities?state=open`);
    await page.locator('main a[href*="/opportunities/"]').first().click();
  };
  const firm = async () => {
    await page.goto(`${at.base}/accounts`);
    await page.locator('main a[href*="/accounts/"]').first().click();
    await expect(page.locator('.heading h1')).toBeVisible();
  };
  const forms: Record<string, () => Promise<unknown>> = {
    'new deal': async () => {
      await page.goto(`${at.base}/opportunities`);
      await button(w.create.title).click();
    },
    'a deal': async () => {
      await deal();
      await more(w.record.edit);
    },
    'a move': async () => {
      await deal();
      await more(w.move.withdraw);
    },
    handover: async () => {
      await deal();
      await more(w.handover.title);
    },
    'a customer': async () => {
      await firm();
      await (phone ? more(w.record.edit) : button(w.record.edit).click());
    },
    'follow-up': async () => {
      await firm();
      await button(w.followUp.title).click();
    },
  };
  for (const [name, open] of Object.entries(forms)) {
    await open();
    await expect(page.locator('form.dialog'), name).toBeVisible();
    const written = await fill(page);
    await page.context().clearCookies();
    // What is refused is the form itself, where it can be sent, else whatever the page asks next.
    const ok = page.locator('.ant-modal-footer button[type=submit]');
    if (await ok.isEnabled())
      await ok.click({ timeout: 5000 }).catch(() => {}); // the page may have noticed by itself
    else {
      await page.waitForTimeout(6000); // until what the page shows is old enough to be asked for anew
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
    }
    const login = page.getByLabel(w.signin.login);
    await expect(login, name).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(w.signin.because.endedKept)).toBeVisible();
    await expect(page.locator('form.dialog')).toBeHidden();
    await expect(page.locator('.shell')).toBeHidden();
    await login.fill(who?.login ?? '');
    await page.keyboard.press('Escape');
    await page.getByLabel(w.signin.password).fill(who?.password ?? '');
    if (name === 'new deal') await sound(page, 'sign-in over a form');
    await page.keyboard.press('Enter');
    await expect(page.locator('form.dialog'), name).toBeVisible();
    const now = await page
      .locator('form.dialog')
      .last()
      .locator('input, textarea')
      .evaluateAll((all) => all.map((e) => (e as HTMLInputElement).value));
    expect(now, name).toEqual(written);
    if (process.env.YUNCHOU_SHOTS)
      await page.screenshot({ path: `${process.env.YUNCHOU_SHOTS}/back-${name}-${locale}.png` });
  }
  // And it is saved now.
  await page.locator('.ant-modal-footer button[type=submit]').click();
  if (await page.getByText(w.followUp.askWho).isVisible())
    await page.locator('.ant-modal-footer button[type=submit]').click();
  await expect(page.locator('form.dialog')).toBeHidden();
});

test('somebody else who signs in sees nothing of it', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  await signInAs(page, at, 'manager', locale ?? 'en-US');
  // The line of the page stands before its session ends: what opens it would say so first.
  const line = page.waitForResponse((r) => new URL(r.url()).pathname === '/api/events');
  await page.goto(`${at.base}/opportunities`);
  await page.getByRole('button', { name: w.create.title, exact: true }).first().click();
  await page.getByLabel(w.opp.name, { exact: true }).fill('别人看不到的商机');
  await line;
  await page.context().clearCookies();
  await page.locator('.ant-modal-footer button[type=submit]').click();
  const other = signInsOf(at.dir).rep;
  await page.getByLabel(w.signin.login).fill(other?.login ?? '');
  await page.getByLabel(w.signin.password).fill(other?.password ?? '');
  await page.keyboard.press('Enter');
  await expect(page.locator('.shell h1')).toBeVisible();
  await expect(page.locator('form.dialog')).toHaveCount(0);
  await expect(page).toHaveURL(/\/desk$/);
});
