import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { serve, sound, stop } from './checks';
import { copyOfDemo, type SignIn, signInsOf } from './demo';

// What a screen must do whoever looks: wins that wait are found and accepted, what was taken
// back says why, a form is used by keyboard and fits a phone.

let server: ChildProcess;
let base = '';
let dir = '';
let signIns: Record<string, SignIn> = {};

test.beforeAll(async () => {
  dir = copyOfDemo();
  signIns = signInsOf(dir);
  ({ server, base } = await serve(dir));
});

test.afterAll(async () => {
  await stop(server);
  rmSync(dir, { recursive: true, force: true });
});

async function signIn(page: Page, role: string, locale: string) {
  await page.addInitScript((l) => localStorage.setItem('yunchou.locale', l), locale);
  await page.goto(base);
  const inputs = page.locator('form input');
  await inputs.nth(0).fill(signIns[role]?.login ?? '');
  await inputs.nth(1).fill(signIns[role]?.password ?? '');
  await page.keyboard.press('Enter');
  await expect(page.locator('.shell h1')).toBeVisible();
}

const words = {
  'zh-CN': {
    accept: '认可',
    toAccept: '待认可',
    filters: '筛选',
    waits: '例外赢单，待认可',
    accepted: '认可了例外赢单',
    more: '更多',
    takeBack: '撤回上一步',
    reason: '原因',
    addTeam: '添加团队',
    teamName: '团队名称',
    notOpen: '这一页不对你开放',
    moveTo: '移到阶段…',
    move: '移动',
    notMoved: /个没有移动/,
    stalled: '停滞',
  },
  'en-US': {
    accept: 'Accept',
    toAccept: 'To accept',
    filters: 'Filters',
    waits: 'Won by exception, to be accepted',
    accepted: 'Accepted the win by exception',
    more: 'More',
    takeBack: 'Take back the last move',
    reason: 'Reason',
    addTeam: 'Add a team',
    teamName: 'Team name',
    notOpen: 'This page is not open to you',
    moveTo: 'Move to stage…',
    move: 'Move',
    notMoved: /not moved/,
    stalled: 'Stalled',
  },
};

test('a win by exception is found, accepted with one click, and a move taken back says why', async ({
  page,
  locale,
  viewport,
}) => {
  const w = words[locale as keyof typeof words];
  const phone = (viewport?.width ?? 0) < 500;
  await signIn(page, 'manager', locale as string);

  // The desk names it first; the list finds it.
  const desk = page.locator('.ex', { hasText: w.waits });
  await expect(desk.first()).toBeVisible();
  await page.goto(`${base}/opportunities?state=open`);
  if (phone) await page.getByRole('button', { name: new RegExp(`^${w.filters}`) }).click();
  await page.getByRole('button', { name: w.toAccept, exact: true }).click();
  await expect(page).toHaveURL(/provisional=true/);
  const rows = phone ? page.locator('.rowlink') : page.locator('tbody tr').filter({ has: page.locator('a b') });
  await expect(rows.first()).toContainText(w.waits);
  await sound(page, 'wins to accept');
  const waiting = await rows.count();

  // One click: on the phone from the desk, at the desk where it is listed.
  let name = '';
  if (phone) {
    await page.goto(`${base}/desk`);
    name = (await desk.first().locator('a').first().textContent()) ?? '';
    await desk.first().getByRole('button', { name: w.accept }).click();
    await expect(desk.filter({ has: page.getByRole('link', { name, exact: true }) })).toHaveCount(0);
  } else {
    name = (await rows.first().locator('a b').textContent()) ?? '';
    await rows.first().getByRole('button', { name: w.accept }).click();
    await expect(rows).toHaveCount(waiting - 1);
  }
  await page.goto(`${base}/opportunities?state=won&q=${encodeURIComponent(name)}`);
  await page
    .locator(phone ? '.rowlink' : 'tbody tr a:has(b)')
    .first()
    .click();
  await expect(page.locator('h1')).toHaveText(name);
  await expect(page.locator('.ev', { hasText: w.accepted })).toBeVisible();

  // The reason stands in the timeline; the form is used by keyboard.
  const why = '客户其实还没有签字';
  await page.getByRole('button', { name: w.more, exact: true }).click();
  await page.getByRole('menuitem', { name: w.takeBack }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: w.more, exact: true })).toBeFocused();
  await page.getByRole('button', { name: w.more, exact: true }).click();
  await page.getByRole('menuitem', { name: w.takeBack }).click();
  await dialog.getByLabel(w.reason).fill(why);
  expect(await dialog.locator('.ant-modal-body').evaluate((x) => x.scrollWidth - x.clientWidth)).toBeLessThanOrEqual(1);
  await dialog.locator('button[type=submit]').click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('.ev', { hasText: why })).toBeVisible();
  await sound(page, 'a deal with a move taken back');
});

test('a form is used by keyboard, and what the server refuses stands at its field', async ({ page, locale }) => {
  const w = words[locale as keyof typeof words];
  await signIn(page, 'admin', locale as string);
  await page.goto(`${base}/settings?tab=teams`);
  const open = page.getByRole('button', { name: w.addTeam });
  const dialog = page.getByRole('dialog');
  await open.click();
  await expect(dialog.getByLabel(w.teamName)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(open).toBeFocused();
  // A day that is none is refused at the day.
  await open.click();
  await dialog.getByLabel(w.teamName).fill('华中一组');
  await dialog.locator('input[data-date]').fill('');
  await page.route('**/api/teams', (route) =>
    route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), from: '2026-13-01' }) }),
  );
  await dialog.getByLabel(w.teamName).press('Enter');
  await expect(dialog.locator('.field.wrong input[data-date]')).toBeVisible();
  await page.unroute('**/api/teams');
  await dialog.getByLabel(w.teamName).press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('treeitem', { name: /华中一组/ })).toBeVisible();
});

test('a page one may not use says so, and asks nothing of the server', async ({ page, locale }) => {
  const w = words[locale as keyof typeof words];
  await signIn(page, 'rep', locale as string);
  const refused: string[] = [];
  page.on('response', (r) => r.status() === 403 && refused.push(r.url()));
  for (const path of ['/import', '/settings/pipelines']) {
    await page.goto(base + path);
    await expect(page.getByRole('heading', { name: w.notOpen })).toBeVisible();
    await sound(page, path);
  }
  await page.goto(`${base}/settings?tab=audit`);
  await expect(page.locator('main .card .empty b')).toBeVisible();
  await page.goto(`${base}/settings?tab=nowhere`);
  await expect(page.locator('.parted .card').first()).toBeVisible();
  expect(refused).toEqual([]);
});

test('a thing on the desk is as tall as what it says', async ({ page, locale }) => {
  await signIn(page, 'manager', locale as string);
  const item = page.locator('.ex').first();
  await expect(item).toBeVisible();
  const below = await item.evaluate((x) => {
    const bottom = (y: Element) => y.getBoundingClientRect().bottom;
    return bottom(x) - Math.max(...[...x.querySelectorAll('h3, p, button')].map(bottom));
  });
  expect(below).toBeLessThan(20);
});

test('a long name breaks, and nothing beside it does', async ({ page, locale, viewport }) => {
  await signIn(page, 'manager', locale as string);
  const made = await page.evaluate(async () => {
    const { csrfToken } = (await (await fetch('/api/session')).json()) as { csrfToken: string };
    const id = `${Date.now()
      .toString(16)
      .padStart(12, '0')
      .replace(/^(.{8})/, '$1-')}-7abc-8abc-0123456789ab`;
    const r = await fetch('/api/opportunities', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrfToken },
      body: JSON.stringify({ id, name: `Rindfleischetikettierung${'x'.repeat(70)}` }),
    });
    return r.status;
  });
  expect(made).toBe(201);
  for (const path of ['/desk', '/opportunities?state=open', '/board']) {
    await page.goto(base + path);
    await expect(page.getByText('Rindfleisch').first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBeLessThanOrEqual(0);
  }
  if ((viewport?.width ?? 0) < 500) return;
  await page.goto(`${base}/opportunities?state=open`);
  const short = page.locator('tbody td.whole');
  await expect(short.first()).toBeVisible();
  const lines = await short.evaluateAll((all) =>
    all.map((td) => {
      const range = document.createRange();
      range.selectNodeContents(td);
      return range.getBoundingClientRect().height;
    }),
  );
  expect(lines.length).toBeGreaterThan(5);
  expect(Math.max(...lines)).toBeLessThan(40);
});

test('what a bulk move refuses stays chosen, with why, and rows do not move meanwhile', async ({
  page,
  locale,
  viewport,
}) => {
  test.skip((viewport?.width ?? 0) < 500, 'nothing is chosen in bulk on a phone');
  const w = words[locale as keyof typeof words];
  await signIn(page, 'director', locale as string);
  const pipeline = await page.evaluate(async () => {
    const all = (await (await fetch('/api/pipelines')).json()) as { id: string }[];
    return all[0]?.id;
  });
  await page.goto(`${base}/opportunities?state=open&sort=expected&pipeline=${pipeline}`);
  const boxes = page.locator('tbody input[type=checkbox]');
  await expect(boxes.nth(2)).toBeVisible();
  const at = (await boxes.nth(2).boundingBox())?.y;
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  const bar = page.locator('.bulk');
  await expect(bar).toBeVisible();
  expect((await boxes.nth(2).boundingBox())?.y).toBe(at);
  // To a stage far away: the stages between may not be skipped.
  await bar.getByLabel(w.moveTo).click();
  await page.locator('.ant-select-item-option').last().click();
  await page.getByRole('dialog').getByRole('button', { name: w.move, exact: true }).click();
  await expect(bar.locator('.reasons')).toContainText(w.notMoved);
  await expect(page.locator('tbody input[type=checkbox]:checked')).not.toHaveCount(0);
  await sound(page, 'a bulk move');
  // Other filters are another choice.
  await page.getByRole('button', { name: w.stalled, exact: true }).click();
  await expect(bar).toHaveCount(0);
});
