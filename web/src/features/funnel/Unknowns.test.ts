import { expect, test } from 'vitest';
import type { Report } from './report';
import { mostUndated } from './Unknowns';

test('of the stages reached on unknown days the one most records reached is named', () => {
  const stage = (name: string, undated?: number) =>
    ({ name, cohort: undated === undefined ? undefined : { undated } }) as Report['stages'][number];
  expect(mostUndated({ stages: [stage('线索', 3), stage('方案', 9), stage('赢单')] })?.name).toBe('方案');
  expect(mostUndated({ stages: [stage('线索', 0), stage('赢单')] })).toBeUndefined();
});
