import { type ChildProcess, spawn } from 'node:child_process';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import texts from '../src/locales/en-US.json' with { type: 'json' };

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
