import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import zh from '../texts/zh-CN';
import { closedTo, keepReturning, returning } from './device';
import { closedFor, HOME, lacking, type Route, routeOf, routes } from './routes';

it('each route names a page that is there', () => {
  for (const page of Object.values(routes)) expect(existsSync(`src/features/${page}.tsx`), page).toBe(true);
});

it('a path names its page, and the record it is about', () => {
  expect(routeOf('/board')).toEqual({ route: '/board', id: '' });
  expect(routeOf('/opportunities/01a2-b3')).toEqual({ route: '/opportunities/:id', id: '01a2-b3' });
  expect(routeOf('/settings/pipelines')).toEqual({ route: '/settings/pipelines', id: '' });
  expect(routeOf('/tasks/')).toEqual({ route: '/tasks', id: '' });
  for (const other of ['/', '', '/nowhere', '/opportunities/a/b', '/desk/1'])
    expect(routeOf(other).route).toBe('/desk');
});

it('a page is for those who have its permission, which has a name', () => {
  const paths = Object.keys(routes) as Route[];
  const all = paths.map((p) => lacking(p, [])).filter((one) => one !== undefined);
  expect(all.length).toBeGreaterThan(5);
  for (const one of all) {
    const [of, what] = one.split('.') as [string, string];
    expect((zh.permission as Record<string, Record<string, string>>)[of]?.[what], one).toBeTruthy();
  }
  expect(paths.filter((p) => lacking(p, all))).toEqual([]);
  expect(lacking('/import', ['report.read'])).toBe('import.run');
  expect(lacking(HOME, [])).toBeUndefined();
});

it('what is closed to somebody is kept on the device by page, and nothing else is', () => {
  const all = ['report.read', 'account.read', 'opportunity.read', 'import.run', 'pipeline.edit'];
  expect(closedFor(all)).toEqual([]);
  keepReturning(closedFor(['account.read', 'report.read']));
  const closed = ['/board', '/opportunities', '/opportunities/:id', '/import', '/settings/pipelines'];
  expect((Object.keys(routes) as Route[]).filter(closedTo)).toEqual(closed);
  expect(returning()).toBe(true);
});
