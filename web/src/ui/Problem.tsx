import { Alert, Button } from 'antd';
import { createContext } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ApiError, reading } from '../api/client';
import { requestOf, useProblemText, useWords } from './problemText';

/** FieldProblem is what the server refuses in a form: which field, and why. */
export const FieldProblem = createContext<{ at: string; text: string } | null>(null);

/** useFieldProblem reads it from an answer; null where the answer names no field. */
export function useFieldProblem(error: unknown) {
  const text = useProblemText();
  const pointer = error instanceof ApiError ? error.problem.errors?.[0]?.pointer : undefined;
  return pointer ? { at: pointer.replace(/^\//, ''), text: text(error) } : null;
}

// Where something can be done about it.
const remedies: Record<string, string> = {
  'file.no_room': '/settings?tab=files',
  'file.no_room_company': '/settings?tab=files&whose=company',
};

/** ProblemBox says what happened and offers to try again. */
export function ProblemBox({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const id = requestOf(error);
  const remedy = error instanceof ApiError && remedies[error.problem.code];
  return (
    <Alert
      type={reading(error) ? 'info' : 'error'}
      showIcon
      title={
        <>
          {words(error)}
          {id && <small className="number">{t('problem.number', { id })}</small>}
          {remedy && (
            <>
              {' '}
              <Link to={remedy}>{t('file.see')}</Link>
            </>
          )}
        </>
      }
      className="problem"
      action={
        retry && (
          <Button size="small" onClick={retry}>
            {t('common.retry')}
          </Button>
        )
      }
    />
  );
}
