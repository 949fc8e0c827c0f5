import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/client';

/** Uncertain says which years were counted without certain holidays: beside every clock, length and limit. */
export function Uncertain({ years }: { years: Schemas['CalendarYearStatus'][] | undefined }) {
  const { t } = useTranslation();
  if (!years?.length) return null;
  return (
    <span className="chip">
      {years.map((y) => t('calendarUncertain', { year: y.year, status: t(`calendarStatus.${y.status}`) })).join(' · ')}
    </span>
  );
}
