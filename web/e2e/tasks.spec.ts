import { expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { demo, signInAs, sound } from './checks';
import { Phone, withKeyboard } from './phone';

// Tasks on the phone: the taps it takes to finish one.
const at = demo();
test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

type Task = { id: string; what: string; doneOn: string };
const read = async <T>(page: Page, path: string) =>
  (await (await page.request.get(`${at.base}/api/${path}`)).json()) as T;

test('a task is finished in one tap', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  await withKeyboard(page);
  await signInAs(page, at, 'rep', locale ?? '');
  const { csrfToken, today } = await read<{ csrfToken: string; today: string }>(page, 'session');
  const add = async (what: string) => {
    const data = { what, dueOn: today };
    const answer = await page.request.post(`${at.base}/api/tasks`, { data, headers: { 'X-CSRF-Token': csrfToken } });
    return (await answer.json()) as Task;
  };
  const isDone = async (t: Task) => (await read<{ task: Task }>(page, `tasks/${t.id}`)).task.doneOn;
  const phone = new Phone(page);

  const listed = await add(`把节拍测一遍 ${locale}`);
  await page.goto(`${at.base}/tasks`);
  const row = page.locator('.promise').filter({ hasText: listed.what });
  await sound(page, 'the tasks');
  await row.evaluate((e) => e.scrollIntoView({ block: 'center' }));
  await phone.tap(row.getByRole('button', { name: w.nextStep.done }));
  await expect(row).toHaveCount(0);
  expect(phone.taps).toBe(1);
  await expect.poll(() => isDone(listed)).toBe(today);
});
