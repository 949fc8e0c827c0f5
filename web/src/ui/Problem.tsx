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

/** useProblemText words a problem for people, by its code. */
export function useProblemText() {
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
  const text = useProblemText();
  return (
    <Alert
      type="error"
      showIcon
      title={text(error)}
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
