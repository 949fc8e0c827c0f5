import ts from 'typescript';
import { expect, test } from 'vitest';
import { sources } from './sources';

const FUNCTION = 110; // lines, of a component or of anything in it
const FILE = 300;

// Longer ones that are still to be cut. None joins them.
const known = [
  ...['account/AccountPage.tsx AccountPage', 'account/AccountsPage.tsx AccountsPage', 'account/ContactDialog.tsx Form'],
  ...['analysis/Cohorts.tsx Cohorts', 'analysis/Compare.tsx Compare', 'analysis/Conversion.tsx Conversion'],
  ...['analysis/Dwell.tsx Dwell', 'analysis/Forecast.tsx Forecast', 'analysis/Trend.tsx Trend'],
  ...['funnel/Groups.tsx Groups', 'funnel/StageTable.tsx StageTable', 'intake/ImportPage.tsx ImportPage'],
  ...['opportunity/BoardPage.tsx BoardPage', 'opportunity/ListPage.tsx ListPage'],
  ...['opportunity/record/EditDialog.tsx EditDialog'],
].map((name) => `features/${name}`);
known.push('app/SignIn.tsx SignIn', 'ui/DateField.tsx DateField');

/** longIn names the functions at the top of a source that have more lines than may be. */
function longIn(path: string, text: string, most = FUNCTION): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lines = (n: ts.Node) => text.slice(n.getStart(), n.end).split('\n').length;
  const named = source.statements.flatMap((s) => {
    if (ts.isFunctionDeclaration(s)) return [{ name: s.name?.text ?? '', lines: lines(s) }];
    if (!ts.isVariableStatement(s)) return [];
    return s.declarationList.declarations
      .filter((d) => d.initializer && ts.isArrowFunction(d.initializer))
      .map((d) => ({ name: d.name.getText(), lines: lines(d) }));
  });
  return named.filter((f) => f.lines > most).map((f) => `${path} ${f.name}`);
}

test('a long function is seen', () => {
  const text = 'function A() {\n\n}\nexport const B = () => {\n\n\n};\nconst c = 1;';
  expect(longIn('x.tsx', text, 2)).toEqual(['x.tsx A', 'x.tsx B']);
  expect(longIn('x.tsx', text, 3)).toEqual(['x.tsx B']);
});

test('a function is short enough to be read', () => {
  expect(sources.flatMap((s) => longIn(s.path, s.text)).filter((name) => !known.includes(name))).toEqual([]);
});

test('a file is about one thing', () => {
  const long = sources.filter((s) => s.text.split('\n').length > FILE).map((s) => s.path);
  expect(long.filter((path) => path !== 'features/account/AccountPage.tsx')).toEqual([]);
});
