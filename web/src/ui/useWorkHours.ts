import { useTranslation } from 'react-i18next';

/** useWorkHours words minutes of work as the hours people count in: 1.0 工时. */
export function useWorkHours() {
  const { t } = useTranslation();
  return (minutes: number) => t('common.workHours', { n: (minutes / 60).toFixed(1) });
}
