import { expect, it } from 'vitest';
import zh from '../texts/zh-CN';
import { placesFor } from './navigation';
import { lacking, type Route, routes } from './routes';

const paths = Object.keys(routes) as Route[];
const everything = paths.map((p) => lacking(p, [])).filter((one) => one !== undefined);

it('the navigation reaches every page that is about no one record', () => {
  const offered = placesFor(everything).map((p) => p.path);
  expect(paths.filter((p) => !p.includes(':') && p !== '/more' && !offered.includes(p))).toEqual([]);
});

it('a place has a name, and is offered to those who may use it', () => {
  const at = (key: string) => key.split('.').reduce<unknown>((x, k) => (x as Record<string, unknown>)?.[k], zh);
  for (const p of placesFor(everything))
    for (const key of [p.name, p.group, p.foot]) if (key) expect(at(key), key).toBeTypeOf('string');
  expect(placesFor([]).map((p) => p.path)).toEqual(['/desk', '/guidance', '/tasks', '/settings']);
  expect(placesFor(['report.read']).map((p) => p.path)).toContain('/funnel');
});

it('a phone has room for four of them beside its button and the rest', () => {
  expect(placesFor(everything).filter((p) => p.foot)).toHaveLength(4);
});
