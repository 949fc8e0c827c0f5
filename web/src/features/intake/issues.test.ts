import { expect, test } from 'vitest';
import { csvCell } from './issues';

test('a cell of the file of issues is quoted and runs no formula', () => {
  expect(csvCell('甲厂')).toBe('甲厂');
  expect(csvCell('a,"b"')).toBe('"a,""b"""');
  expect(csvCell('=1+1')).toBe("'=1+1");
  expect(csvCell('-1,2')).toBe('"\'-1,2"');
});
