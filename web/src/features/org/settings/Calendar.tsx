import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { upload } from '../../../api/client';
import { useCan } from '../../../app/session';
import { useWrite } from '../../../app/useWrite';
import { Field } from '../../../ui/bits';
import { DataTable } from '../../../ui/DataTable';
import { FilePick } from '../../../ui/FilePick';
import { ProblemBox } from '../../../ui/Problem';
import { lookAtYear, settingsOf, type YearLook } from '../queries';
import { LoadYear } from './LoadYear';

/** Calendar is the working days, year by year, and whether they are official. */
export function Calendar() {
  const { t } = useTranslation();
  const canEdit = useCan('settings.edit');
  const s = useQuery(settingsOf);
  const [found, setFound] = useState<{ file: File; look: YearLook }>();
  const look = useWrite(lookAtYear, { done: (answer: YearLook, file) => setFound({ file, look: answer }) });
  const load = useWrite((f: File) => upload('/api/settings/holidays', f), {
    ...{ said: t('common.saved'), stale: [['settings']], done: () => setFound(undefined) },
  });
  return (
    <div className="card">
      <h2>{t('settings.years')}</h2>
      <DataTable
        label={t('settings.years')}
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
          {look.error && <ProblemBox error={look.error} />}
          <Field label={t('settings.loadYear')} hint={t('settings.loadYearHint')}>
            <FilePick accept=".json" disabled={look.isPending} onPick={([f]) => f && look.mutate(f)} />
          </Field>
        </div>
      )}
      {found && (
        <LoadYear
          look={found.look}
          write={{ isPending: load.isPending, error: load.error, mutate: () => load.mutate(found.file) }}
          onClose={() => setFound(undefined)}
        />
      )}
    </div>
  );
}
