import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client';
import { PasskeyRefused } from '../../api/passkeys';

/** useSaid words what went wrong on pages without the component library. */
export function useSaid() {
  const { t } = useTranslation();
  return (err: unknown): string => {
    if (err instanceof PasskeyRefused) return t('identity.passkeyNot');
    const p = err instanceof ApiError ? err.problem : { code: 'internal', params: {} };
    return t(`problem.${p.code}`, { ...p.params, defaultValue: p.code });
  };
}

/** asProblem is what a ProblemBox can word. */
export const asProblem = (err: unknown) =>
  err instanceof PasskeyRefused ? new ApiError({ code: 'identity.passkey_not_shown' }) : err;
