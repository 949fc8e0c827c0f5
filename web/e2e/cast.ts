import { type Browser, expect, type Page } from '@playwright/test';
import { type demo, signInAs } from './checks';

// The people of the story the product is for, at a demo company: 小李 sells to 方舟电子, and 蒋跃 leads him.

export type At = ReturnType<typeof demo>;
export type Who = Page & { at: At };

export const read = async <T>(page: Who, path: string) =>
  (await (await page.request.get(`${page.at.base}/api/${path}`)).json()) as T;

export async function write<T>(page: Who, method: 'post' | 'put', path: string, data: object, version?: number) {
  const { csrfToken } = await read<{ csrfToken: string }>(page, 'session');
  const headers = { 'X-CSRF-Token': csrfToken, ...(version && { 'If-Match': `"${version}"` }) };
  const answer = await page.request[method](`${page.at.base}/api/${path}`, { data, headers });
  const said = await answer.text();
  expect(answer.ok(), `${path}: ${said}`).toBe(true);
  return (said ? JSON.parse(said) : undefined) as T;
}

export async function person(browser: Browser, at: At, role: string, phone = false): Promise<Who> {
  const size = phone
    ? { viewport: { width: 390, height: 844 }, hasTouch: true }
    : { viewport: { width: 1440, height: 900 } };
  const page = await (await browser.newContext({ locale: 'zh-CN', ...size })).newPage();
  const line = page.waitForRequest((r) => new URL(r.url()).pathname === '/api/events');
  await signInAs(page, at, role, 'zh-CN');
  await line;
  return Object.assign(page, { at });
}

/** cast are the people of the article: 小李 sells, 蒋跃 leads him, at a desk that is open. */
export async function cast(browser: Browser, at: At, headOnPhone = false) {
  const admin = await person(browser, at, 'admin');
  const [rep, head] = [await person(browser, at, 'rep', true), await person(browser, at, 'manager', headOnPhone)];
  for (const [page, name] of [
    [rep, '小李'],
    [head, '蒋跃'],
  ] as const) {
    const { memberId } = await read<{ memberId: string }>(page, 'session');
    const was = await read<{ version: number }>(admin, `members/${memberId}`);
    await write(admin, 'put', `members/${memberId}`, { name }, was.version);
  }
  return { admin, rep, head };
}

export type Deal = {
  id: string;
  version: number;
  stageId: string;
  contacts: { contactId: string; role: string }[];
  pipeline: { stages: { id: string; name: string; position: number }[] };
};

/** story is a deal of 方舟电子 at 商务确认, whose decision maker is 王建国; 赵兵 works at another customer. */
export async function story(rep: Who, role = true, amountMinor = 186_000_000) {
  const account = await write<{ id: string }>(rep, 'post', 'accounts', { name: '方舟电子' });
  const other = await write<{ id: string }>(rep, 'post', 'accounts', { name: '三励公司' });
  const who = { accountId: account.id, name: '王建国', department: '采购部', title: '采购部经理' };
  const wang = await write<{ id: string }>(rep, 'post', 'contacts', who);
  const zhao = await write<{ id: string }>(rep, 'post', 'contacts', {
    accountId: other.id,
    name: '赵兵',
    title: '采购经理',
  });
  const made = await write<Deal>(rep, 'post', 'opportunities', {
    name: '方舟电子 · 生产线视觉检测',
    accountId: account.id,
    amountMinor,
  });
  const deal = await read<Deal>(rep, `opportunities/${made.id}`);
  const parts = { contacts: [{ contactId: wang.id, role: 'economic' }] };
  if (role) await write(rep, 'put', `opportunities/${made.id}/contacts`, parts, deal.version);
  const to = deal.pipeline.stages.find((s) => s.name === '商务确认');
  if (!to) throw new Error(`no such stage: ${deal.pipeline.stages.map((s) => s.name)}`);
  const exception = '客户要求直接谈商务，之前的材料后补';
  const moved = await read<Deal>(rep, `opportunities/${made.id}`);
  await write(rep, 'post', `opportunities/${made.id}/move`, { to: to.id, exception, version: moved.version });
  return { id: made.id, account: account.id, wang: wang.id, zhao: zhao.id };
}

/** sees has a page open a record, and its line to the server stand. */
export async function sees(page: Who, id: string) {
  const line = page.waitForResponse((r) => new URL(r.url()).pathname === '/api/events');
  await page.goto(`${page.at.base}/opportunities/${id}`);
  await line;
}

/** alarmed sees what every way leads to: the deal with both names on the head's open desk, red, and a task. */
export async function alarmed(head: Who, rep: Who, id: string, task: string) {
  const line = head.locator('main .ex', { hasText: '方舟电子 · 生产线视觉检测' }).first();
  await expect(line).toContainText('换人：王建国', { timeout: 15_000 });
  await expect(line).toContainText('小李');
  await expect(head.locator('.bell .count')).toBeVisible();
  const changes = await read<{ items: { state: string; deals: { taskId: string; lamp: string }[] }[] }>(
    head,
    `contact-changes?opportunity=${id}&open=true`,
  );
  expect(changes.items.map((c) => [c.state, c.deals.map((d) => d.lamp)])).toEqual([['confirmed', ['red']]]);
  const set = await read<{ task: { what: string } }>(rep, `tasks/${changes.items[0]?.deals[0]?.taskId}`);
  expect(set.task.what).toContain(task);
  return line;
}
