import { describe, expect, it } from 'vitest';
import { onBoard, onList } from './sameDeals';

describe('a question asked of the board and of the list', () => {
  it('goes to the board without what only a list has', () => {
    expect(onBoard('state=open&stage=s1&sort=amount&desc=true&cols=owner&owner=m1&custom=a:1&custom=b:2')).toBe(
      'owner=m1&custom=a%3A1&custom=b%3A2',
    );
  });
  it('comes back to the list as it was, of what is open', () => {
    expect(onList(onBoard('state=open&q=%E5%8D%8E%E6%96%B0&stalled=true'))).toBe(
      'q=%E5%8D%8E%E6%96%B0&stalled=true&state=open',
    );
  });
});
