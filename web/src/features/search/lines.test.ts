import { describe, expect, it } from 'vitest';
import { keepRecent, type Line, linesOf, parted, recentOf } from './lines';

const hit = (id: string, name: string, accountId = '') => ({
  id,
  name,
  accountId,
  account: '',
  detail: '',
  left: false,
  ownerId: '',
  state: '',
  mark: [0, 0],
});

describe('what was found', () => {
  it('is one line each, and one for all where there are more', () => {
    const groups = [
      { kind: 'opportunity' as const, count: 7, items: [hit('1', '华新一期')] },
      { kind: 'contact' as const, count: 1, items: [hit('2', '单晓', '9')] },
      { kind: 'member' as const, count: 9, items: [hit('3', '陈露')] },
    ];
    expect(linesOf(groups, '华 新', () => '').map((l) => l.to)).toEqual([
      '/opportunities/1',
      '/opportunities?q=%E5%8D%8E%20%E6%96%B0',
      '/accounts/9',
      '/opportunities?state=open&owner=3',
    ]);
  });
  it('marks what was typed, however it was typed', () => {
    expect(parted('上海 ABB 电气', [3, 6])).toEqual(['上海 ', 'ABB', ' 电气']);
    expect(parted('𬭎达重庆', [2, 4])).toEqual(['𬭎达', '重庆', '']);
    expect(parted('陈露', [0, 0])).toEqual(['陈露', '', '']);
    expect(parted('陈露')).toEqual(['陈露', '', '']);
  });
});

describe('what was opened last', () => {
  const line = (n: number): Line => ({
    key: `account ${n}`,
    kind: 'account',
    name: `${n}`,
    to: `/accounts/${n}`,
    beside: '',
  });
  it('is the last first, once each, a few, and of one person', () => {
    for (let n = 0; n < 12; n++) keepRecent('me', line(n));
    keepRecent('me', line(9));
    expect(recentOf('me').map((l) => l.name)).toEqual(['9', '11', '10', '8', '7', '6', '5', '4']);
    expect(recentOf('other')).toEqual([]);
  });
});
