import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serve, sound, stop } from './checks';

// The main job, from a bare server to a win: set up, import, read the funnel, drill
// down, log a follow-up, be refused by a gate, supply evidence, win.

let server: ChildProcess;
let base = '';
let setUpAt = '';
let dir = '';

test.beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'yunchou-e2e-'));
  ({ server, base, setUpAt } = await serve(dir));
});

test.afterAll(async () => {
  await stop(server);
  rmSync(dir, { recursive: true, force: true });
});

const words = {
  'zh-CN': {
    company: '企业名称',
    name: '你的姓名',
    login: '登录名',
    password: '密码',
    start: '开始使用',
    pipeline: '投标流程',
    stages: ['机会', '入围', '方案制定', '中标', '丢单'],
    go: '导入 41 行',
    funnel: '看漏斗',
    reached: '到达',
    followUp: '写跟进',
    words: '客户怎么说',
    save: '保存跟进',
    advance: /推进到/,
    supplyAndGo: '提交证据并推进',
    text: '说明',
    moveTo: '移到…',
    why: '为什么现在就要推进',
    withException: '带例外推进',
    wonState: '赢单',
    board: '看板',
    next: '下一步做什么',
  },
  'en-US': {
    company: 'Company name',
    name: 'Your name',
    login: 'Sign-in name',
    password: 'Password',
    start: 'Get started',
    pipeline: 'Bid',
    stages: ['Opportunity', 'Shortlisted', 'Solution design', 'Bid won', 'Lost'],
    go: 'Import 41 rows',
    funnel: 'See the funnel',
    reached: 'Reached',
    followUp: 'Log follow-up',
    words: 'What the customer said',
    save: 'Save follow-up',
    advance: /Advance to/,
    supplyAndGo: 'Add evidence and advance',
    text: 'Text',
    moveTo: 'Move to…',
    why: 'Why it must advance now',
    withException: 'Advance with exception',
    wonState: 'Won',
    board: 'Board',
    next: 'What next',
  },
};

test('from a bare server and a file to a win', async ({ page, locale, viewport }) => {
  const w = words[locale as keyof typeof words];
  const phone = (viewport?.width ?? 0) < 500;
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.message));

  // Set up.
  await page.goto(setUpAt);
  await page.getByLabel(w.company).fill('衡远装备');
  await page.getByLabel(w.name).fill('管理员');
  await page.getByLabel(w.login).fill('admin');
  await sound(page, 'set-up');
  await page.getByLabel(w.password).fill('a long enough one');
  await page.getByRole('button', { name: w.start }).click();
  await expect(page.locator('.shell h1')).toBeVisible();
  await sound(page, 'desk');

  // Import with mapping in the UI.
  const [first, , , won, lost] = w.stages;
  const rows = Array.from({ length: 40 }, (_, i) => {
    const stage = i % 4 === 0 ? won : i % 4 === 1 ? lost : first;
    const closed = i % 4 < 2 ? `2026-0${1 + (i % 6)}-20` : '';
    return `D${i},${i === 2 ? '华新机电二期' : `项目${i}`},客户${i % 7},${stage},${i === 2 ? 90000 : 10000 + i * 100},2026-01-0${1 + (i % 9)},${closed}`;
  });
  const file = join(dir, 'pipeline.csv');
  writeFileSync(
    file,
    `deal id,deal name,customer,stage,amount,created date,close date\n${rows.join('\n')}\n坏行,缺阶段,客户1,没有这个阶段,1,2026-01-01,\n`,
  );
  await page.goto(`${base}/import`);
  await page.setInputFiles('input[type=file]', file);
  await expect(page.getByText('UTF-8', { exact: false }).first()).toBeVisible();
  await sound(page, 'import');
  // A stage no pipeline knows may have one proposed of the file's own; these deals go into the company's.
  await page.getByTestId('stages').locator('.ant-select.pipeline').click();
  await page.locator('.ant-select-item-option').getByText(w.pipeline, { exact: true }).click();
  await page.getByRole('button', { name: w.go, exact: true }).click();
  await expect(page.locator('[data-testid=batch]')).toHaveAttribute('data-status', 'done');
  await expect(page.locator('[data-testid=batch]')).toContainText('40');

  // Read the funnel and drill down.
  await page.getByRole('button', { name: w.funnel }).click();
  const firstRow = page.locator('table.t').first().locator('tbody tr').first();
  await expect(firstRow).toContainText(first as string);
  await sound(page, 'funnel');
  await firstRow.getByRole('button').first().click();
  await expect(page.locator('.ant-drawer')).toContainText('华新机电二期');
  await page.locator('.ant-drawer').getByRole('link', { name: '华新机电二期' }).click();
  await expect(page.locator('h1')).toHaveText('华新机电二期');
  await sound(page, 'record');

  // Log a follow-up with a next step.
  await page.getByRole('button', { name: w.followUp }).first().click();
  await page.getByLabel(w.words).fill('价格再谈,范围定了。');
  await page.getByRole('dialog').getByLabel(w.next).fill('约评审');
  await page.getByRole('button', { name: w.save }).click();
  await page.getByRole('button', { name: w.save }).click(); // it asked who that was
  await expect(page.locator('.ev', { hasText: '价格再谈,范围定了。' })).toBeVisible();

  // On the board: move, be refused by the gate, and supply evidence.
  await page.goto(`${base}/board`);
  const deal = page.locator('[data-testid="deal-华新机电二期"]');
  await expect(deal).toBeVisible();
  await sound(page, 'board');
  const second = w.stages[1] as string;
  if (phone) {
    await deal.getByRole('button', { name: w.moveTo }).click();
    await page.getByRole('dialog').getByRole('button', { name: second, exact: true }).click();
  } else {
    const lane = page.locator('section.lane', { hasText: second });
    const from = await deal.boundingBox();
    const to = await lane.boundingBox();
    if (!from || !to) throw new Error('no boxes');
    await page.mouse.move(from.x + from.width - 6, from.y + from.height - 6); // paper, not the link or the button
    await page.mouse.down();
    await page.mouse.move(from.x + from.width + 20, from.y + from.height + 8, { steps: 4 });
    await page.mouse.move(to.x + 100, to.y + 60, { steps: 8 });
    await page.mouse.up();
  }
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: w.supplyAndGo })).toBeDisabled();
  await dialog.locator('.ant-modal-close').click();
  await deal.getByRole('link').click();
  await page.getByRole('button', { name: w.advance }).click();
  await dialog.getByLabel(w.text, { exact: true }).fill('预算 50 万,六月招标');
  await dialog.getByRole('button', { name: w.supplyAndGo }).click();
  await expect(page.locator('.st.now')).toContainText(second);

  // Win: the gate names what is skipped; with an exception the manager is told.
  await page.locator('.st', { hasText: won as string }).click();
  await page.getByLabel(w.why).fill('客户直接发来订单');
  await page.getByRole('dialog').getByRole('button', { name: w.withException }).last().click();
  await expect(page.locator('.st.won')).toContainText(won as string);
  await expect(page.locator('.head')).toContainText(w.wonState);
  expect(errors).toEqual([]);
});
