import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { fresh, setUp, sound } from './checks';
import { ledger } from './ledger';
import { workbook } from './workbook';

// Files as companies keep them, from the drop to the right funnel in at most eight clicks, and back. What is right is
// worked out apart: here, or beside the examples.

const at = fresh();
const mostClicks = 8;

/** own is the currency a company begins with. */
const own = (locale: string | undefined) => (locale === 'zh-CN' ? 'CNY' : 'USD');

type Truth = {
  kind: string;
  deals: number;
  won: number;
  lost: number;
  stages: Record<string, number>;
  currency?: string;
  cents?: number;
};

async function signIn(page: Page, locale: string | undefined) {
  const w = locale === 'zh-CN' ? zh : en;
  await page.goto(at.base);
  await page.locator('.signin h1').waitFor();
  if (await page.getByLabel(w.setup.token).isVisible()) {
    await setUp(page, at, locale);
    return;
  }
  await page.getByLabel(w.signin.login).fill('admin');
  await page.getByLabel(w.signin.password, { exact: true }).fill('a long enough one');
  await page.keyboard.press('Enter');
  await expect(page.locator('.shell h1')).toBeVisible();
}

/** clicks counts what a person presses, in the page itself. */
async function clicks(page: Page) {
  await page.addInitScript(() => {
    addEventListener('click', (e) => {
      // A click on a label comes again from its field: once is what was pressed.
      if (e.isTrusted && e.detail > 0) sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1;
    });
  });
  return {
    reset: () => page.evaluate(() => sessionStorage.removeItem('clicks')),
    // Choosing the file is the first.
    count: async () => 1 + Number(await page.evaluate(() => sessionStorage.clicks ?? 0)),
  };
}

type Deal = { stageId: string; state: string; amountMinor: number | null; currency: string };

/** held is what the company holds, asked of the program itself. */
async function held(page: Page) {
  const get = async (path: string) => {
    // Just after many deals came in, or were taken back, an answer may have to be asked for again.
    let r = await page.request.get(`${at.base}${path}`);
    for (let n = 0; !r.ok() && n < 30; n++) {
      await page.waitForTimeout(1000);
      r = await page.request.get(`${at.base}${path}`);
    }
    expect(r.ok(), `${path}: ${r.status()} ${r.ok() ? '' : await r.text()}`).toBe(true);
    return await r.json();
  };
  const names = (await get('/api/stages')) as Record<string, string>;
  const deals: Deal[] = [];
  for (let cursor = ''; ; ) {
    const body = await get(`/api/opportunities?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    deals.push(...(body.items as Deal[]));
    cursor = body.next as string;
    if (!cursor) break;
  }
  const stages: Record<string, number> = {};
  for (const d of deals) {
    const name = names[d.stageId] ?? '';
    stages[name] = (stages[name] ?? 0) + 1;
  }
  return {
    deals: deals.length,
    won: deals.filter((d) => d.state === 'won').length,
    lost: deals.filter((d) => d.state === 'lost').length,
    stages,
    cents: (currencies: string[]) =>
      deals.filter((d) => currencies.includes(d.currency)).reduce((n, d) => n + (d.amountMinor ?? 0), 0),
  };
}

/** comesIn drops a file, imports what was understood, sees the funnel, compares, and takes it back. */
async function comesIn(page: Page, locale: string | undefined, file: string, want: Truth) {
  const w = locale === 'zh-CN' ? zh : en;
  await page.goto(`${at.base}/import`);
  const pressed = await clicks(page);
  await page.reload();
  await pressed.reset();
  await page.locator('input[type=file]').setInputFiles(file);
  await expect(page.getByTestId('understood')).toContainText(
    w.import.fileKind[want.kind as keyof typeof w.import.fileKind],
  );
  // A pipeline that an import before left behind may know some of the stages: the file's own is one click away.
  await page.waitForLoadState('networkidle');
  const lost = w.import.stagesLost_other.replace('{{count}}', '').trim();
  if (await page.getByTestId('stages').getByText(lost).isVisible())
    await page.getByRole('button', { name: w.import.ownPipeline }).click();
  await page.locator('.go .ant-btn-primary').click();
  const batch = page.getByTestId('batch');
  await expect(batch).toHaveAttribute('data-status', 'done', { timeout: 180_000 });
  const result = (await batch.textContent()) ?? '';
  await page.getByRole('button', { name: w.import.to.funnel }).click();
  const table = page.locator('table.t').first();
  const [first] = Object.keys(want.stages).filter((s) => !/赢|输|Gewonnen|Verloren|Won|Lost/.test(s));
  if (first) await expect(table).toContainText(first);
  const needed = await pressed.count();
  console.log(`${file.split('/').at(-1)}: ${needed} clicks`);
  expect(needed).toBeLessThanOrEqual(mostClicks);
  const now = await held(page);
  expect({ deals: now.deals, won: now.won, lost: now.lost }, result).toEqual({
    deals: want.deals,
    won: want.won,
    lost: want.lost,
  });
  for (const [stage, count] of Object.entries(want.stages)) expect(now.stages[stage] ?? 0, stage).toBe(count);
  // Amounts that name no currency are in the company's own, whichever that is.
  if (want.currency && want.cents !== undefined)
    expect(now.cents(want.currency === 'CNY' ? ['CNY', own(locale)] : [want.currency])).toBe(want.cents);
  // And the way back, on the same page, which knows after a reload too where the deals went.
  await page.goBack();
  await page.reload();
  await expect(batch.getByRole('link', { name: w.import.to.funnel })).toHaveAttribute('href', /pipeline=/);
  await page.getByRole('button', { name: w.import.undo, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: w.import.undo, exact: true }).click();
  await expect(batch).toHaveAttribute('data-status', 'undone', { timeout: 180_000 });
  expect((await held(page)).deals).toBe(0);
}

test('an ordinary ledger is understood, put right, and comes in', async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.message));
  await signIn(page, locale);
  const { rows, deals, stage } = ledger();
  const file = join(at.dir, '台账.xlsx');
  writeFileSync(file, workbook({ '2026台账': rows, 说明: [['填写说明'], ['每周五前更新']] }, ['A1:H1']));

  await page.goto(`${at.base}/import`);
  await page.locator('input[type=file]').setInputFiles(file);
  const card = page.getByTestId('file-台账.xlsx');
  await expect(card.getByTestId('understood')).toContainText(w.import.headerAt.replace('{{line}}', '3'));
  await expect(card.getByTestId('understood')).toContainText('2026台账');
  // How the cells are read is said in words, with examples.
  await expect(card.getByTestId('column-预计签约时间')).toContainText('12月底 → 2026-12-31');
  await expect(card.getByTestId('column-预计金额(万元)')).toContainText(`105,000 ${own(locale)}`);
  await expect(card.getByTestId('people')).toContainText('赵一鸣');
  await expect(card.locator('ol.path li')).toHaveCount(5);
  await sound(page, 'a ledger');

  // The header is another line: what follows is read anew, and back again, by keyboard.
  await card.getByRole('button', { name: w.import.wrong }).click();
  const line = (n: number) => card.getByRole('button', { name: w.import.headerAt.replace('{{line}}', String(n)) });
  await line(4).focus();
  await page.keyboard.press('Enter');
  await expect(card.getByTestId('understood')).toContainText(w.import.headerAt.replace('{{line}}', '4'));
  await sound(page, 'a ledger read wrongly');
  await line(3).focus();
  await page.keyboard.press('Enter');
  await expect(card.getByTestId('column-项目名称')).toBeVisible();
  await card.getByRole('button', { name: w.import.wrong }).click();

  // Another unit shows what the cells would be, as the server reads them, and back again.
  const amount = card.getByTestId('column-预计金额(万元)');
  await amount.getByRole('button', { name: w.import.rereadOf.replace('{{column}}', '预计金额(万元)') }).click();
  for (const [unit, shown] of [
    [w.import.units['1000'], `10,500 ${own(locale)}`],
    [w.import.units['10000'], `105,000 ${own(locale)}`],
  ] as const) {
    await amount.getByLabel(`预计金额(万元): ${w.import.unit}`).click();
    await page.getByTitle(unit, { exact: true }).click();
    await expect(amount).toContainText(shown);
  }

  // A try writes nothing; what it would come to stands beside the button that imports.
  await page.getByRole('button', { name: w.import.dryRun }).click();
  await expect(page.getByTestId('batch')).toHaveAttribute('data-status', 'done');
  await expect(page.getByTestId('batch')).toContainText(w.import.unusedColumns.replace('{{columns}}', '序号'));
  await expect(page.getByTestId('left-out')).toContainText('2026台账');
  expect((await held(page)).deals).toBe(0);
  await sound(page, 'a try');

  const count = (name: string) => stage[name]?.count ?? 0;
  await comesIn(page, locale, file, {
    kind: 'opportunity',
    deals,
    won: count('已签约'),
    lost: count('已丢单'),
    stages: Object.fromEntries(Object.entries(stage).map(([name, s]) => [name, s.count])),
    currency: 'CNY',
    cents: Math.round(Object.values(stage).reduce((n, s) => n + s.wan, 0) * 1e6),
  });
  expect(errors).toEqual([]);
});

const long = !!process.env.YUNCHOU_SOAK;
const messy = '../examples/messy';
const truths = JSON.parse(readFileSync(`${messy}/expected.json`, 'utf8')) as Record<string, Truth>;
for (const [i, [name, want]] of Object.entries(truths).entries()) {
  test(`${name} comes in as it is`, async ({ page, locale }) => {
    // The short form takes every third, half of them in each language; Go's tests read them all.
    test.skip(!long && (i % 3 !== 0 || (i % 6 === 0) !== (locale === 'zh-CN')), 'in the long form, in both languages');
    await signIn(page, locale);
    await comesIn(page, locale, `${messy}/${name}`, want);
  });
}

test('8,800 public deals come in whole', async ({ page, locale }) => {
  const file = '../../shared/data/maven-crm-sales/sales_pipeline.csv';
  test.skip(!existsSync(file), `${file} is not here`);
  test.skip(!long && locale !== 'zh-CN', 'in Chinese; in the long form in both');
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  const stages: Record<string, number> = {};
  for (const l of lines) {
    const name = l.split(',')[4] ?? '';
    stages[name] = (stages[name] ?? 0) + 1;
  }
  await signIn(page, locale);
  const from = Date.now();
  await comesIn(page, locale, file, {
    kind: 'opportunity',
    deals: 8800,
    won: stages.Won ?? 0,
    lost: stages.Lost ?? 0,
    stages: {},
  });
  expect(Date.now() - from).toBeLessThan(180_000);
});

test("next month's file is read as this month's was, with one click", async ({ page, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  await signIn(page, locale);
  const drop = async (name: string, rows: string) => {
    await page.goto(`${at.base}/import`);
    const file = join(at.dir, name);
    writeFileSync(file, `序号,项目名称,客户,项目阶段,万元,落地\n${rows}`);
    await page.locator('input[type=file]').setInputFiles(file);
    await expect(page.getByTestId(`file-${name}`)).toBeVisible();
  };
  const comes = async () => {
    await page.locator('.go .ant-btn-primary').click();
    await expect(page.getByTestId('batch')).toHaveAttribute('data-status', 'done');
  };
  await drop('周报3月.csv', '1,一号线,甲厂,聊着,10,x\n2,二号线,乙厂,流标,20,y\n');
  // 流标 is a kind of loss; the last column is made an own field.
  await expect(page.getByTestId('stages')).toContainText(w.import.lostAs.replace('{{kind}}', w.loss.tender_void));
  await page.getByLabel(w.import.readAsOf.replace('{{column}}', '落地')).click();
  await page.getByText(w.import.newField, { exact: true }).click();
  await comes();
  await drop('周报4月.csv', '1,一号线,甲厂,聊着,12,z\n2,三号线,丙厂,聊着,30,x\n');
  const before = page.getByTestId('earlier').or(page.getByText('周报3月.csv').first());
  await expect(before).toContainText('周报3月.csv');
  await sound(page, "next month's file");
  if (await page.getByTestId('earlier').isVisible())
    await page.getByRole('button', { name: w.import.asBefore }).click();
  await expect(page.getByTestId('earlier')).toBeHidden();
  await comes();
  const now = await held(page);
  expect([now.deals, now.lost]).toEqual([3, 1]);
});
