import { useTranslation } from 'react-i18next';
import { lossEnds, withdrawals } from './stages';

/** useEndWord says how a deal ended that no stage ends: 丢单:流标; any other text is itself. */
export function useEndWord() {
  const { t } = useTranslation();
  return (end: string) => {
    const kind = end.split(':')[1];
    if (lossEnds.includes(end)) return t('import.lostAs', { kind: t(`loss.${kind}`) });
    if (!withdrawals.includes(end)) return end;
    return kind ? t('import.withdrawnAs', { kind: t(`loss.${kind}`) }) : t('state.withdrawn');
  };
}
