import { expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { demo, signInAs, sound } from './checks';
import { Phone, withKeyboard } from './phone';

// Guidance on the phone: the taps it takes to ask, to answer and to call for help, and the way from a question to its
// result.
const at = demo();
test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

const textsOf = (locale: string | undefined) => (locale === 'zh-CN' ? zh : en);

type Deal = { id: string; name: string; ownerId: string; account: string };
const read = async <T>(page: Page, path: string) =>
  (await (await page.request.get(`${at.base}/api/${path}`)).json()) as T;

/** write does something by the API, as whoever is signed in on the page. */
async function write<T>(page: Page, path: string, data: object) {
  const { csrfToken } = await read<{ csrfToken: string }>(page, 'session');
  const answer = await page.request.post(`${at.base}/api/${path}`, { data, headers: { 'X-CSRF-Token': csrfToken } });
  expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
  return (await answer.json()) as T;
}

/** start signs somebody in on a phone with a keyboard that comes up. */
async function start(page: Page, role: string, locale: string | undefined) {
  await withKeyboard(page);
  await signInAs(page, at, role, locale ?? '');
  return new Phone(page);
}

/** dealOf is an open deal of whoever is signed in, n of them passed over. */
async function dealOf(page: Page, n: number): Promise<Deal> {
  const me = await read<{ memberId: string }>(page, 'session');
  const { items } = await read<{ items: Deal[] }>(page, 'opportunities?state=open&limit=100');
  const deal = items.filter((d) => d.ownerId === me.memberId)[n];
  if (!deal) throw new Error('the rep has too few open deals');
  return deal;
}

test('a question takes two taps, its answer two, and what came of it stands in one line', async ({
  page,
  browser,
  locale,
}) => {
  const w = textsOf(locale);
  const rep = await (await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true })).newPage();
  const asker = await start(page, 'manager', locale);
  const phone = await start(rep, 'rep', locale);
  const deal = await dealOf(rep, 0);
  await write(rep, 'guidance-pieces', { text: `请他现场掐一遍表 ${locale}` });

  // Asked: the record, the button, the words, Send.
  await page.goto(`${at.base}/opportunities/${deal.id}`);
  await asker.tap(page.getByRole('button', { name: w.guidance.ask }));
  const dialog = page.getByRole('dialog');
  await asker.type('当面按 12 秒答，还是按 15 秒？');
  await sound(page, 'asking');
  await asker.tap(dialog.getByRole('button', { name: w.guidance.send }));
  await expect(dialog).toBeHidden();
  console.log(`ask: ${asker.taps} taps`);
  expect(asker.taps).toBeLessThanOrEqual(3);

  // Answered with words said before.
  await rep.goto(`${at.base}/guidance`);
  const asked = rep.getByRole('article').filter({ hasText: '12 秒' });
  await expect(asked).toContainText(deal.name);
  await expect(rep.locator('.tab a > i')).not.toHaveText('0');
  await sound(rep, 'what waits');
  await rep.screenshot({ path: `test-results/guidance-waits-${locale}.png`, fullPage: true });
  phone.taps = 0;
  await phone.tap(asked.getByRole('button', { name: w.guidance.act.answer, exact: true }));
  await sound(rep, 'answering');
  await rep.getByRole('checkbox').check(); // whoever wants to hear whether it was used asks for it: no part of answering
  await phone.tap(
    rep.getByRole('button', { name: `${w.guidance.sendPiece.replace('{{text}}', '请他现场掐一遍表')} ${locale}` }),
  );
  await expect(asked).toHaveCount(0);
  console.log(`answer: ${phone.taps} taps`);
  expect(phone.taps).toBeLessThanOrEqual(2);

  // Used, and the result.
  await page.goto(`${at.base}/guidance`);
  await asker.tap(page.getByText(w.guidance.box.outcome));
  const mine = page.getByRole('article').filter({ hasText: '12 秒' });
  await asker.tap(mine.getByRole('button', { name: w.guidance.act.used, exact: true }));
  await asker.tap(mine.getByRole('button', { name: w.guidance.act.result }));
  await asker.type('客户书面接受');
  await asker.tap(page.getByRole('dialog').getByRole('button', { name: w.guidance.act.result }));
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.goto(`${at.base}/opportunities/${deal.id}`);
  const line = page.getByTestId('guidance').getByRole('listitem');
  for (const said of ['12 秒', '请他现场掐一遍表', '客户书面接受'])
    await expect(line.filter({ hasText: said }).first()).toBeVisible();
  await sound(page, 'from the question to the result');
  await rep.context().close();
});

test('why is asked from the desk in two taps', async ({ page, locale }) => {
  const w = textsOf(locale);
  const phone = await start(page, 'manager', locale);
  const why = page.getByRole('button', { name: new RegExp(`^${w.desk.askWhy} · `) }).first();
  const name = (await why.getAttribute('aria-label')) ?? '';
  await why.evaluate((e) => e.scrollIntoView({ block: 'center' }));
  await phone.tap(why);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('textbox', { name: w.guidance.write.question })).not.toHaveValue('');
  await phone.tap(dialog.getByRole('button', { name: w.guidance.send }));
  await expect(dialog).toBeHidden();
  console.log(`ask from the desk: ${phone.taps} taps`);
  expect(phone.taps).toBeLessThanOrEqual(3);
  await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0);
});

test('help takes two taps, with the facts, to the superior', async ({ page, browser, locale }) => {
  const w = textsOf(locale);
  const phone = await start(page, 'rep', locale);
  const deal = await dealOf(page, 1);
  await page.goto(`${at.base}/opportunities/${deal.id}`);
  await phone.tap(page.getByRole('button', { name: w.guidance.askHelp }));
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(w.guidance.factsAlong)).toBeVisible();
  await sound(page, 'help');
  await phone.tap(dialog.getByRole('button', { name: w.guidance.send }));
  await expect(dialog).toBeHidden();
  console.log(`help: ${phone.taps} taps`);
  expect(phone.taps).toBeLessThanOrEqual(2);

  const manager = await (await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true })).newPage();
  const answerer = await start(manager, 'manager', locale);
  await manager.goto(`${at.base}/guidance`);
  const asked = manager.getByRole('article').filter({ hasText: deal.name });
  await expect(asked.first()).toContainText(w.guidance.helpText);
  const receive = asked.first().getByRole('button', { name: w.guidance.act.receive });
  await receive.evaluate((e) => e.scrollIntoView({ block: 'center' })); // what is due first stands before it
  await answerer.tap(receive);
  await expect(asked.first().getByRole('button', { name: w.guidance.act.receive })).toHaveCount(0);
  await expect(asked.first().getByRole('button', { name: w.guidance.act.answer, exact: true })).toBeVisible();
  await manager.context().close();
});
