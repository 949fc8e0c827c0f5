import { expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { demo, signInAs, sound } from './checks';

// A manager asks why from the desk: the question holds the facts of the line, the line waits, and comes back with
// its answer.
const at = demo();
const textsOf = (locale: string | undefined) => (locale === 'zh-CN' ? zh : en);

type Sign = { kind: string; id: string };
type Line = { kind: string; id: string; name: string; ownerId: string; signs: Sign[] };
const linesOf = async (page: Page) =>
  ((await (await page.request.get(`${at.base}/api/desk`)).json()) as { lines: { items: Line[]; asked: Line[] } }).lines;

test('why is asked from the desk, and the line comes back with its answer', async ({ page, browser, locale }) => {
  const w = textsOf(locale);
  const rep = await (await browser.newContext({ locale })).newPage();
  await signInAs(rep, at, 'rep', locale ?? '');
  const { csrfToken, memberId } = await (await rep.request.get(`${at.base}/api/session`)).json();
  await signInAs(page, at, 'manager', locale ?? '');
  const { items } = await linesOf(page);
  const line = items.find(
    (l) => l.ownerId === memberId && !l.signs.some((s) => s.kind === 'asked' || s.kind === 'owed'),
  );
  if (!line) throw new Error(`no line of the rep to ask about: ${JSON.stringify(items)}`);
  const why = { name: `${w.desk.askWhy} · ${line.name}`, exact: true };
  const waiting = page.getByRole('region', { name: w.desk.asked.title });

  await page.getByRole('button', why).click();
  const dialog = page.getByRole('dialog');
  const asked = dialog.getByRole('textbox', { name: w.guidance.write.question });
  await expect(asked).toHaveValue(new RegExp(`\\d+.*${w.desk.why.why}`.replace('?', '\\?')));
  await sound(page, 'asking why');

  // What is written stays when the line leaves the desk meanwhile.
  await page.route('**/api/desk', async (route) => {
    const body = await (await route.fetch()).json();
    const items = body.lines.items.filter((l: Line) => l.id !== line.id);
    await route.fulfill({ json: { ...body, lines: { ...body.lines, items } } });
  });
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  await asked.press('Control+End');
  await asked.pressSequentially('!');
  await expect(asked).toHaveValue(/!$/);
  await page.unroute('**/api/desk');

  await dialog.getByRole('button', { name: w.guidance.send }).click();
  await expect(dialog).toBeHidden();
  await expect(waiting).toContainText(line.name);
  await expect(page.getByRole('button', why)).toHaveCount(0);
  await page.reload(); // what others do before the page has its line is told with it
  await expect(waiting).toContainText(line.name);
  await sound(page, 'a line that waits');

  // It is taken back, stands again, and is asked once more.
  await waiting.getByRole('button', { name: w.desk.asked.takeBack }).first().click();
  await expect(page.getByRole('button', why)).toBeVisible();
  await page.getByRole('button', why).click();
  await dialog.getByRole('button', { name: w.guidance.send }).click();
  await expect(waiting).toContainText(line.name);

  // The rep answers in another browser; the manager's desk says so without reload.
  const note = (await linesOf(page)).asked.find((l) => l.id === line.id)?.signs.find((s) => s.kind === 'asked')?.id;
  const said = await rep.request.post(`${at.base}/api/guidance/${note}/answer`, {
    data: { text: '客户在走审批', wantsOutcome: false },
    headers: { 'X-CSRF-Token': csrfToken },
  });
  expect(said.ok(), await said.text()).toBe(true);
  await expect(page.locator('.ex', { hasText: line.name }).locator('b.good')).toBeVisible();
  await rep.context().close();
});
