import { useTranslation } from 'react-i18next';
import { useWrite, type Write } from '../../app/useWrite';
import { ofDeals } from '../opportunity/queries';

/** useActed runs what is done on the desk: the form closes, and everything about deals is asked anew. */
export function useActed(write: Write<void, unknown>, onClose: () => void) {
  const { t } = useTranslation();
  return useWrite(write, { said: t('common.saved'), done: onClose, stale: ofDeals });
}
