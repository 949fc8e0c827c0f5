import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { fresh, setUp, sound } from './checks';

// A list of current stages, imported into an empty company: its desk opens with what is wrong with it, and each is put
// right in the list that opens. What is wrong is worked out here.

const at = fresh();

/** rows are ninety open deals: nothing says since when; every third lacks an amount, every third was expected long ago. */
function rows() {
  const amounts = Array.from({ length: 90 }, (_, i) => (i % 3 === 0 ? '' : String(10_000 + i * 10)));
  // The last five are those before them again.
  for (let i = 85; i < 90; i++) amounts[i] = amounts[i - 5] ?? '';
  const lines = amounts.map((amount, i) => {
    const of = i < 85 ? i : i - 5;
    const expected = ['2020-06-30', '2099-06-30', ''][i % 3];
    return `项目${of}号线,客户${of}机械有限公司,赵一鸣,${of % 2 ? '初步接触' : '方案报价'},${amount},${expected}`;
  });
  return {
    text: `项目名称,客户名称,销售员,项目阶段,预计金额,预计签约时间\n${lines.join('\n')}\n`,
    noAmount: amounts.filter((a) => !a).length,
    passed: 30,
    twins: 10,
  };
}

const count = (page: Page, words: string, n: number) =>
  expect(page.getByRole('heading', { name: words.replace('{{count}}', String(n)) })).toBeVisible();

test('the first day begins with a checkup, cleared in one list', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.message));
  await setUp(page, at, locale);
  const all = rows();
  const file = join(at.dir, '现状.csv');
  writeFileSync(file, all.text);
  await page.goto(`${at.base}/import`);
  await page.locator('input[type=file]').setInputFiles(file);
  await page.waitForLoadState('networkidle');
  const own = page.getByRole('button', { name: w.import.ownPipeline });
  if (await own.isVisible()) await own.click();
  await page.locator('.go .ant-btn-primary').click();
  await expect(page.getByTestId('batch')).toHaveAttribute('data-status', 'done', { timeout: 180_000 });

  await page.goto(at.base);
  const card = page.getByRole('region', { name: w.cleanup.title });
  await expect(card).toBeVisible();
  const check = w.cleanup.check;
  await count(page, check.passed_other, all.passed);
  await count(page, check.noAmount_other, all.noAmount);
  await count(page, check.noNextStep_other, 90);
  await count(page, check.noPerson_other, 90);
  await count(page, check.twins_other, all.twins);
  await sound(page, 'desk with checkup');
  if (process.env.YUNCHOU_SHOTS)
    await page.screenshot({ path: `${process.env.YUNCHOU_SHOTS}/desk-${locale}.png`, fullPage: true });

  // Twins: one is closed as a duplicate, one is not for now, one goes on.
  await card.getByRole('button', { name: new RegExp(check.twins_other.replace('{{count}}', '\\d+')) }).click();
  const list = page.getByRole('dialog');
  const act = (way: keyof typeof w.cleanup.way) =>
    list
      .getByRole('button', { name: new RegExp(`^${w.cleanup.way[way]} · `) })
      .first()
      .click();
  const go = (way: keyof typeof w.cleanup.way) =>
    list.locator('form').getByRole('button', { name: w.cleanup.way[way], exact: true }).click();
  await act('close');
  await list.getByLabel(w.loss.kind).click();
  await page.getByTitle(w.loss.duplicate, { exact: true }).click();
  await list.getByLabel(w.move.reason).fill('同一个项目');
  if (process.env.YUNCHOU_SHOTS) await page.screenshot({ path: `${process.env.YUNCHOU_SHOTS}/list-${locale}.png` });
  await go('close');
  await expect(list.getByText(w.cleanup.left_other.replace('{{count}}', '8'))).toBeVisible();
  await act('nurture');
  await list.getByLabel(w.move.reason).fill('今年没有预算');
  await list.getByLabel(w.cleanup.on).fill('2050-01-05');
  if (process.env.YUNCHOU_SHOTS) await page.screenshot({ path: `${process.env.YUNCHOU_SHOTS}/nurture-${locale}.png` });
  await go('nurture');
  await expect(list.getByText(w.cleanup.left_other.replace('{{count}}', '6'))).toBeVisible();
  await act('step');
  await list.getByLabel(w.nextStep.what).fill('约技术交流');
  await go('step');
  await expect(page.getByText(/项目\d+号线/).first()).toBeVisible();
  await sound(page, 'list that is cleared');
  await page.keyboard.press('Escape');
  await count(page, check.twins_other, 6);
  await count(page, check.noNextStep_other, 87);

  // What is found is put right where it is found, several at once.
  const open = (words: string) =>
    card
      .getByRole('button', { name: new RegExp(words.replace('{{count}}', '\\d+')) })
      .last()
      .click();
  const fields = (what: string) => list.getByLabel(new RegExp(`^${what} · `));
  const saveAll = (n: number) =>
    list
      .getByRole('button', {
        name: en === w && n === 1 ? w.desk.fillSave_one : w.desk.fillSave_other.replace('{{count}}', String(n)),
      })
      .click();
  const left = async (n: number) => {
    await expect(list.getByText(w.cleanup.left_other.replace('{{count}}', String(n)))).toBeVisible();
    if (process.env.YUNCHOU_SHOTS)
      await page.screenshot({ path: `${process.env.YUNCHOU_SHOTS}/cure-${n}-${locale}.png` });
    await sound(page, 'list that is cured');
    await page.keyboard.press('Escape');
  };
  const found = async (words: string) =>
    Number(
      /\d+/.exec(
        (await card
          .getByRole('heading', { name: new RegExp(words.replace('{{count}}', '\\d+')) })
          .last()
          .textContent()) ?? '',
      )?.[0],
    );

  const passed = await found(check.passed_other);
  await open(check.passed_other);
  for (const i of [0, 1]) {
    await fields(w.opp.expectedOn).nth(i).fill('2060-06-30');
    await fields(w.desk.redateWhy).nth(i).fill('客户预算推到下一年');
  }
  await saveAll(2);
  await left(passed - 2);

  const without = await found(check.noAmount_other);
  await open(check.noAmount_other);
  await fields(w.opp.amount).nth(0).fill('120000');
  await fields(w.opp.amount).nth(1).fill('0');
  await saveAll(2);
  await left(without - 2);

  const alone = await found(check.noPerson_other);
  await open(check.noPerson_other);
  const row = list.locator('.fill-line').first();
  await row.getByRole('button', { name: w.followUp.addPerson }).click();
  await row.getByLabel(w.contact.name, { exact: true }).fill('沈佳怡');
  await row.getByLabel(w.contact.name, { exact: true }).press('Enter');
  await expect(row.getByRole('button', { name: '沈佳怡', pressed: true })).toBeVisible();
  await row.getByRole('button', { name: new RegExp(`^${w.common.save} · `) }).click();
  await left(alone - 1);

  await open(check.noNextStep_other);
  for (const i of [0, 1]) await fields(w.nextStep.what).nth(i).fill('约技术交流');
  await saveAll(2);
  await left(85);
  expect(errors).toEqual([]);
});
