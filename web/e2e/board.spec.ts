import { expect, type Locator, type Page, test } from '@playwright/test';
import { demo, signInAs, sound } from './checks';

// The board, by mouse at the desk and by finger on the phone: a card is dropped where the pointer is, a finger that
// moves at once scrolls, a move goes through the gate, and filters go along to the list and back.

test.use({ hasTouch: true });

const at = demo();

const words = {
  'zh-CN': { moveTo: '移到…', list: '看成列表', board: '看成看板' },
  'en-US': { moveTo: 'Move to…', list: 'As a list', board: 'As a board' },
};

async function openBoard(page: Page, locale: string) {
  await signInAs(page, at, 'manager', locale);
  await page.goto(`${at.base}/board`);
  await expect(page.locator('.deal').first()).toBeVisible();
  await page.waitForLoadState('networkidle');
}

/** boxOf is where something is on the screen. */
async function boxOf(of: Locator) {
  const box = await of.boundingBox();
  if (!box) throw new Error('it is not on the screen');
  return box;
}

/** finger touches the screen, for whom a page cannot tell it from a hand. */
async function finger(page: Page) {
  const to = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: { x: number; y: number }) =>
    to.send('Input.dispatchTouchEvent', { type, touchPoints: at ? [at] : [] });
  return {
    down: (x: number, y: number) => send('touchStart', { x, y }),
    move: async (x: number, y: number) => {
      await send('touchMove', { x, y });
      await page.waitForTimeout(16);
    },
    up: () => send('touchEnd'),
  };
}

const lanes = (page: Page) => page.locator('section.lane');

test('a card is dropped where the pointer is', async ({ page, locale, viewport }) => {
  await openBoard(page, locale as string);
  await sound(page, 'board');
  const phone = (viewport?.width ?? 0) < 700;
  const card = lanes(page).nth(0).locator('.deal').first();
  await card.scrollIntoViewIfNeeded();
  const from = await boxOf(card);
  const at = { x: from.x + 12, y: from.y + from.height - 6 };
  const target = await lanes(page).nth(1).locator('h2').textContent();
  if (phone) {
    const touch = await finger(page);
    // A finger that moves at once scrolls: nothing is taken up.
    await touch.down(at.x, at.y);
    for (let k = 1; k <= 6; k++) await touch.move(at.x, at.y - 12 * k);
    await touch.up();
    await expect(page.locator('.deal.moving')).toHaveCount(0);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await card.scrollIntoViewIfNeeded();
    const again = await boxOf(card);
    const y = again.y + again.height / 2;
    await touch.down(again.x + 12, y);
    await page.waitForTimeout(400);
    await touch.move(again.x + 20, y);
    await expect(page.locator('.deal.moving')).toHaveCount(1);
    // At the edge the board comes along, until the next lane is under the finger.
    const edge = 380;
    await touch.move(edge - 2, y);
    await expect(async () => {
      await touch.move(edge, y);
      const lane = await boxOf(lanes(page).nth(1));
      expect(lane.x + lane.width / 2).toBeLessThan(edge);
    }).toPass();
    // It may come further along than it was when it was looked at: the finger goes after the lane.
    await expect(async () => {
      const lane = await boxOf(lanes(page).nth(1));
      await touch.move(lane.x + lane.width / 2, y);
      await touch.move(lane.x + lane.width / 2 + 1, y);
      await expect(lanes(page).nth(1)).toHaveClass(/over/, { timeout: 500 });
    }).toPass();
    await touch.up();
  } else {
    const to = await boxOf(lanes(page).nth(1));
    await page.mouse.move(at.x, at.y);
    await page.mouse.down();
    await page.mouse.move(at.x + 12, at.y + 4, { steps: 3 });
    // The pointer is just inside the lane: most of the card is still over its own.
    await page.mouse.move(to.x + 8, to.y + 80, { steps: 8 });
    await expect(lanes(page).nth(1)).toHaveClass(/over/);
    await page.mouse.up();
  }
  const stage =
    (await lanes(page)
      .nth(1)
      .locator('h2')
      .evaluate((h) => h.firstChild?.textContent)) ?? '';
  expect(target).toContain(stage);
  await expect(page.getByRole('dialog')).toContainText(stage);
});

test('the menu of a card refuses with what is missing, and a step back asks why', async ({
  page,
  locale,
  viewport,
}) => {
  const w = words[locale as keyof typeof words];
  await openBoard(page, locale as string);
  const phone = (viewport?.width ?? 0) < 700;
  const names = await lanes(page)
    .locator('h2')
    .evaluateAll((all) => all.map((h) => h.firstChild?.textContent ?? ''));
  const send = async (lane: number, to: number) => {
    const card = lanes(page).nth(lane).locator('.deal').first();
    await card.scrollIntoViewIfNeeded();
    await card.getByRole('button', { name: w.moveTo }).click();
    const name = names[to] ?? '';
    if (phone) await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
    else await page.getByRole('menuitem', { name, exact: true }).click();
  };
  await send(0, 2);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('alert')).toContainText(names[1] ?? '');
  await expect(dialog.locator('button[type=submit]')).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await send(1, 0);
  await expect(dialog.locator('button[type=submit]')).toBeDisabled();
  await dialog.locator('textarea').first().fill('客户推迟了预算');
  await dialog.locator('button[type=submit]').click();
  await expect(dialog).toHaveCount(0);
});

test('filters go along from the board to the list and back', async ({ page, locale }) => {
  const w = words[locale as keyof typeof words];
  await openBoard(page, locale as string);
  await page.goto(`${at.base}/board?noNextStep=true&amountMin=100`);
  await expect(page.locator('.deal').first()).toBeVisible();
  await page.getByRole('link', { name: w.list }).click();
  await expect(page).toHaveURL(/\/opportunities\?/);
  const asked = new URL(page.url()).searchParams;
  expect([asked.get('noNextStep'), asked.get('amountMin'), asked.get('state')]).toEqual(['true', '100', 'open']);
  await page.goto(`${page.url()}&sort=amount&desc=true`);
  await page.getByRole('link', { name: w.board }).click();
  await expect(page).toHaveURL(/\/board\?/);
  expect([...new URL(page.url()).searchParams.keys()].sort()).toEqual(['amountMin', 'noNextStep']);
  await expect(page.locator('.deal').first()).toBeVisible();
});
