import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client';
import { PasskeyRefused } from '../../api/passkeys';
import { useProblemText } from '../../ui/problemText';

/** useSaid words what went wrong on pages without the component library. */
export function useSaid() {
  const { t } = useTranslation();
  const text = useProblemText();
  return (err: unknown): string => (err instanceof PasskeyRefused ? t('identity.passkeyNot') : text(err));
}

/** asProblem is what a ProblemBox can word. */
export const asProblem = (err: unknown) =>
  err instanceof PasskeyRefused ? new ApiError({ code: 'identity.passkey_not_shown' }) : err;
