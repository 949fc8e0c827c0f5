import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { serve, sound, stop } from './checks';
import { copyOfDemo, type SignIn, signInsOf } from './demo';
import { KEYBOARD, Phone, withKeyboard } from './phone';

// A salesperson's phone: 390 × 844, of which the keyboard covers 300. Taps and characters are counted.

let server: ChildProcess;
let base = '';
let dir = '';
let signIns: Record<string, SignIn> = {};

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test.beforeAll(async () => {
  dir = copyOfDemo();
  signIns = signInsOf(dir);
  ({ server, base } = await serve(dir));
});

test.afterAll(async () => {
  await stop(server);
  rmSync(dir, { recursive: true, force: true });
});

const words = {
  'zh-CN': {
    plus: '写跟进',
    save: '保存跟进',
    who: '和谁',
    askWho: '这次是和谁谈的',
    newContact: '+ 新联系人',
    away: '连不上服务器',
    next: '下一步做什么',
    due: '哪天之前',
    advance: /推进到/,
    create: '新建商机',
    dealName: '商机名称',
    amount: /金额/,
    go: '创建',
    ask: /^问问/,
    asked: /发了任务/,
    anyway: '仍然新建',
    why: '为什么仍要新建',
    edit: '修改',
    account: '客户',
    saveEdit: '保存',
    supplyAndGo: '提交证据并推进',
    on: '哪天发生的',
    more: '更多',
    moveTo: '移到…',
    bidWon: '中标',
    contract: /合同金额/,
    withException: '带例外推进',
    lose: '丢单',
    confirmLoss: '确认丢单',
    competitor: '输给对手',
  },
  'en-US': {
    plus: 'Log follow-up',
    save: 'Save follow-up',
    who: 'With whom',
    askWho: 'Who was it?',
    newContact: '+ New contact',
    away: 'cannot be reached',
    next: 'What next',
    due: 'By when',
    advance: /Advance to/,
    create: 'New opportunity',
    dealName: 'Opportunity',
    amount: /Amount/,
    go: 'Create',
    ask: /^Ask/,
    asked: /has a task/,
    anyway: 'Create anyway',
    why: 'Why it is made all the same',
    edit: 'Edit',
    account: 'Account',
    saveEdit: 'Save',
    supplyAndGo: 'Add evidence and advance',
    on: 'When it happened',
    more: 'More',
    moveTo: 'Move to…',
    bidWon: '中标',
    contract: /Contract/,
    withException: 'Advance with exception',
    lose: 'Lost',
    confirmLoss: 'Confirm the loss',
    competitor: 'Competitor',
  },
};
const textsOf = (locale: string | undefined) => words[locale as keyof typeof words];

/** start signs somebody in on the phone. */
async function start(page: Page, role: string, locale: string | undefined) {
  await withKeyboard(page);
  await page.addInitScript((l) => localStorage.setItem('yunchou.locale', l), locale ?? '');
  await page.goto(base);
  await page
    .locator('form input')
    .nth(0)
    .fill(signIns[role]?.login ?? '');
  await page
    .locator('form input')
    .nth(1)
    .fill(signIns[role]?.password ?? '');
  await page.keyboard.press('Enter');
  await expect(page.locator('.shell h1')).toBeVisible();
  return new Phone(page);
}

type Deal = {
  id: string;
  name: string;
  accountId: string;
  stageId: string;
  state: string;
  lossKind: string;
  lossReason: string;
  clocks: { contactDays: number | null };
  contacts: Named[];
};
type Named = { id: string; name: string };

const read = async <T>(page: Page, path: string) => (await (await page.request.get(`${base}/api/${path}`)).json()) as T;

/** write does something by the API, as whoever is signed in on the page. */
async function write<T>(page: Page, path: string, data: object) {
  const { csrfToken } = await read<{ csrfToken: string }>(page, 'session');
  const answer = await page.request.post(`${base}/api/${path}`, { data, headers: { 'X-CSRF-Token': csrfToken } });
  expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
  return (await answer.json()) as T;
}

/** cold is a new deal with a customer of its own, whose two people were last talked to a while ago. */
async function cold(page: Page, name: string): Promise<Deal> {
  const account = await write<Named>(page, 'accounts', { name: `${name}客户` });
  const [first] = await Promise.all(
    ['孙工', '钱总'].map((n) => write<Named>(page, 'contacts', { name: n, accountId: account.id })),
  );
  const deal = await write<Named>(page, 'opportunities', { name, accountId: account.id });
  const long = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10);
  return write(page, `opportunities/${deal.id}/follow-ups`, {
    ...{ channel: 'phone', words: '先聊了聊', twoWay: true, contactIds: [first?.id] },
    ...{ happenedOn: long, reason: '当时没有记' },
  });
}

test('a follow-up takes three taps and moves the clock', async ({ page, locale }) => {
  const w = textsOf(locale);
  const phone = await start(page, 'rep', locale);
  const deal = await cold(page, '写跟进');
  expect(deal.clocks.contactDays).toBeGreaterThan(0);
  await page.goto(`${base}/opportunities/${deal.id}`);
  await expect(page.locator('h1')).toHaveText(deal.name);

  await phone.tap(page.getByRole('button', { name: w.plus, exact: true }).and(page.locator('.plus')));
  await phone.type('价格再谈,范围定了');
  const dialog = page.getByRole('dialog');
  const save = dialog.getByRole('button', { name: w.save });
  await expect.poll(() => page.evaluate(() => innerHeight - (visualViewport?.height ?? 0))).toBe(KEYBOARD);
  for (const part of [save, dialog.getByLabel(w.next), dialog.getByLabel(w.due)]) await phone.seen(part);
  expect(await dialog.getByLabel(w.due).inputValue(), 'the next step has a day').not.toBe('');
  await sound(page, 'follow-up');
  await phone.tap(dialog.getByRole('button', { name: '孙工' }));
  await phone.tap(save);
  await expect(dialog).toBeHidden();
  console.log(`follow-up: ${phone.taps} taps, ${phone.seconds.toFixed(1)} s`);
  expect(phone.taps).toBeLessThanOrEqual(3);
  expect((await read<Deal>(page, `opportunities/${deal.id}`)).clocks.contactDays).toBe(0);
});

test('without anybody named it asks once who it was, and adds him in place', async ({ page, locale }) => {
  const w = textsOf(locale);
  const phone = await start(page, 'rep', locale);
  const deal = await cold(page, '没有人');
  const dialog = page.getByRole('dialog');
  const save = dialog.getByRole('button', { name: w.save });
  const open = async (said: string) => {
    await page.goto(`${base}/opportunities/${deal.id}`);
    await phone.tap(page.locator('.plus'));
    await phone.type(said);
    await phone.tap(save);
    await phone.seen(dialog.getByText(w.askWho));
    await phone.seen(save);
  };
  await open('没有见到人');
  await phone.tap(save); // asked once
  await expect(dialog).toBeHidden();
  expect((await read<Deal>(page, `opportunities/${deal.id}`)).clocks.contactDays).toBe(deal.clocks.contactDays);

  await open('见到新来的采购');
  await phone.tap(dialog.getByRole('button', { name: w.newContact }));
  await phone.type('赵兵');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: '赵兵' })).toHaveAttribute('aria-pressed', 'true');
  await phone.tap(save);
  await expect(dialog).toBeHidden();
  const after = await read<Deal>(page, `opportunities/${deal.id}`);
  expect(after.clocks.contactDays).toBe(0);
  expect(after.contacts.map((c) => c.name)).toContain('赵兵');
});

test('a save that does not arrive keeps what was written, and is written once', async ({ page, locale, context }) => {
  const w = textsOf(locale);
  const phone = await start(page, 'rep', locale);
  const deal = await cold(page, '没有信号');
  const said = `电梯里没有信号 ${locale}`;
  await page.goto(`${base}/opportunities/${deal.id}`);
  await expect(page.locator('h1')).toHaveText(deal.name);
  await phone.tap(page.locator('.plus'));
  await phone.type(said);
  const dialog = page.getByRole('dialog');
  const save = dialog.getByRole('button', { name: w.save });
  await phone.tap(dialog.getByRole('button', { name: '孙工' }));
  await context.setOffline(true);
  await phone.tap(save);
  await expect(dialog.getByRole('alert')).toContainText(w.away);
  await expect(dialog.locator('textarea').first()).toHaveValue(said);
  await dialog.locator('.ant-modal-close').click();
  await phone.tap(page.locator('.plus'));
  await expect(dialog.locator('textarea').first()).toHaveValue(said);
  await context.setOffline(false);
  await phone.tap(save);
  await expect(dialog).toBeHidden();
  const { followUps } = await read<{ followUps: { words: string }[] }>(page, `opportunities/${deal.id}`);
  expect(followUps.filter((f) => f.words === said)).toHaveLength(1);
});

test('a blocked advance takes its evidence along, and an early win its exception', async ({ page, locale }) => {
  const w = textsOf(locale);
  const phone = await start(page, 'rep', locale);
  const deal = await cold(page, '往前走');
  const dialog = page.getByRole('dialog');
  await page.goto(`${base}/opportunities/${deal.id}`);
  await phone.tap(page.getByRole('button', { name: w.advance }));
  await expect(dialog.getByText(w.on, { exact: true })).toHaveCount(0); // it does not ask the day
  await phone.type('预算 50 万，六月招标');
  await phone.seen(dialog.getByRole('button', { name: w.supplyAndGo }));
  await sound(page, 'blocked advance');
  await phone.tap(dialog.getByRole('button', { name: w.supplyAndGo }));
  await expect(dialog).toBeHidden();
  console.log(`blocked advance: ${phone.taps} taps, ${phone.seconds.toFixed(1)} s`);
  expect(phone.taps).toBeLessThanOrEqual(4);
  const moved = await read<Deal>(page, `opportunities/${deal.id}`);
  expect(moved.stageId).not.toBe(deal.stageId);

  phone.taps = 0;
  await phone.tap(page.getByRole('button', { name: w.more }));
  await phone.tap(page.getByRole('menuitem', { name: w.moveTo }));
  await phone.tap(dialog.getByRole('button', { name: w.bidWon, exact: true }));
  await phone.type('客户直接发来订单');
  await dialog.getByLabel(w.contract).fill('500000');
  await phone.tap(dialog.getByRole('button', { name: w.withException }));
  await expect(dialog).toBeHidden();
  console.log(`early win: ${phone.taps} taps`);
  expect((await read<Deal>(page, `opportunities/${deal.id}`)).state).toBe('won');
});

test('losing asks everything at once, in five taps', async ({ page, locale }) => {
  const w = textsOf(locale);
  const phone = await start(page, 'rep', locale);
  const deal = await cold(page, '丢了');
  const dialog = page.getByRole('dialog');
  await page.goto(`${base}/opportunities/${deal.id}`);
  await phone.tap(page.getByRole('button', { name: w.more }));
  await phone.tap(page.getByRole('menuitem', { name: w.lose }));
  const save = dialog.getByRole('button', { name: w.confirmLoss });
  await phone.type('他们便宜三成');
  await phone.tap(dialog.getByRole('button', { name: w.competitor, exact: true }));
  await phone.type('三励');
  await phone.seen(save);
  await sound(page, 'loss');
  await phone.tap(save);
  await expect(dialog).toBeHidden();
  console.log(`lose: ${phone.taps} taps, ${phone.seconds.toFixed(1)} s`);
  expect(phone.taps).toBeLessThanOrEqual(5);
  const lost = await read<Deal>(page, `opportunities/${deal.id}`);
  expect([lost.state, lost.lossKind, lost.lossReason]).toEqual(['lost', 'competitor', '他们便宜三成']);
});

test('a deal is created within 20 seconds, of the customer as he is typed; a clash shows the way', async ({
  page,
  browser,
  locale,
}) => {
  const w = textsOf(locale);
  const customer = `启明泵业${locale}`;
  const director = await browser.newPage();
  await start(director, 'director', locale);
  const taken = await write<Named>(director, 'opportunities', { name: '总监的', accountName: `国瑞${locale}` });

  const phone = await start(page, 'rep', locale);
  const dialog = page.getByRole('dialog');
  const create = async (account: string, name: string) => {
    await page.goto(`${base}/opportunities?state=open`);
    await phone.tap(page.locator('.top').getByRole('button', { name: w.create }));
    await phone.type(account);
    await phone.tap(dialog.getByLabel(w.dealName, { exact: true }));
    await phone.type(name);
    await phone.tap(dialog.getByLabel(w.amount));
    await phone.type('500000');
    await phone.tap(dialog.getByRole('button', { name: w.go }));
  };
  await create(customer, '二期改造');
  await expect(page.locator('h1')).toHaveText('二期改造');
  await expect(page.locator('.head')).toContainText(customer);
  console.log(`create: ${phone.taps} taps, ${phone.seconds.toFixed(1)} s`);
  expect(phone.seconds).toBeLessThanOrEqual(20);

  await create(`国瑞${locale}`, '我也在跟');
  await expect(dialog.getByRole('alert')).toContainText(signIns.director?.name ?? '');
  await expect(dialog).not.toContainText('总监的');
  await sound(page, 'clash');
  await dialog.getByRole('button', { name: w.ask }).click();
  await expect(dialog.getByText(w.asked)).toBeVisible();
  const asked = await read<{ what: string }[]>(director, 'tasks');
  expect(asked.filter((x) => x.what.includes(`国瑞${locale}`))).toHaveLength(1);
  const anyway = dialog.getByRole('button', { name: w.anyway });
  await expect(anyway).toBeDisabled();
  await dialog.getByLabel(w.why).fill('是他们苏州的子公司');
  await phone.tap(anyway);
  await expect(page.locator('h1')).toHaveText('我也在跟');
  await expect(page.locator('.ev', { hasText: '是他们苏州的子公司' })).toBeVisible();
  expect(page.url()).not.toContain(taken.id);

  // The customer can be changed later.
  await phone.tap(page.getByRole('button', { name: w.more }));
  await phone.tap(page.getByRole('menuitem', { name: w.edit }));
  await dialog.getByLabel(w.account, { exact: true }).fill(customer);
  await phone.tap(dialog.getByRole('button', { name: w.saveEdit, exact: true }));
  await expect(dialog).toBeHidden();
  await expect(page.locator('.head')).toContainText(customer);
  await director.close();
});
