import { expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { demo, signInAs, sound } from './checks';
import { Phone, withKeyboard } from './phone';

// Tasks on the phone: the taps it takes to finish one, from their list, the desk and the deal.
const at = demo();
test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

type Task = { id: string; what: string; doneOn: string; result: string; version: number };
const read = async <T>(page: Page, path: string) =>
  (await (await page.request.get(`${at.base}/api/${path}`)).json()) as T;

/** start signs the rep in on a phone, with what writes in his name. */
async function start(page: Page, locale: string | undefined) {
  await withKeyboard(page);
  await signInAs(page, at, 'rep', locale ?? '');
  const me = await read<{ csrfToken: string; today: string; memberId: string }>(page, 'session');
  const write = async <T>(path: string, data: object) => {
    const headers = { 'X-CSRF-Token': me.csrfToken };
    const answer = await page.request.post(`${at.base}/api/${path}`, { data, headers });
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return (await answer.json()) as T;
  };
  return { ...me, write, phone: new Phone(page) };
}

const whole = async (page: Page, id: string) => (await read<{ task: Task }>(page, `tasks/${id}`)).task;
const center = (e: Element) => e.scrollIntoView({ block: 'center' });

test('a task is finished in one tap, and that is taken back in another', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  const { today, write, phone } = await start(page, locale);
  const listed = await write<Task>('tasks', { what: `把节拍测一遍 ${locale}`, dueOn: today });
  const row = page.locator('.promise').filter({ hasText: listed.what });
  await page.goto(`${at.base}/tasks`);
  await sound(page, 'the tasks');
  await row.evaluate(center);
  await phone.tap(row.getByRole('button', { name: w.nextStep.done }));
  await expect(row).toHaveCount(0);
  expect(phone.taps).toBe(1);
  await expect.poll(async () => (await whole(page, listed.id)).doneOn).toBe(today);

  await phone.tap(page.getByRole('button', { name: w.common.undo }));
  await expect(row).toBeVisible();
  expect((await whole(page, listed.id)).doneOn).toBe('');
});

test('a next step is finished in one tap on the desk; what came of it and what comes next is said after', async ({
  page,
  locale,
}) => {
  const w = locale === 'zh-CN' ? zh : en;
  const { today, memberId, write, phone } = await start(page, locale);
  const { items } = await read<{ items: { id: string; ownerId: string }[] }>(
    page,
    'opportunities?state=open&limit=100',
  );
  const deal = items.find((d) => d.ownerId === memberId);
  const what = `送样品 ${locale}`;
  type Deal = { nextSteps: Task[] };
  const { nextSteps } = await write<Deal>(`opportunities/${deal?.id}/next-steps`, { what, dueOn: today });
  const step = nextSteps.find((s) => s.what === what) as Task;
  await page.goto(`${at.base}/desk`);
  const done = page.getByRole('button', { name: `${w.nextStep.done} · ${what}`, exact: true });
  await done.first().evaluate(center);
  await phone.tap(done.first());
  await expect(done).toHaveCount(0);
  expect(phone.taps).toBe(1);
  expect((await whole(page, step.id)).doneOn).toBe(today);

  await phone.tap(page.getByRole('button', { name: w.task.sayResult }));
  const dialog = page.getByRole('dialog');
  await phone.type('样品收下了');
  await dialog.getByLabel(w.nextStep.what).fill('问试用结果');
  await sound(page, 'what came of it');
  await phone.tap(dialog.getByRole('button', { name: w.common.save }));
  await expect(dialog).toBeHidden();
  expect(await whole(page, step.id)).toMatchObject({ doneOn: today, result: '样品收下了' });
  const after = await read<Deal>(page, `opportunities/${deal?.id}`);
  expect(after.nextSteps.map((s) => s.what)).toContain('问试用结果');

  // In the deal it is one tap too, and taken back there.
  await page.goto(`${at.base}/opportunities/${deal?.id}`);
  const next = page.getByRole('button', { name: `${w.nextStep.done} · 问试用结果` });
  await next.evaluate(center);
  phone.taps = 0;
  await phone.tap(next);
  await expect(next).toHaveCount(0);
  expect(phone.taps).toBe(1);
  await phone.tap(page.getByRole('button', { name: w.common.undo }));
  await expect(next).toBeVisible();
});

test('a long order is not finished by a tap: it is opened, and asks how it is to be done', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  const { memberId, phone } = await start(page, locale);
  const head = await (await page.context().browser()?.newContext())?.newPage();
  if (!head) throw new Error('no browser');
  await signInAs(head, at, 'manager', locale ?? '');
  const { csrfToken, today } = await read<{ csrfToken: string; today: string }>(head, 'session');
  const { items } = await read<{ items: { id: string; ownerId: string }[] }>(
    head,
    'opportunities?state=open&limit=100',
  );
  const deal = items.find((d) => d.ownerId === memberId);
  const dueOn = new Date(Date.parse(today) + 30 * 86_400_000).toISOString().slice(0, 10);
  const order = { what: `整理竞品对比 ${locale}`, dueOn, memberId };
  const answer = await head.request.post(`${at.base}/api/opportunities/${deal?.id}/next-steps`, {
    data: order,
    headers: { 'X-CSRF-Token': csrfToken },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  await page.goto(`${at.base}/opportunities/${deal?.id}`);
  const row = page.locator('.ms').filter({ hasText: order.what });
  await row.evaluate(center);
  await phone.tap(row.getByRole('link', { name: w.task.next }));
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(order.what);
  await expect(dialog.getByRole('button', { name: w.task.act.plan })).toBeVisible();
  await head.context().close();
});

test('a new task is about a record that is searched for, and who helps is chosen later', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  const { memberId } = await start(page, locale);
  type Deal = { id: string; name: string; ownerId: string };
  const { items } = await read<{ items: Deal[] }>(page, 'opportunities?state=open&limit=100');
  const deal = items.find((d) => d.ownerId === memberId) as Deal;
  const org = await read<{ members: { id: string; name: string; leftOn: string }[] }>(page, 'org');
  const mate = org.members.find((m) => m.id !== memberId && !m.leftOn);
  const what = `备好样机 ${locale}`;
  await page.goto(`${at.base}/tasks`);
  await page.getByRole('button', { name: w.task.new }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w.task.what).fill(what);
  await dialog.getByRole('combobox', { name: w.task.on }).fill(deal.name);
  await page.locator('.ant-select-item-option', { hasText: deal.name }).first().click();
  await sound(page, 'a new task');
  await dialog.getByRole('button', { name: w.common.save }).click();
  await expect(dialog).toBeHidden();
  const row = page.locator('.promise').filter({ hasText: what });
  await expect(row.getByRole('link', { name: deal.name })).toBeVisible();

  await row.getByRole('button', { name: what }).click();
  await dialog.getByRole('button', { name: w.task.act.parties }).click();
  await dialog.getByRole('combobox', { name: w.task.part.partner }).fill(mate?.name ?? '');
  await page.locator('.ant-select-item-option', { hasText: mate?.name }).first().click();
  await dialog.locator('.ant-modal-title').click(); // several may be chosen: the list stays open until it is left
  await sound(page, 'who helps');
  await dialog.getByRole('button', { name: w.common.save }).click();
  await expect(dialog.getByText(`${w.task.part.partner} · ${mate?.name}`)).toBeVisible();
});
