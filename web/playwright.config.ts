import { defineConfig } from '@playwright/test';

// Chinese at the desk and English on the phone; the long run has all four.
const combinations = [
  { name: 'zh-CN 1440', locale: 'zh-CN', viewport: { width: 1440, height: 900 } },
  { name: 'en-US 390', locale: 'en-US', viewport: { width: 390, height: 844 } },
  { name: 'en-US 1440', locale: 'en-US', viewport: { width: 1440, height: 900 } },
  { name: 'zh-CN 390', locale: 'zh-CN', viewport: { width: 390, height: 844 } },
];

// What is a matter of the program, or is looked at in a width of its own, is told in one of the two; the long run tells all in each.
const once: Record<string, string[]> = {
  'zh-CN 1440': [
    'audit',
    'behind-proxy',
    'files',
    'given-password',
    'merge',
    'relations',
    'second-factor',
    'session-ends',
    'why',
  ],
  'en-US 390': ['guidance', 'notices', 'phone', 'plain-http', 'server-away', 'start', 'talk', 'tasks'],
};
const long = !!process.env.YUNCHOU_SOAK;
const elsewhere = (name: string) =>
  Object.entries(once).flatMap(([at, files]) => (at === name || long ? [] : files.map((f) => `**/${f}.spec.ts`)));

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/demo.ts',
  timeout: 240_000, // a shared machine may be five times slower than a quiet one
  expect: { timeout: 30_000 },
  workers: 2, // each file has a server and a company of its own
  retries: 0,
  reporter: 'list',
  use: {
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
    screenshot: 'only-on-failure',
    actionTimeout: 30_000,
  },
  projects: combinations.slice(0, long ? 4 : 2).map(({ name, ...use }) => ({ name, use, testIgnore: elsewhere(name) })),
});
