import { expect, test } from 'vitest';
import { alike } from './alike';

test.each([
  ['二期改造', '二期改造', true],
  ['二期改造', ' 二期 改造 ', true],
  ['MES（二期）', 'mes二期', true],
  ['涂装线视觉检测', '涂装线视觉检测站', true],
  ['涂装线视觉检测', '涂装线视觉监测', true],
  ['尺寸检测台', '尺寸检测仪', true],
  ['二期改造', '一期改造', false],
  ['2026 年维保', '2027 年维保', false],
  ['甲线', '乙线', false],
  ['尺寸检测台', '尺寸测量站', false],
  ['改造', '改建', false],
  ['Line upgrade', 'Line upgrades', true],
  ['Line upgrade', 'Robot cell', false],
  ['', '', false],
  ['。', '、', false],
])('%s and %s', (a, b, want) => expect(alike(a, b)).toBe(want));
