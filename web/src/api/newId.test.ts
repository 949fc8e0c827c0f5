import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { newId } from './newId';

test('an id is a random UUID', () => {
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(Array.from({ length: 1000 }, newId)).size).toBe(1000);
});

// What browsers have only where a page came by HTTPS: without asking whether it is there, a page by
// plain HTTP ends.
test('no page calls what plain HTTP does not have', () => {
  const secureOnly = /crypto\.(randomUUID|subtle)|navigator\.(locks|storage|serviceWorker|share|mediaDevices)/;
  const found = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((f) => /(?<!test)\.tsx?$/.test(f) && !f.endsWith('newId.ts'))
    .filter((f) => secureOnly.test(readFileSync(`src/${f}`, 'utf8')));
  expect(found).toEqual([]);
});
