import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { routeOf, routes } from './routes';

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
