import { Alert, Button, Skeleton } from 'antd';
import { createContext, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ApiError, away, over, reading } from '../api/client';
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

/** useLost words what could not be had; '' of what is said in its own words. Nothing was being written there. */
function useLost() {
  const { t } = useTranslation();
  return (error: unknown): string => {
    if (away(error)) return t('problem.lost.away');
    return error instanceof ApiError && error.problem.code !== 'internal' ? '' : t('problem.lost.internal');
  };
}

/** Asked is a question to the server, as far as it matters where its answer is missing. */
export type Asked = { isError: boolean; error: unknown; refetch: () => unknown };

/**
 * Missing stands where an answer has not come yet, or could not be had. What was had stays where asking again failed:
 * somebody may be writing on it.
 */
export function Missing({ of, className }: { of: Asked; className?: string }) {
  if (!of.isError) return <Skeleton active className={className} />;
  return (
    <div className={className}>
      <ProblemBox error={of.error} retry={of.refetch} />
    </div>
  );
}

/** ProblemBox says what happened and offers to try again. */
export function ProblemBox({ error, retry }: { error: unknown; retry?: () => unknown }) {
  const { t } = useTranslation();
  const words = useWords();
  const lost = useLost();
  const id = requestOf(error);
  const remedy = error instanceof ApiError && remedies[error.problem.code];
  return (
    <Alert
      type={reading(error) ? 'info' : 'error'}
      showIcon
      title={
        <>
          {/* A form is seen again once its member has signed in anew: what it sent meanwhile was not kept. */}
          {(retry && lost(error)) || (over(error) && t('problem.lost.session')) || words(error)}
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
          <Button size="small" onClick={() => void retry()}>
            {t('common.retry')}
          </Button>
        )
      }
    />
  );
}

/** PageForm is a form on a page: what the server refuses stands above it and at its field. */
export function PageForm({ error, children }: { error: unknown; children: ReactNode }) {
  const problem = useFieldProblem(error);
  return (
    <FieldProblem.Provider value={problem}>
      <div className="pad">
        {error !== null && error !== undefined && <ProblemBox error={error} />}
        {children}
      </div>
    </FieldProblem.Provider>
  );
}
