import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { Scroll } from '../../../ui/bits';
import { FormDialog } from '../../../ui/FormDialog';
import type { YearLook } from '../queries';

type Props = { look: YearLook; write: ComponentProps<typeof FormDialog>['write']; onClose: () => void };

/** LoadYear shows what a year file would change, before it does. */
export function LoadYear({ look, write, onClose }: Props) {
  const { t } = useTranslation();
  const status = (s: string) => t(`calendarStatus.${s}`);
  return (
    <FormDialog
      title={t('loadYear.title', { year: look.year })}
      hint={t(look.days.length > 0 ? 'loadYear.hint' : 'loadYear.same')}
      ok={t('loadYear.load')}
      write={write}
      onClose={onClose}
    >
      <p>
        {look.was === look.is
          ? t('loadYear.statusStays', { status: status(look.is) })
          : t('loadYear.status', { was: status(look.was), is: status(look.is) })}
        <br />
        {t('loadYear.days', { was: look.workingDaysWas, is: look.workingDaysThen })}
      </p>
      {look.days.length > 0 && (
        <Scroll label={t('loadYear.changed')} height={320}>
          <table className="t">
            <thead>
              <tr>
                <th>{t('loadYear.day')}</th>
                <th className="l">{t('loadYear.becomes')}</th>
                <th className="l">{t('settings.name')}</th>
              </tr>
            </thead>
            <tbody>
              {look.days.map((d) => (
                <tr key={d.date}>
                  <td>{d.date}</td>
                  <td className="l">
                    <span className={d.works ? 'chip b' : 'chip g'}>
                      {t(d.works ? 'loadYear.works' : 'loadYear.off')}
                    </span>
                  </td>
                  <td className="l">{d.name ?? '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </FormDialog>
  );
}
