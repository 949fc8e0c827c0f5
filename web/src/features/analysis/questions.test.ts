import { expect, it } from 'vitest';
import api from '../../../../docs/openapi.json';
import { queryOf } from '../../ui/address';
import { questionsOf, stepOf, tabs, trendQuestion } from './questions';

const known = (path: keyof typeof api.paths) =>
  new Set((api.paths[path] as { get: { parameters: { name: string }[] } }).get.parameters.map((p) => p.name));

it('what one view keeps in the address is asked of no other', () => {
  const all = 'from=2026-01-01&to=2026-12-31&compare=year&groupBy=owner&step=quarter&ofStage=a&target=b&state=open&q=x';
  for (const tab of tabs) {
    const query = queryOf(new URLSearchParams(`${all}&tab=${tab}`));
    const { ask, own, cohorts } = questionsOf(query, 'p');
    const unknown = (path: keyof typeof api.paths, question: object) =>
      Object.keys(question).filter((key) => !known(path).has(key));
    expect(unknown('/api/reports/funnel', ask), tab).toEqual([]);
    expect(unknown('/api/reports/cohorts', cohorts), tab).toEqual([]);
    expect(unknown('/api/reports/forecast', own), tab).toEqual([]);
    expect(unknown('/api/reports/trend', trendQuestion(own, stepOf(query))), tab).toEqual([]);
  }
});
