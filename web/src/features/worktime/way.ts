import { useTranslation } from 'react-i18next';
import type { Way } from './queries';

/** weekdays of a week, as the server numbers them: 1 is Monday. */
export const week = [1, 2, 3, 4, 5, 6, 7] as const;

/** useWayText words how a team works. */
export function useWayText() {
  const { t } = useTranslation();
  const weekday = (n: number) => t(`worktime.weekday.${n}`);
  const days = (w: Way) => {
    const pattern =
      w.pattern === 'retail'
        ? (w.weekdays ?? []).map(weekday).join(t('common.comma'))
        : w.pattern === 'alternate'
          ? t('worktime.alternateFrom', { on: w.sixDayWeek })
          : t(`worktime.pattern.${w.pattern}`);
    return w.onHolidays ? t('worktime.onHolidaysToo', { days: pattern }) : pattern;
  };
  const hours = (w: Way) => {
    const spans = w.hours.map((h) => `${h.from}–${h.to}`).join(t('common.comma'));
    return w.zone ? t('worktime.hoursIn', { hours: spans, zone: w.zone }) : spans;
  };
  return { days, hours, weekday };
}
