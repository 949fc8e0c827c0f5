import { type Browser, expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { demo, signInAs, sound } from './checks';
import { Phone, withKeyboard } from './phone';

// A competitor is seen at a customer: noted on the phone, read at the deal and in the profile, and by nobody who does not
// see the deal.

type Who = Page & { base: string };
type Rival = { id: string; name: string };
type Deal = { id: string; name: string; ownerId: string; accountId: string };

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

async function person(browser: Browser, at: ReturnType<typeof demo>, role: string, locale: string, phone = false) {
  const size = phone
    ? { viewport: { width: 390, height: 844 }, hasTouch: true }
    : { viewport: { width: 1440, height: 900 } };
  const page = await (await browser.newContext({ locale, ...size })).newPage();
  if (phone) await withKeyboard(page);
  await signInAs(page, at, role, locale);
  return Object.assign(page, { base: at.base }) as Who;
}

const at = demo();

test('a sighting is noted on the phone in four fields, and read where it belongs', async ({ browser, locale }) => {
  const w = locale === 'zh-CN' ? zh : en;
  const rep = await person(browser, at, 'rep', locale ?? '', true);
  const own = (await read<{ items: Deal[] }>(rep, 'opportunities?state=open&limit=50')).items;
  const { memberId } = await read<{ memberId: string }>(rep, 'session');
  const deal = own.find((o) => o.ownerId === memberId);
  if (!deal) throw new Error('the rep has no deal');

  await rep.goto(`${at.base}/opportunities/${deal.id}`);
  const section = rep.getByRole('region', { name: w.competitor.title, exact: true });
  await section.getByRole('button', { name: w.sighting.title }).scrollIntoViewIfNeeded();
  const thumb = new Phone(rep);
  await thumb.tap(section.getByRole('button', { name: w.sighting.title }));
  const form = rep.getByRole('dialog');
  const name = form.getByLabel(w.competitor.one, { exact: true });
  await expect(name).toBeFocused();
  // Four fields: whom, what, when, and a price that may stay empty.
  await expect(form.locator('.field:not(.bare)')).toHaveCount(4);
  await thumb.type('博远视觉');
  await rep.keyboard.press('Tab'); // the thumb's "done": the keyboard goes
  thumb.taps++;
  await rep.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await thumb.tap(form.getByRole('button', { name: w.sightingKind.quote, exact: true }));
  await thumb.tap(form.getByRole('spinbutton'));
  await thumb.type('880000');
  await sound(rep, 'a sighting');
  await form.locator('button[type=submit], .ant-btn-primary').last().click();
  thumb.taps++;
  await expect(form).toBeHidden();
  console.log(`a sighting: ${thumb.taps} taps, ${thumb.characters} characters, ${thumb.seconds.toFixed(1)} s`);
  expect(thumb.seconds).toBeLessThan(20);
  await expect(section.getByRole('link', { name: '博远视觉' })).toBeVisible();
  await expect(section).toContainText(w.sightingKind.quote);
  await sound(rep, 'a deal with a competitor');

  // It is at the customer, in the list and in the profile too.
  const [rival] = (await read<Rival[]>(rep, 'competitors')).filter((c) => c.name === '博远视觉');
  await rep.goto(`${at.base}/accounts/${deal.accountId}`);
  await expect(rep.getByRole('region', { name: w.competitor.title, exact: true })).toContainText('博远视觉');
  await rep.goto(`${at.base}/competitors`);
  await expect(rep.getByRole('link', { name: /博远视觉/ })).toContainText(deal.name);
  await sound(rep, 'competitors');
  await rep.getByRole('link', { name: /博远视觉/ }).click();
  await expect(rep).toHaveURL(`${at.base}/competitors/${rival?.id}`);
  const prices = rep.getByRole('region', { name: w.competitor.prices });
  await expect(prices).toContainText(locale === 'zh-CN' ? '¥88万' : '¥880K');
  await expect(prices).toContainText(deal.name);
  await sound(rep, 'a profile');
});

test('a price is read by nobody who does not see the deal, and any of its names finds the same one', async ({
  browser,
  locale,
}) => {
  const w = locale === 'zh-CN' ? zh : en;
  const rep = await person(browser, at, 'rep', locale ?? '', true);
  const admin = await person(browser, at, 'admin', locale ?? '');
  const all = (await read<{ items: Deal[] }>(admin, 'opportunities?state=open&limit=100')).items;
  let hidden: Deal | undefined;
  for (const o of all)
    if ((await rep.request.get(`${at.base}/api/opportunities/${o.id}`)).status() === 404) {
      hidden = o;
      break;
    }
  if (!hidden) throw new Error('the rep sees every deal');
  const seen = { kind: 'quote', priceMinor: 77_000_000, currency: 'CNY' };
  const x = await write<{ competitorId: string }>(admin, 'post', 'sightings', {
    ...seen,
    opportunityId: hidden.id,
    competitor: '华测装备',
  });

  await admin.goto(`${at.base}/competitors/${x.competitorId}`);
  await expect(admin.getByRole('region', { name: w.competitor.prices })).toContainText(hidden.name);
  // It has another name, said in the page.
  await admin.getByRole('button', { name: w.competitor.names }).click();
  const names = admin.getByRole('dialog');
  await names.getByRole('combobox').fill('HuaCe');
  await admin.keyboard.press('Enter');
  await names.getByRole('button', { name: w.common.save }).click();
  await expect(names).toBeHidden();
  await expect(admin.locator('.heading')).toContainText('HuaCe');
  await sound(admin, 'a profile at a desk');

  // The rep reads the name, and neither the price nor where it was.
  await rep.goto(`${at.base}/competitors/${x.competitorId}`);
  await expect(rep.getByRole('heading', { name: '华测装备' })).toBeVisible();
  await expect(rep.getByText(w.competitor.noPrices)).toBeVisible();
  await expect(rep.getByText(w.competitor.noSightings)).toBeVisible();
  await expect(rep.locator('main')).not.toContainText(hidden.name);

  // What he types is the same competitor.
  const own = (await read<{ items: Deal[] }>(rep, 'opportunities?state=open&limit=50')).items;
  const { memberId } = await read<{ memberId: string }>(rep, 'session');
  const deal = own.find((o) => o.ownerId === memberId);
  await rep.goto(`${at.base}/opportunities/${deal?.id}`);
  const section = rep.getByRole('region', { name: w.competitor.title, exact: true });
  await section.getByRole('button', { name: w.sighting.title }).click();
  const form = rep.getByRole('dialog');
  await form.getByLabel(w.competitor.one, { exact: true }).fill('huace');
  await expect(form.getByRole('button', { name: '华测装备' })).toBeVisible();
  await form.locator('.ant-btn-primary').last().click();
  await expect(form).toBeHidden();
  await expect(section.getByRole('link', { name: '华测装备' })).toBeVisible();
  await rep
    .getByRole('button', { name: new RegExp(w.search.title) })
    .first()
    .click();
  await rep.getByRole('combobox', { name: w.search.title }).fill('huace');
  await rep.getByRole('option', { name: /华测装备/ }).click();
  await expect(rep).toHaveURL(`${at.base}/competitors/${x.competitorId}`);
});

test('a person who came from a competitor on the deal is pointed out, and its owner is told', async ({
  browser,
  locale,
}) => {
  const w = locale === 'zh-CN' ? zh : en;
  const rep = await person(browser, at, 'rep', locale ?? '');
  const head = await person(browser, at, 'manager', locale ?? '');
  const account = await write<{ id: string }>(rep, 'post', 'accounts', { name: '方舟电子' });
  const made = await write<Deal>(rep, 'post', 'opportunities', {
    name: '方舟电子 · 生产线视觉检测',
    accountId: account.id,
    amountMinor: 186_000_000,
  });
  await write(rep, 'post', 'competitors', { name: '三励公司' });
  const zhao = await write<{ id: string }>(rep, 'post', 'contacts', { accountId: account.id, name: '赵兵' });
  const past = {
    kind: 'employer',
    name: '三励公司',
    fromYear: 2015,
    toYear: 2025,
    source: 'self',
    on: '2025-01-06',
    purpose: '拜访前了解',
  };
  await write(rep, 'put', `contacts/${zhao.id}/background`, { items: [past], version: 0 });
  const { version } = await read<{ version: number }>(rep, `opportunities/${made.id}`);
  await write(
    rep,
    'put',
    `opportunities/${made.id}/contacts`,
    { contacts: [{ contactId: zhao.id, role: 'economic' }] },
    version,
  );
  await rep.goto(`${at.base}/opportunities/${made.id}`);
  const section = rep.getByRole('region', { name: w.competitor.title, exact: true });
  const words = (text: string) => text.replace('{{who}}', '赵兵').replaceAll('{{rival}}', '三励公司');
  await expect(section).toContainText(words(w.competitor.cameFrom));

  // His head saw it there: the open page of the owner says so by itself, and he is told.
  const line = rep.waitForResponse((r) => new URL(r.url()).pathname === '/api/events');
  await rep.reload();
  await line;
  await write(head, 'post', 'sightings', { opportunityId: made.id, competitor: '三励公司', kind: 'visit' });
  await expect(section).toContainText(words(w.competitor.sign));
  await expect(rep.getByRole('region', { name: w.record.people, exact: true })).toContainText(
    words(w.competitor.fromHere),
  );
  await expect(rep.locator('.bell .count')).toBeVisible();
  await rep.locator('.bell').click();
  const told = rep
    .getByRole('dialog')
    .getByRole('link', { name: /方舟电子/ })
    .first();
  await expect(told).toContainText('三励公司');
  await sound(rep, 'told of a competitor');
});
