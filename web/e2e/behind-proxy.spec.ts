import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import en from '../src/texts/en-US.ts';
import zh from '../src/texts/zh-CN.ts';
import { serve, sound, stop } from './checks';

// A browser reaches the program as an operator sets it up: nginx with the file we ship, TLS, and
// a path that is not the host's own.

let server: ChildProcess;
let nginx: ChildProcess;
let dir = '';
let base = '';
let origin = '';

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

/** shipped is deploy/nginx.conf with what an operator changes changed. */
function shipped(changes: [string, string][]): string {
  let text = readFileSync('../deploy/nginx.conf', 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`deploy/nginx.conf has no "${from}" to change`);
    text = text.replaceAll(from, to);
  }
  return text;
}

test.beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'yunchou-e2e-'));
  const [tls, plain, to] = [await freePort(), await freePort(), await freePort()];
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  const about = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      ...about,
    ],
    { stdio: 'ignore' },
  );
  const site = shipped([
    ['server 127.0.0.1:8420', `server 127.0.0.1:${to}`],
    ['    listen [::]:80;\n', ''],
    ['    listen [::]:443 ssl http2;\n', ''],
    ['listen 80;', `listen 127.0.0.1:${plain};`],
    ['listen 443 ssl', `listen 127.0.0.1:${tls} ssl`],
    ['/etc/ssl/yunchou/fullchain.pem', cert],
    ['/etc/ssl/yunchou/key.pem', key],
    ['crm.example.com', 'localhost'],
    ['location / {', 'location /yunchou/ {\n        proxy_bind 127.0.0.9;'], // the proxy's address is not the browser's
  ]);
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((x) => `${x}_temp_path ${dir}/${x};`).join(' ');
  const user = process.getuid?.() === 0 ? 'user root;\n' : '';
  const config = join(dir, 'nginx.conf');
  writeFileSync(
    config,
    `${user}daemon off; pid ${dir}/nginx.pid; error_log ${dir}/error.log;\nevents {}\nhttp { access_log off; ${temp}\n${site}}\n`,
  );
  nginx = spawn('/usr/sbin/nginx', ['-c', config, '-e', join(dir, 'error.log')], { stdio: 'ignore' });
  origin = `https://localhost:${tls}`;
  base = `${origin}/yunchou`;
  mkdirSync(join(dir, 'data'), { mode: 0o700 });
  const asked = ['--listen', `127.0.0.1:${to}`, '--public-url', base, '--trusted-proxies', '127.0.0.9'];
  ({ server } = await serve(join(dir, 'data'), asked));
});

test.afterAll(async () => {
  await stop(server);
  await stop(nginx);
  rmSync(dir, { recursive: true, force: true });
});

test.use({ ignoreHTTPSErrors: true });

test('set-up, deep links, an upload, a download and signing out behind nginx, TLS and a path', async ({
  page,
  locale,
  viewport,
}) => {
  const w = locale === 'zh-CN' ? zh : en;
  const strange: string[] = [];
  page.on('request', (r) => {
    if (r.url().startsWith('http') && !r.url().startsWith(`${base}/`)) strange.push(`outside: ${r.url()}`);
  });
  page.on('response', (r) => {
    if (r.status() >= 400 && r.status() !== 401) strange.push(`${r.status()} ${r.url()}`);
  });
  page.on('console', (m) => {
    if (/Content.Security.Policy|Mixed Content/i.test(m.text())) strange.push(m.text());
  });

  // The address the program prints.
  const token = readFileSync(join(dir, 'data', 'setup-token'), 'utf8').trim();
  await page.goto(`${base}/#setup=${token}`);
  await expect(page.getByLabel(w.setup.token)).toHaveValue(token);
  await page.getByLabel(w.setup.company).fill('衡远装备');
  await page.getByLabel(w.setup.name).fill('管理员');
  await page.getByLabel(w.signin.login).fill('admin');
  await page.getByLabel(w.signin.password).fill('a long enough one');
  await page.getByRole('button', { name: w.setup.go }).click();
  await expect(page.locator('.shell h1')).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/yunchou/desk');
  expect(page.url()).not.toContain(token);

  // Its cookies belong to this host, by TLS alone.
  const cookies = (await page.context().cookies()).filter((c) => c.name.includes('yunchou'));
  expect(cookies.length).toBeGreaterThan(0);
  for (const c of cookies) {
    expect(c.name).toMatch(/^__Host-/);
    expect([c.secure, c.httpOnly, c.path]).toEqual([true, true, '/']);
  }

  // An upload, through the page.
  const file = join(dir, 'pipeline.csv');
  writeFileSync(file, 'deal name,customer\n二期改造,华新机电\n三期改造,华新机电\n');
  await page.goto(`${base}/import`);
  await page.setInputFiles('input[type=file]', file);
  await page.getByRole('button', { name: w.import.goRows_other.replace('{{n}}', '2') }).click();
  await expect(page.locator('[data-testid=batch]')).toHaveAttribute('data-status', 'done');

  // A deep link, opened and reloaded, and a path inside by a click.
  await page.goto(`${base}/accounts?q=%E5%8D%8E%E6%96%B0`);
  await page.getByRole('link', { name: '华新机电' }).first().click();
  await expect(page.locator('h1')).toHaveText('华新机电');
  const deep = page.url();
  expect(deep).toMatch(/\/yunchou\/accounts\/.+/);
  await page.reload();
  await expect(page.locator('h1')).toHaveText('华新机电');
  await sound(page, 'an account behind a proxy');
  await page.goBack();
  await page.goForward();
  expect(page.url()).toBe(deep);

  // A download, by a link of the page where there is room for it.
  if ((viewport?.width ?? 0) > 700) {
    await page.goto(`${base}/accounts`);
    await page.getByRole('button', { name: w.list.export }).hover();
    const [got] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
    expect(readFileSync(await got.path(), 'utf8')).toContain('华新机电');
  }

  // Signed out, the same link asks for a sign-in, and leads back.
  await page.goto(`${base}/settings?tab=mine`);
  await page.locator('main').getByRole('button', { name: w.nav.signOut }).click();
  await expect(page.getByLabel(w.signin.login)).toBeVisible();
  expect(new URL(page.url()).pathname.startsWith('/yunchou/')).toBe(true);
  await page.goto(deep);
  await page.getByLabel(w.signin.login).fill('admin');
  await page.getByLabel(w.signin.password, { exact: true }).fill('a long enough one');
  await page.getByRole('button', { name: w.signin.go, exact: true }).click();
  await expect(page.locator('h1')).toHaveText('华新机电');
  expect(strange).toEqual([]);
});
