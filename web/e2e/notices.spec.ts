import { type Browser, expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { demo, signInAs, sound } from './checks';

// What others do shows in an open page of whom it concerns, without reload: two browsers, a manager's and a rep's.

const at = demo();

/** write sends a write as the page's own session does. */
const write = (page: Page, path: string, body: object) =>
  page.evaluate(
    async ([path, body]) => {
      const me = await (await fetch('/api/session')).json();
      const answer = await fetch(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': me.csrfToken },
        body,
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    [path, JSON.stringify(body)] as const,
  );

const memberOf = (page: Page) =>
  page.evaluate(async () => (await (await fetch('/api/session')).json()) as { memberId: string; today: string });

async function signedIn(browser: Browser, role: string, locale: string) {
  const page = await (await browser.newContext({ locale, viewport: { width: 1440, height: 900 } })).newPage();
  await signInAs(page, at, role, locale);
  await page.locator('.shell h1').first().waitFor();
  return page;
}

test('who is given something hears of it in his open page', async ({ page: rep, browser, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  await signInAs(rep, at, 'rep', locale as string);
  await rep.locator('.shell h1').first().waitFor();
  const line = rep.waitForRequest((r) => new URL(r.url()).pathname === '/api/events');
  const manager = await signedIn(browser, 'manager', locale as string);
  const { memberId, today } = await memberOf(rep);
  await line;
  const bell = rep.locator('.bell');
  await expect(bell.locator('.count')).toHaveCount(0);
  const give = (what: string) => write(manager, '/api/tasks', { what, memberId, dueOn: today });
  await give('把节拍测一遍');
  await expect(bell.locator('.count')).toHaveText('1');
  await bell.click();
  const drawer = rep.getByRole('dialog');
  await expect(drawer.getByText(w.notice.toDo)).toBeVisible();
  await expect(drawer.getByText('把节拍测一遍')).toBeVisible();

  // The open list grows by itself.
  await give('问清付款条件');
  await expect(drawer.getByText('问清付款条件')).toBeVisible();
  await expect(bell.locator('.count')).toHaveText('2');
  await sound(rep, 'the notices');
  await rep.screenshot({ path: `test-results/notices-${locale}-${rep.viewportSize()?.width}.png` });
  await drawer.getByRole('button', { name: w.notice.readAll }).click();
  await expect(bell.locator('.count')).toHaveCount(0);
  await manager.context().close();
});
