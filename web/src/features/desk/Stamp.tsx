import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { percent } from '../../ui/format';

/** Stamp is the day, and how far the month is. */
export function Stamp() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <div className="stamp">
      {me.calendarStatus === 'missing' ? (
        t('desk.calendarMissing', { year: me.today.slice(0, 4) })
      ) : (
        <>
          {me.today} · {t('desk.monthDay')}{' '}
          <b>
            {me.workingDayOfMonth} / {me.workingDaysInMonth}
          </b>{' '}
          · {t('desk.timeProgress')}{' '}
          <b>
            {me.workingDaysInMonth ? percent(Math.round((10000 * me.workingDayOfMonth) / me.workingDaysInMonth)) : '—'}
          </b>
        </>
      )}
    </div>
  );
}
