import { Alert, Button } from 'antd';
import { createContext } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client';

// Shares travel in basis points; people read per cent: capBp 8000 is also capPercent 80.
function percents(params: Record<string, unknown>): Record<string, unknown> {
  const out = { ...params };
  for (const [key, value] of Object.entries(params))
    if (key.endsWith('Bp') && typeof value === 'number') out[`${key.slice(0, -2)}Percent`] = value / 100;
  return out;
}

// Nobody is to blame for these: who runs the program finds them in its log by the request's number.
const unexpected = /^(internal|unavailable|storage\.|request\.too_slow|http\.5)/;

/** requestOf is the number of a request that ended in an unexpected error, '' of any other. */
export function requestOf(err: unknown): string {
  return err instanceof ApiError && unexpected.test(err.problem.code) ? (err.problem.requestId ?? '') : '';
}

/** useProblemText words a problem for people, by its code; of an unexpected one with its number. */
export function useProblemText() {
  const { t } = useTranslation();
  const words = useWords();
  return (err: unknown): string => {
    const id = requestOf(err);
    return words(err) + (id && ` (${t('problem.number', { id })})`);
  };
}

function useWords() {
  const { t } = useTranslation();
  return (err: unknown): string => {
    if (!(err instanceof ApiError)) return t('problem.internal');
    const p = err.problem;
    const params = percents({
      ...(p.params as Record<string, unknown>),
      ...(p.errors?.[0]?.params as Record<string, unknown>),
    });
    const field = p.errors?.[0]?.pointer?.replace(/^\//, '').replaceAll('/', ' › ');
    const text = t(`problem.${p.code}`, { ...params, defaultValue: p.detail ?? p.code });
    return p.code.startsWith('input.') && field ? `${t(`field.${field}`, { defaultValue: field })}: ${text}` : text;
  };
}

/** FieldProblem is what the server refuses in a form: which field, and why. */
export const FieldProblem = createContext<{ at: string; text: string } | null>(null);

/** useFieldProblem reads it from an answer; null where the answer names no field. */
export function useFieldProblem(error: unknown) {
  const text = useProblemText();
  const pointer = error instanceof ApiError ? error.problem.errors?.[0]?.pointer : undefined;
  return pointer ? { at: pointer.replace(/^\//, ''), text: text(error) } : null;
}

/** ProblemBox says what happened and offers to try again. */
export function ProblemBox({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const id = requestOf(error);
  return (
    <Alert
      type="error"
      showIcon
      title={
        <>
          {words(error)}
          {id && <small className="number">{t('problem.number', { id })}</small>}
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
