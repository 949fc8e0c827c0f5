import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import texts from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { copyOfDemo, signInsOf } from './demo';

const rawKey = new RegExp(`\\b(?:${Object.keys(texts).join('|')})\\.(?!csv)[a-z][A-Za-z_.]+`);

/** sound checks what a page must never have: serious axe findings, and texts that were forgotten. */
export async function sound(page: Page, where: string) {
  const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze();
  const serious = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  expect(serious.map((v) => `${where}: ${v.id} ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3)}`)).toEqual([]);
  const text = (await page.locator('#root').textContent()) ?? '';
  expect(rawKey.exec(text)?.[0] ?? '', where).toBe('');
}

/** stop ends the program and waits until it has: it writes to its directory to the last. */
export async function stop(server: ChildProcess | undefined) {
  if (!server || server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill();
  await ended;
}

/** serve starts the program on a data directory and answers with its address. */
export async function serve(
  dir: string,
  args = ['--listen', '127.0.0.1:0'],
): Promise<{ server: ChildProcess; base: string; setUpAt: string }> {
  const server = spawn('../bin/yunchou', ['serve', '--data', dir, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const said = await new Promise<string>((resolve, reject) => {
    server.stdout?.on('data', (d: Buffer) => {
      if (d.toString().includes('http://')) resolve(d.toString());
    });
    server.on('exit', () => reject(new Error('the server ended')));
  });
  const [base = '', setUpAt = ''] = said.match(/http:\/\/\S+/g) ?? [];
  return { server, base, setUpAt };
}

/** fresh is the program on an empty data directory, for the tests of a file. */
export function fresh(args?: string[]) {
  const at = { base: '', dir: '' };
  let server: ChildProcess | undefined;
  test.beforeAll(async () => {
    at.dir = mkdtempSync(join(tmpdir(), 'yunchou-e2e-'));
    ({ server, base: at.base } = await serve(at.dir, args));
  });
  test.afterAll(async () => {
    await stop(server);
    rmSync(at.dir, { recursive: true, force: true });
  });
  return at;
}

/** demo is the program on a demo company of its own, for the tests of a file. */
export function demo() {
  const at = { base: '', dir: '' };
  let server: ChildProcess | undefined;
  test.beforeAll(async () => {
    at.dir = copyOfDemo();
    ({ server, base: at.base } = await serve(at.dir));
  });
  test.afterAll(async () => {
    await stop(server);
    if (at.dir) rmSync(at.dir, { recursive: true, force: true });
  });
  return at;
}

/** signInAs goes to the desk of one of the demo company's people, in a language. */
export async function signInAs(page: Page, at: { base: string; dir: string }, role: string, locale: string) {
  const who = signInsOf(at.dir)[role];
  await page.addInitScript((l) => localStorage.setItem('yunchou.locale', l), locale);
  await page.goto(at.base);
  const inputs = page.locator('form input');
  await inputs.nth(0).fill(who?.login ?? '');
  await inputs.nth(1).fill(who?.password ?? '');
  await page.keyboard.press('Enter');
  await expect(page.locator('.shell h1')).toBeVisible();
}

/** setUp makes the first company, and its administrator who signs in as admin. */
export async function setUp(page: Page, at: { base: string; dir: string }, locale: string | undefined) {
  const w = locale === 'zh-CN' ? zh : texts;
  await page.goto(at.base);
  await page.getByLabel(w.setup.token).fill(readFileSync(join(at.dir, 'setup-token'), 'utf8').trim());
  await page.getByLabel(w.setup.company).fill('衡远装备');
  await page.getByLabel(w.setup.name).fill('管理员');
  await page.getByLabel(w.signin.login).fill('admin');
  await page.getByLabel(w.signin.password).fill('a long enough one');
  await page.getByRole('button', { name: w.setup.go }).click();
  await expect(page.locator('.shell h1')).toBeVisible();
}
