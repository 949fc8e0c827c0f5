import { describe, expect, it } from 'vitest';
import { changed, rebase } from './rebase';

describe('two people who edit one record', () => {
  const was = { name: '二期改造', amount: 100, rivals: ['甲'] };
  it('send what they changed and nothing else', () => {
    expect(changed({ ...was, amount: 120 }, was)).toEqual({ amount: 120 });
    expect(changed({ ...was, rivals: ['甲'] }, was)).toEqual({});
  });
  it('keep what the other wrote where they typed nothing', () => {
    expect(rebase({ ...was, name: '三期' }, was, { ...was, amount: 150 })).toEqual({
      form: { ...was, name: '三期', amount: 150 },
      both: [],
    });
  });
  it('hear of the fields that both have changed', () => {
    expect(rebase({ ...was, amount: 120 }, was, { ...was, amount: 150 })).toEqual({
      form: { ...was, amount: 120 },
      both: ['amount'],
    });
    expect(rebase({ ...was, amount: 150 }, was, { ...was, amount: 150 }).both).toEqual([]);
  });
});
