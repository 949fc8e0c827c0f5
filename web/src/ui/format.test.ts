import { describe, expect, it } from 'vitest';
import { day, device, exact, instant, money, percent, span, toMajor, toMinor } from './format';

describe('amounts', () => {
  it('are shown in 万 and 亿 in Chinese and K and M in English', () => {
    expect(money(9_200_000_00, 'CNY', 'zh-CN')).toBe('¥920万');
    expect(money(1_862_345_678_00, 'CNY', 'zh-CN')).toBe('¥18.62亿');
    expect(money(1_862_345_00, 'USD', 'en-US')).toBe('$1.86M');
    expect(money(5000, 'JPY', 'zh-CN')).toBe('JP¥5,000');
  });
  it('that are unknown are a dash, never 0', () => expect(money(null, 'CNY', 'zh-CN')).toBe('—'));
  it('open to the exact figure', () => expect(exact(123456, 'CNY', 'zh-CN')).toBe('CNY 1,234.56'));
  it('are read to the minor unit', () => {
    expect(toMinor(0.29, 'CNY')).toBe(29);
    expect(toMinor(null, 'CNY')).toBeUndefined();
  });
  it('have the digits of their currency, each way', () => {
    for (const [code, digits] of [
      ['KRW', 0],
      ['CLP', 0],
      ['OMR', 3],
      ['EUR', 2],
    ] as const) {
      expect(toMinor(5, code), code).toBe(5 * 10 ** digits);
      expect(toMajor(5_000_000, code), code).toBe(5_000_000 / 10 ** digits);
    }
    expect(exact(5_000_000, 'KRW', 'zh-CN')).toBe('KRW 5,000,000');
  });
});

it('shares of nothing are a dash', () => {
  expect(percent(null)).toBe('—');
  expect(percent(6312)).toBe('63.1%');
  expect(percent(7600)).toBe('76.0%');
  expect(percent(7600, 0)).toBe('76%');
});

it('days of this year leave the year out', () => {
  expect(day('2026-11-28', '2026-01-01')).toBe('11-28');
  expect(day('2025-11-28', '2026-01-01')).toBe('2025-11-28');
});

it('an instant is shown in the company’s zone', () => {
  expect(instant('2026-11-21T22:10:00.000Z', 'Asia/Shanghai', '2026-11-22')).toBe('11-22 06:10');
  expect(instant('2025-12-31T16:00:00Z', 'Asia/Shanghai', '2026-01-01')).toBe('01-01 00:00');
});

it('a device is named as a person would', () => {
  expect(device('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36')).toBe(
    'Chrome · Windows',
  );
  expect(device('curl/8.0')).toBe('curl/8.0');
  expect(device('')).toBe('—');
});

it('a span says nothing twice', () => {
  const of = (from: string, until: string) =>
    span(`2026-11-${from}Z`, `2026-11-${until}Z`, 'Asia/Shanghai', '2026-11-26');
  expect(of('26T01:10:02', '26T01:10:58')).toBe('11-26 09:10');
  expect(of('26T01:10:58', '26T01:11:02')).toBe('11-26 09:10 – 09:11');
  expect(of('25T15:59:00', '25T16:01:00')).toBe('11-25 23:59 – 11-26 00:01');
});
