import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { serve, sound, stop } from './checks';

// Every page, and every dialog its buttons open, by plain HTTP at a name of the office's network: in Chinese at the
// root, in English below a path behind a proxy. None may break, ask a server outside, or say a word of the other
// language, a key or a code. What the company writes is in its own language, so whatever else is strange is ours.

let server: ChildProcess;
let proxy: Server | undefined;
let base = '';
let dir = '';

test.use({
  launchOptions: {
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP sales.lan 127.0.0.1'],
  },
});

/** passOn is a proxy as simple as there are: it hands on what is below the path. */
const passOn = (to: () => number) =>
  new Promise<Server>((ready) => {
    const s = createServer((asked, answer) => {
      const path = asked.url?.startsWith('/crm/') ? asked.url.slice('/crm'.length) : '';
      if (!path) return void answer.writeHead(404).end();
      const on = request(
        { host: '127.0.0.1', port: to(), path, method: asked.method, headers: asked.headers },
        (got) => void got.pipe(answer.writeHead(got.statusCode ?? 502, got.headers)),
      );
      on.on('error', () => answer.destroy());
      asked.pipe(on);
    }).listen(0, '127.0.0.1', () => ready(s));
  });

test.beforeEach(async ({ locale }) => {
  dir = mkdtempSync(join(tmpdir(), 'yunchou-e2e-'));
  let port = 0;
  let asked = ['--listen', '127.0.0.1:0'];
  if (locale === 'en-US') {
    proxy = await passOn(() => port);
    base = `http://sales.lan:${(proxy.address() as AddressInfo).port}/crm`;
    asked = [...asked, '--public-url', base, '--trusted-proxies', '127.0.0.1'];
  }
  const started = await serve(dir, asked);
  server = started.server;
  port = Number(new URL(started.base).port);
  if (locale !== 'en-US') base = started.base.replace('127.0.0.1', 'sales.lan');
});

test.afterEach(async () => {
  await stop(server);
  proxy?.close();
  rmSync(dir, { recursive: true, force: true });
});

/** foreign are the words of a page that are not its reader's: none of Chinese in English; in Chinese, words we say in English. */
function foreign(text: string, locale: string | undefined): string[] {
  if (locale === 'en-US') return text.replace(/运筹|中文/g, '').match(/[\u3000-\u9fff\uff00-\uffef]+/g) ?? [];
  const ours = new Set<string>();
  const add = (tree: object) => {
    for (const v of Object.values(tree))
      if (typeof v === 'object') add(v);
      else
        for (const w of String(v)
          .replace(/{{\w+}}/g, ' ')
          .match(/[A-Za-z]{3,}/g) ?? [])
          ours.add(w);
  };
  add(zh);
  return (text.match(/[A-Za-z]{3,}/g) ?? []).filter((w) => !ours.has(w) && !known.has(w));
}
const known = new Set([
  'EUR',
  'USD',
  'JPY',
  'HKD',
  'GBP',
  'dev',
  'Ctrl',
  'Yunchou',
  'English',
  'CNY',
  'sales',
  'lan',
  'admin',
  'Chrome',
  'Chromium',
  'HeadlessChrome',
  'Linux',
]);

/** said is all a page tells: its texts, the names of its controls, and what hovers. */
const said = (page: Page) =>
  page.evaluate(() => {
    const parts: string[] = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      if (n instanceof Text) {
        if (!n.parentElement?.closest('script, style, [data-verbatim]')) parts.push(n.data);
      } else if (n instanceof Element)
        for (const a of ['aria-label', 'title', 'placeholder', 'alt']) {
          const v = n.closest('svg, .anticon, [data-verbatim]') ? null : n.getAttribute(a);
          if (v) parts.push(v);
        }
    }
    return parts.join('\n');
  });

const strange = /‱|undefined|NaN|\[object|Invalid Date|{{|}}/;

/** quietly gives what waits until the page asks for nothing more and nothing on it moves. */
function quietly(page: Page) {
  const asked = new Set<unknown>();
  let changes = 0;
  page.on('request', (r) => {
    if (r.resourceType() === 'eventsource') return; // it stays open
    asked.add(r);
    changes++;
  });
  for (const ended of ['requestfinished', 'requestfailed'] as const)
    page.on(ended as 'requestfinished', (r) => void (asked.delete(r) && changes++));
  return async () => {
    for (let before = -1; before !== changes || asked.size > 0; ) {
      before = changes;
      await page
        .evaluate(
          () =>
            new Promise<void>((still) => {
              const end = () => {
                seen.disconnect();
                still();
              };
              let timer = setTimeout(end, 120);
              const seen = new MutationObserver(() => {
                clearTimeout(timer);
                timer = setTimeout(end, 120);
              });
              seen.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
              setTimeout(end, 5000); // something moves by itself
            }),
        )
        .catch(() => changes++); // the page was left
    }
  };
}

/** A part of the pages each, so that they are walked beside each other. */
const parts = [
  ['/desk', '/tasks', '/more', '/settings', '/settings?tab=people'],
  ['/board', '/opportunities?state=open', '/accounts', '/contacts', '/import', '/settings?tab=about'],
  ['/funnel', '/analysis', '/settings/pipelines', '/settings?tab=fields', '/settings?tab=calendar'],
  ['the deal', 'the customer', '/settings?tab=audit'],
];

test.describe.configure({ mode: 'parallel' });
test.setTimeout(600_000); // it presses every button there is

for (const part of parts)
  test(`every dialog of ${part.join(', ')}, on the network of an office`, async ({ page, locale }) => {
    const english = locale === 'en-US';
    const w = english ? en : zh;
    const wrong: string[] = [];
    let where = '';
    page.on('pageerror', (e) => wrong.push(`${where}: ${e}`));
    page.on('request', (r) => {
      if (r.url().startsWith('http') && !r.url().startsWith(`${base}/`)) wrong.push(`${where}: asks ${r.url()}`);
    });
    const quiet = quietly(page);
    const look = async (at: string) => {
      const text = await said(page);
      for (const x of new Set(foreign(text, locale))) wrong.push(`${at}: “${x}”`);
      for (const x of text.match(new RegExp(strange, 'g')) ?? []) wrong.push(`${at}: ${x}`);
    };

    where = 'set-up';
    await page.goto(`${base}/`);
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    await look(where);
    await page.getByLabel(w.setup.token).fill(readFileSync(join(dir, 'setup-token'), 'utf8').trim());
    await page.getByLabel(w.setup.company).fill(english ? 'Hengyuan Equipment' : '衡远装备');
    await page.getByLabel(w.setup.name).fill(english ? 'Ada' : '管理员');
    await page.getByLabel(w.signin.login).fill('admin');
    await page.getByLabel(w.signin.password).fill('a long enough one');
    await page.getByRole('button', { name: w.setup.go, exact: true }).click();
    await expect(page.locator('.shell h1')).toBeVisible();

    const records = await made(page, english);
    let opened = 0;
    for (const name of part) {
      const path = records[name] ?? name;
      where = path;
      const go = async () => {
        await page.goto(base + path);
        await expect(page.locator('.shell h1'), where).toBeVisible();
        await quiet();
      };
      const shown = async () => page.url() + (await page.locator('body').ariaSnapshot());
      await go();
      await sound(page, path).catch((e: Error) => wrong.push(e.message.slice(0, 400)));
      await look(path);
      // Which part of the settings is shown is chosen in all of them alike.
      const pressed = path.includes('?tab=') ? 'main .parted > :last-child button:visible' : 'main button:visible';
      const buttons = page.locator(path === '/desk' ? `${pressed}, nav.tab:visible button` : pressed);
      const namesNow = () =>
        buttons.evaluateAll((all) =>
          all.map((b) =>
            (b as HTMLButtonElement).disabled ? '' : (b.getAttribute('aria-label') ?? b.textContent ?? '').trim(),
          ),
        );
      const names = await namesNow();
      const figure = names.findIndex((name) => /^[\d¥$]/.test(name)); // one opens as the other
      for (const [i, name] of names.entries()) {
        if (/^[\d¥$—]/.test(name) && i !== figure) continue;
        if (!name || name === w.nav.signOut || name === 'English' || name === '中文' || names.indexOf(name) !== i)
          continue;
        where = `${path} › ${name}`;
        let at = (await namesNow()).indexOf(name);
        if (at < 0) {
          await go(); // what was pressed before changed the page
          at = (await namesNow()).indexOf(name);
          if (at < 0) continue;
        }
        const before = await shown();
        await buttons
          .nth(at)
          .click({ timeout: 5000 })
          .catch(() => {}); // what lies under another is no button one can press
        await quiet();
        const dialog = page.getByRole('dialog').first();
        let is = await dialog.isVisible();
        if (!is && (await shown()) === before)
          // It may be a file of its own that is asked for only now.
          is = await dialog.waitFor({ timeout: 2000 }).then(
            () => true,
            () => false,
          );
        if (is) {
          await quiet();
          opened++;
          await look(where);
        }
        await page.keyboard.press('Escape');
        await quiet();
        if (is ? await dialog.isVisible() : (await shown()) !== before) await go();
        await expect(page.locator('.shell h1'), where).toBeVisible();
      }
    }
    expect(wrong, wrong.join('\n')).toEqual([]);
    expect(opened, 'dialogs were opened').toBeGreaterThan(3);
  });

/** made are a customer with a contact and a deal that was followed up and has a next step: the addresses of the records. */
async function made(page: Page, english: boolean): Promise<Record<string, string>> {
  const names = english
    ? { customer: 'Huaxin', deal: 'Line two', contact: 'Lee', words: 'We see it next week', step: 'Show the sample' }
    : { customer: '华新机电', deal: '二期改造', contact: '李工', words: '下周看样机', step: '看样机' };
  return await page.evaluate(
    async ({ root, names: n }) => {
      const get = async (path: string) => (await fetch(root + path)).json();
      const { csrfToken, today } = await get('/api/session');
      const post = async (path: string, body: object) => {
        const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrfToken };
        const r = await fetch(root + path, { method: 'POST', headers, body: JSON.stringify(body) });
        if (!r.ok) throw new Error(`${path}: ${r.status} ${await r.text()}`);
        return r.json();
      };
      const customer = await post('/api/accounts', { name: n.customer });
      const contact = await post('/api/contacts', { name: n.contact, accountId: customer.id, title: n.contact });
      const deal = await post('/api/opportunities', { name: n.deal, accountId: customer.id, amountMinor: 4200000 });
      const about = [{ kind: 'opportunity', id: deal.id }];
      await post('/api/follow-ups', {
        on: about,
        channel: 'visit',
        words: n.words,
        twoWay: true,
        contactIds: [contact.id],
      });
      await post(`/api/opportunities/${deal.id}/next-steps`, { what: n.step, dueOn: today });
      return { 'the deal': `/opportunities/${deal.id}`, 'the customer': `/accounts/${customer.id}` };
    },
    { root: base, names },
  );
}
