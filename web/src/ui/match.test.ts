import { expect, test } from 'vitest';
import { matches } from './match';

const wang = ['王丽 Lìly', 'wangli', 'wl', '华东一部'];

test.each([
  ['', true],
  ['王', true],
  ['WangLi', true],
  ['wang li', true],
  ['ｗｌ', true],
  ['lily', true],
  ['wang 华东', true],
  ['华东 王', true],
  ['wang 华南', false],
  ['liwl', false],
])('%s finds her: %s', (typed, found) => expect(matches(typed, wang)).toBe(found));
