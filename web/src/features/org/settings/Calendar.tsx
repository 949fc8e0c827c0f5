import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, must, upload } from '../../../api/client';
import { useCan } from '../../../app/session';
import { Field, Scroll } from '../../../ui/bits';
import { FilePick } from '../../../ui/FilePick';
import { useTold } from '../../../ui/useTold';

/** Calendar is the working days, year by year, and whether they are official. */
export function Calendar() {
  const { t } = useTranslation();
  const query = useQueryClient();
  const canEdit = useCan('settings.edit');
  const { message } = App.useApp();
  const told = useTold();
  const s = useQuery({ queryKey: ['settings'], queryFn: () => must(api.GET('/api/settings')) });
  const load = useMutation({
    mutationFn: (f: File) => upload('/api/settings/holidays', f),
    onSuccess: async () => {
      message.success(t('common.saved'));
      await query.invalidateQueries({ queryKey: ['settings'] });
    },
    onError: told,
  });
  return (
    <div className="card">
      <h2>{t('settings.calendar')}</h2>
      <Scroll label={t('settings.calendar')}>
        <table className="t">
          <thead>
            <tr>
              <th>{t('settings.year')}</th>
              <th className="l">{t('settings.status')}</th>
              <th>{t('settings.workingDays')}</th>
            </tr>
          </thead>
          <tbody>
            {s.data?.calendarYears.map((y) => (
              <tr key={y.year}>
                <td>{y.year}</td>
                <td className="l">
                  <span className={y.status === 'official' ? 'chip g' : 'chip b'}>
                    {t(`calendarStatus.${y.status}`)}
                  </span>
                </td>
                <td>{y.status === 'missing' ? '—' : y.workingDays}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
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
