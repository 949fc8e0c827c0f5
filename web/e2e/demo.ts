import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type SignIn = { role: string; name: string; login: string; password: string };

/** copyOfDemo gives a test a data directory of its own; the company is made once a run. */
export function copyOfDemo(): string {
  const made = process.env.YUNCHOU_DEMO;
  if (!made) throw new Error('the demo company was not made');
  const dir = mkdtempSync(join(tmpdir(), 'yunchou-e2e-'));
  cpSync(made, dir, { recursive: true });
  return dir;
}

/** signInsOf are the names and passwords of a demo company, by role. */
export function signInsOf(dir: string): Record<string, SignIn> {
  const list = JSON.parse(readFileSync(join(dir, 'sign-ins.json'), 'utf8')) as SignIn[];
  return Object.fromEntries(list.map((x) => [x.role, x]));
}

/** Three years of selling take a minute of a processor: they are lived once, before all tests, or in YUNCHOU_DEMO. */
export default function setup() {
  if (process.env.YUNCHOU_DEMO) return;
  const dir = mkdtempSync(join(tmpdir(), 'yunchou-demo-'));
  execFileSync('../bin/yunchou', ['demo', '--data', dir, '--prepare'], { stdio: 'ignore' });
  process.env.YUNCHOU_DEMO = dir;
  return () => rmSync(dir, { recursive: true, force: true });
}
