import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { upload } from '../../../api/client';
import { useCan } from '../../../app/session';
import { useWrite } from '../../../app/useWrite';
import { Field } from '../../../ui/bits';
import { DataTable } from '../../../ui/DataTable';
import { FilePick } from '../../../ui/FilePick';
import { settingsOf } from '../queries';

/** Calendar is the working days, year by year, and whether they are official. */
export function Calendar() {
  const { t } = useTranslation();
  const canEdit = useCan('settings.edit');
  const s = useQuery(settingsOf);
  const load = useWrite((f: File) => upload('/api/settings/holidays', f), {
    ...{ said: t('common.saved'), told: true, stale: [['settings']] },
  });
  return (
    <div className="card">
      <h2>{t('settings.calendar')}</h2>
      <DataTable
        label={t('settings.calendar')}
        asked={s}
        rows={s.data?.calendarYears}
        id={(y) => y.year}
        columns={[
          { name: t('settings.year'), of: (y) => y.year },
          {
            name: t('settings.status'),
            of: (y) => (
              <span className={y.status === 'official' ? 'chip g' : 'chip b'}>{t(`calendarStatus.${y.status}`)}</span>
            ),
            left: true,
          },
          { name: t('settings.workingDays'), of: (y) => (y.status === 'missing' ? '—' : y.workingDays) },
        ]}
      />
      {canEdit && (
        <div className="pad">
          <Field label={t('settings.loadYear')} hint={t('settings.loadYearHint')}>
            <FilePick accept=".json" disabled={load.isPending} onPick={([f]) => f && load.mutate(f)} />
          </Field>
        </div>
      )}
    </div>
  );
}
