import { expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { fresh, setUp, sound } from './checks';

// Two accounts that are one: found among those that look the same, merged with a preview, and taken back.

const at = fresh();

/** made is what the server makes of a body. */
async function made(page: Page, path: string, body: object): Promise<{ id: string }> {
  const { csrfToken } = (await (await page.request.get(`${at.base}/api/session`)).json()) as { csrfToken: string };
  const answer = await page.request.post(`${at.base}/api/${path}`, {
    data: body,
    headers: { 'X-CSRF-Token': csrfToken },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()) as { id: string };
}

test('twins are merged where they are listed, and are two again', async ({ page, locale }, info) => {
  const w = locale === 'zh-CN' ? zh : en;
  const shot = async (name: string) => {
    const dir = process.env.YUNCHOU_SHOTS;
    if (dir) await page.screenshot({ path: `${dir}/${name}-${info.project.name.replace(' ', '-')}.png` });
  };
  await setUp(page, at, locale);
  const kept = await made(page, 'accounts', { name: '华新重工', industry: '机械', class: 'B' });
  const gone = await made(page, 'accounts', {
    name: '华新重工有限公司',
    region: '华东',
    class: 'A',
    evenIfTaken: true,
  });
  const person = { name: '张伟', accountId: kept.id, mobile: '13800138000' };
  await made(page, 'contacts', person);
  await made(page, 'opportunities', { name: '二期产线', accountId: gone.id });
  await made(page, 'contacts', { ...person, accountId: gone.id, mobile: '' });

  await page.goto(at.base);
  const title = (w.merge as Record<string, unknown>)[
    locale === 'zh-CN' ? 'twinsCount_other' : 'twinsCount_one'
  ] as string;
  const said = title.replace('{{count}}', '1');
  await page.getByRole('button', { name: `${w.cleanup.clear} · ${said}` }).click();
  await page.getByRole('button', { name: `${w.merge.open} · 华新重工`, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: w.merge.title.account });
  await dialog.getByRole('radiogroup', { name: w.merge.field.class }).getByText('A', { exact: true }).click();
  await shot('merge');
  await sound(page, 'merge');
  await dialog.getByRole('button', { name: w.merge.go, exact: true }).click();
  await page.getByRole('button', { name: w.merge.undo, exact: true }).click();
  await expect(page.getByText(w.merge.undone)).toBeVisible();
  await expect(page.getByRole('button', { name: `${w.merge.open} · 华新重工`, exact: true })).toBeVisible();

  // Again, and taken back from the history of the one that stayed: the old address leads there.
  await page.getByRole('button', { name: `${w.merge.open} · 华新重工`, exact: true }).click();
  await dialog.getByRole('button', { name: w.merge.go, exact: true }).click();
  await expect(page.getByRole('button', { name: w.merge.undo, exact: true })).toBeVisible();
  await page.goto(`${at.base}/accounts/${gone.id}`);
  await expect(page).toHaveURL(`${at.base}/accounts/${kept.id}`);
  await expect(page.getByText('二期产线').first()).toBeVisible();
  await shot('merged');
  await sound(page, 'account that took another in');
  await page.getByRole('button', { name: `${w.merge.undo} 华新重工有限公司` }).click();
  await expect(page.getByText(w.merge.wasUndone, { exact: true })).toHaveCount(2);
  await page.goto(`${at.base}/accounts/${gone.id}`);
  await expect(page.getByRole('heading', { name: '华新重工有限公司' })).toBeVisible();

  // Who looks the same as somebody of the account is said before he is written down twice.
  await page.getByRole('button', { name: w.account.addPerson }).click();
  await page.getByRole('dialog').getByLabel(w.contact.name).fill('张伟');
  await page.getByRole('button', { name: w.common.save, exact: true }).click();
  await expect(page.getByRole('button', { name: `${w.contact.openThat} 张伟` })).toBeVisible();
  await shot('same');
  await sound(page, 'somebody who looks the same');
});
