import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../api/client';
import { shown } from './restate';

export type Issue = Schemas['IntakeIssue'];

/** useIssueWords says an issue in words: the cell it is about, what is wrong, and what to do. */
export function useIssueWords() {
  const { t, i18n } = useTranslation();
  return (x: Issue) => ({
    where: [x.file, x.sheet && t('import.sheetIs', { sheet: x.sheet }), t('import.line', { n: x.line })]
      .filter(Boolean)
      .join(' · '),
    /** What all issues of its kind have in common, and what is wrong with this one. */
    read: typeof x.params?.read === 'string' ? shown(x.params.read, i18n.language) : '',
    kind: t([`import.about_kind.${x.code}`, `problem.${x.code}`, 'import.otherFault'], {
      detail: x.detail,
      ...x.params,
    }),
    cell: [
      x.column ? t('import.cell', { column: x.column }) : t(`import.target.${x.field}`, { defaultValue: x.field }),
      x.value && t('import.quoted', { value: x.value }),
    ]
      .filter(Boolean)
      .join(' '),
    what: t(`problem.${x.code}`, { defaultValue: t('import.otherFault'), detail: x.detail, ...x.params }),
    done: t(x.level === 'error' ? 'import.done.error' : 'import.done.warning'),
    todo: t([`import.todo.${x.code}`, 'import.todo.other']),
  });
}

/** someIssues reads what is wrong with an import, page by page, until there are so many. */
export async function someIssues(id: string, most = Number.POSITIVE_INFINITY) {
  const out: Issue[] = [];
  for (;;) {
    const page = await must(
      api.GET('/api/imports/{id}/issues', { params: { path: { id }, query: { after: out.length } } }),
    );
    out.push(...page);
    if (page.length < 200 || out.length >= most) return out;
  }
}

/** csvCell quotes a text, and puts an apostrophe before what a spreadsheet would run. */
export function csvCell(text: string) {
  const neutral = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(neutral) ? `"${neutral.replaceAll('"', '""')}"` : neutral;
}

/** useIssueFile makes the file of an import's issues, in the language of the screen. */
export function useIssueFile() {
  const { t } = useTranslation();
  const words = useIssueWords();
  return async (id: string) => {
    const head = ['file', 'sheet', 'line', 'column', 'value', 'level', 'what', 'done', 'todo'].map((k) =>
      t(`import.head.${k}`),
    );
    const rows = (await someIssues(id)).map((x) => {
      const { what, done, todo } = words(x);
      const column = x.column || t(`import.target.${x.field}`, { defaultValue: x.field });
      return [x.file, x.sheet ?? '', String(x.line), column, x.value, t(`import.level.${x.level}`), what, done, todo];
    });
    const text = [head, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n');
    const a = document.createElement('a');
    a.href = URL.createObjectURL(new Blob([`\ufeff${text}\r\n`], { type: 'text/csv;charset=utf-8' }));
    a.download = t('import.issueFile');
    a.click();
    URL.revokeObjectURL(a.href);
  };
}
