import { type Browser, expect, type Page, test } from '@playwright/test';
import w from '../src/texts/zh-CN.ts';
import { demo, signInAs, sound } from './checks';

// How we stand with the people of a deal, and who of us knows them.

type Who = Page & { base: string };

const read = async <T>(page: Who, path: string) =>
  (await (await page.request.get(`${page.base}/api/${path}`)).json()) as T;

async function write<T>(page: Who, method: 'post' | 'put', path: string, data: object, version?: number) {
  const { csrfToken } = await read<{ csrfToken: string }>(page, 'session');
  const headers = { 'X-CSRF-Token': csrfToken, ...(version && { 'If-Match': `"${version}"` }) };
  const answer = await page.request[method](`${page.base}/api/${path}`, { data, headers });
  const said = await answer.text();
  expect(answer.ok(), `${path}: ${said}`).toBe(true);
  return JSON.parse(said) as T;
}

async function person(browser: Browser, at: ReturnType<typeof demo>, role: string, width = 1440): Promise<Who> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width, height: width < 500 ? 844 : 900 } });
  const page = await context.newPage();
  await signInAs(page, at, role, 'zh-CN');
  return Object.assign(page, { base: at.base });
}

/** deal is one of a customer with somebody who decides, to whom it comes in a field of the picture. */
async function deal(rep: Who) {
  const account = await write<{ id: string }>(rep, 'post', 'accounts', { name: '方舟电子' });
  const made = await write<{ id: string }>(rep, 'post', 'opportunities', {
    name: '方舟电子 · 生产线视觉检测',
    accountId: account.id,
    amountMinor: 186_000_000,
  });
  const contact = await write<{ id: string }>(rep, 'post', 'contacts', { accountId: account.id, name: '赵兵' });
  const { version } = await read<{ version: number }>(rep, `opportunities/${made.id}`);
  const judged = { role: 'economic', attitude: 1, influence: 3, coverage: 1 };
  await write(rep, 'put', `opportunities/${made.id}/contacts/${contact.id}`, judged, version);
  return { id: made.id, contact: contact.id };
}

test.describe('the people of a deal', () => {
  const at = demo();
  test('a cell of the table is edited by the keyboard, and the picture says the same', async ({ browser }) => {
    const rep = await person(browser, at, 'rep');
    const d = await deal(rep);
    await rep.goto(`${at.base}/opportunities/${d.id}`);
    const people = rep.getByRole('region', { name: w.record.people, exact: true });
    const node = people.locator('.map g', { hasText: '赵兵' }).locator('rect');
    const place = async () => {
      await people.getByText(w.relation.map, { exact: true }).click();
      const [x, y] = [await node.getAttribute('x'), await node.getAttribute('y')].map(Number);
      await sound(rep, 'map');
      await people.getByText(w.relation.table, { exact: true }).click();
      return { x, y };
    };
    const before = await place();
    const cell = people.getByRole('button', { name: /^赵兵 影响/ });
    await cell.focus();
    await rep.keyboard.press('Enter');
    await rep.getByRole('menuitem', { name: w.relation.influenceOf[5] }).press('Enter');
    await expect(cell).toHaveText(w.relation.influenceOf[5]);
    await people.getByRole('button', { name: /^赵兵 覆盖/ }).click();
    await rep.getByRole('menuitem', { name: w.relation.coverageOf[3] }).click();
    await expect(people.getByRole('button', { name: /^赵兵 覆盖/ })).toHaveText(w.relation.coverageOf[3]);
    await sound(rep, 'table');
    const after = await place();
    expect(after.y, 'more influence stands higher').toBeLessThan(before.y ?? 0);
    expect(after.x, 'better covered stands further right').toBeGreaterThan(before.x ?? 0);
    const { cover } = await read<{ cover: { bp: number } }>(rep, `opportunities/${d.id}/roles`);
    expect(cover.bp).toBe(5625); // 3/4 × 3/4
    await expect(rep.locator('.num', { hasText: w.record.cover })).toContainText('56%');
  });
});

test.describe('who knows', () => {
  const at = demo();
  test('an introduction is asked for by one tap, answered by one, and who asked sees the name', async ({ browser }) => {
    const [rep, head] = [await person(browser, at, 'rep', 390), await person(browser, at, 'manager')];
    const d = await deal(rep);
    const school = { name: '东南大学', fromYear: 2006, toYear: 2010 };
    await write(head, 'put', 'me/background', { schools: [school], employers: [] });
    const items = [{ kind: 'school', ...school, source: 'public' }];
    await write(rep, 'put', `contacts/${d.contact}/background`, { items });

    await rep.goto(`${at.base}/contacts?q=赵兵`);
    await rep.getByText('赵兵', { exact: true }).first().click();
    const person_ = rep.getByRole('dialog');
    await expect(person_.locator('.known')).toContainText(w.tie.someone);
    await person_.locator('.known').getByRole('button').click();
    const sheet = rep.getByRole('dialog', { name: '谁认识赵兵' });
    await sound(rep, 'sheet');
    await sheet.getByRole('button', { name: w.tie.ask, exact: true }).click();
    await expect(sheet.getByText('已请一位同事，等回音')).toBeVisible();

    await head.goto(at.base);
    const asked = head.getByRole('region', { name: '有人问你 1 件事' });
    await expect(asked).toContainText('赵兵');
    await expect(asked).not.toContainText('视觉检测');
    await sound(head, 'asked');
    await asked.getByRole('button', { name: w.tie.yes, exact: true }).click();
    await expect(asked).toBeHidden();

    const { name } = await read<{ name: string }>(head, 'session');
    await rep.reload();
    await rep.goto(`${at.base}/contacts?q=赵兵`);
    await rep.getByText('赵兵', { exact: true }).first().click();
    await rep.getByRole('dialog').locator('.known').getByRole('button').click();
    await expect(rep.getByRole('dialog', { name: '谁认识赵兵' })).toContainText(`${name}答应为你引荐`);
  });
});
