import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { day } from '../../ui/format';
import type { Way } from './queries';

/** useWay says a way in words: who it is, and how he knows him. */
export function useWay() {
  const { t } = useTranslation();
  const me = useMe();
  const who = (w: Way) =>
    w.own ? t('tie.you') : w.memberName || (w.way === 'predecessor' ? w.throughName : t('tie.someone'));
  const years = (w: Way) => (w.fromYear ? `${w.fromYear}${w.toYear ? `–${w.toYear}` : ''}` : '');
  const how = (w: Way): string => {
    switch (w.way) {
      case 'tie':
        return w.kind ? t(`tie.kind.${w.kind}`) : '';
      case 'school':
        return t('tie.way.school', { school: w.school });
      case 'employer':
        return t('tie.way.employer', { employer: w.employer });
      case 'colleagues_met':
        return t('tie.way.colleaguesMet', { employer: w.employer });
      case 'through':
        return t('tie.way.through', { name: w.throughName || t('tie.somebody') });
      case 'someone':
        return '';
      default:
        return t(`tie.way.${w.way}`);
    }
  };
  const more = (w: Way): string => {
    if (w.metOn) return t('tie.last', { on: day(w.metOn, me.today), count: w.met });
    if (w.way === 'someone' || (!w.memberId && w.way !== 'predecessor')) return t('tie.someoneHint');
    return years(w);
  };
  return { who, how, more };
}
