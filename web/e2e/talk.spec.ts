import { expect, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { fresh, setUp, sound } from './checks';

// A talk on a record: said, answered, noted for oneself, edited and taken back, by keyboard, with a file.

const at = fresh();

test('people talk about a record', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  await page.goto(at.base);
  await page.locator('.signin h1').waitFor();
  await setUp(page, at, locale);
  await page.goto(`${at.base}/opportunities?state=open`);
  await page.getByRole('button', { name: w.create.title }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w.opp.name).fill('二期改造');
  await dialog.locator('button[type=submit]').click();
  const card = page.getByTestId('conversation');
  await expect(card.getByText(w.talk.none)).toBeVisible();
  if ((page.viewportSize()?.width ?? 0) < 720) await page.getByRole('button', { name: w.talk.title }).click();
  else await card.getByLabel(w.talk.write).click();
  await page.keyboard.type('三励报 68 万');
  await card.locator('input[type=file]').setInputFiles({
    name: '报价.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.7'),
  });
  await card.getByLabel(w.talk.write).press('Control+Enter');
  const one = card.getByRole('article');
  await expect(one.getByText('三励报 68 万')).toBeVisible();
  await expect(one.getByRole('link', { name: '报价.pdf' })).toBeVisible();
  await one.getByRole('button', { name: w.talk.edit }).click();
  await one.getByLabel(w.talk.edit).fill('三励报 69 万');
  await one.getByRole('button', { name: w.common.save }).click();
  await expect(one.getByText(w.talk.edited)).toBeVisible();
  await one.getByRole('button', { name: w.talk.answer }).click();
  await one.getByLabel(w.talk.answer).fill('先不降');
  await one.getByRole('button', { name: w.talk.send }).click();
  await expect(one.getByText('先不降')).toBeVisible();
  await sound(page, 'a talk');
  await page.screenshot({ path: `test-results/talk-${locale}.png`, fullPage: true });
  await one.getByRole('button', { name: w.talk.takeBack }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: w.talk.takeBack }).click();
  await expect(one.getByText(w.talk.takenBack)).toBeVisible();
  await expect(one.getByRole('link', { name: '报价.pdf' })).toHaveCount(0);
});
