import { expect, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { fresh, setUp, sound } from './checks';

// Files: attached and removed again, too large ones refused before they are sent, and what is no
// table told to be what it is.

const at = fresh();

test('files are attached, refused and removed', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  await page.goto(at.base);
  await page.locator('.signin h1').waitFor();
  if (await page.getByLabel(w.setup.token).isVisible()) await setUp(page, at, locale);
  else {
    await page.getByLabel(w.signin.login).fill('admin');
    await page.getByLabel(w.signin.password, { exact: true }).fill('a long enough one');
    await page.keyboard.press('Enter');
    await expect(page.locator('.shell h1')).toBeVisible();
  }
  const sent: string[] = [];
  page.on('request', (r) => {
    if (r.method() === 'POST' && r.url().includes('/files?')) sent.push(r.url());
  });
  const large = { name: 'large.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc((20 << 20) + 1, '%PDF-') };
  const paper = { name: '标书.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') };

  await page.goto(`${at.base}/opportunities?state=open`);
  await page.getByRole('button', { name: w.create.title }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w.opp.name).fill(`${locale} 二期改造`);
  await dialog.locator('button[type=submit]').click();
  const card = page.getByTestId('attachments');
  await expect(card.getByText(w.file.none)).toBeVisible();
  await card.locator('input[type=file]').setInputFiles(large);
  await expect(card.getByRole('alert')).toHaveText(w.problem.file.too_large.replace('{{maxSize}}', '20 MiB'));
  expect(sent).toEqual([]);
  await card.locator('input[type=file]').setInputFiles(paper);
  await expect(card.getByRole('link', { name: paper.name })).toBeVisible();
  expect(sent.length).toBe(1);
  await sound(page, 'a record with an attachment');
  await card.getByRole('button', { name: `${w.common.delete} ${paper.name}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: w.common.delete }).click();
  await expect(card.getByText(w.file.none)).toBeVisible();

  // Without room the refusal leads to what takes it, from where it is removed too.
  await card.locator('input[type=file]').setInputFiles({ ...paper, name: '投标文件.pdf' });
  await expect(card.getByRole('link', { name: '投标文件.pdf' })).toBeVisible();
  await page.route('**/api/files?**', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({
          status: 507,
          contentType: 'application/problem+json',
          body: '{"title":"x","status":507,"code":"file.no_room","params":{"maxMiB":8192}}',
        })
      : route.continue(),
  );
  await card.locator('input[type=file]').setInputFiles(paper);
  await expect(card.getByRole('alert')).toContainText('8 GiB');
  await card.getByRole('alert').getByRole('link', { name: w.file.see }).click();
  await page.unroute('**/api/files?**');
  const kept = page.getByTestId('kept').filter({ hasText: `${locale} 二期改造` });
  await expect(kept).toContainText('投标文件.pdf');
  await expect(page.getByTestId('room')).toContainText('8 GiB');
  await sound(page, 'attachments by size');
  await kept.getByRole('button', { name: `${w.common.delete} 投标文件.pdf` }).click();
  await page.getByRole('dialog').getByRole('button', { name: w.common.delete }).click();
  await expect(kept).toHaveCount(0);

  // What is kept, and how long, stands in the company's settings, in words.
  await page.goto(`${at.base}/settings?tab=company`);
  await expect(page.getByTestId('kept-files')).toContainText('64 GiB');
  await expect(page.getByTestId('kept-files')).toContainText(locale === 'zh-CN' ? '7 天' : '7 days');
  await expect(page.getByTestId('backups')).toContainText(w.settings.backupsOff);
  await sound(page, 'company');

  await page.goto(`${at.base}/import`);
  await expect(page.getByRole('button', { name: w.file.chooseSeveral })).toBeVisible();
  await page.locator('input[type=file]').setInputFiles({ ...paper, name: 'deals.csv' });
  await expect(page.getByRole('alert')).toContainText(w.problem.file.not_table.replace('{{kind}}', 'PDF'));
  await sound(page, 'import');
});
