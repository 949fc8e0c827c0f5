import { expect, it } from 'vitest';
import { wholeLane } from './wholeLane';

it('the list behind a lane asks what the board asks', () => {
  const board = new URLSearchParams('owner=o1&q=阀&custom=a:1&custom=b:2&stage=other');
  const list = new URLSearchParams(wholeLane(board, 'p1', 's1').split('?')[1]);
  expect(list.get('owner')).toBe('o1');
  expect(list.get('q')).toBe('阀');
  expect(list.getAll('custom')).toEqual(['a:1', 'b:2']);
  expect([list.get('pipeline'), list.get('stage'), list.getAll('state')]).toEqual(['p1', 's1', ['open']]);
});
