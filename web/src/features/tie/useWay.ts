import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { day } from '../../ui/format';
import type { Way } from './queries';

const university = /大学|学院|universit|college/i;

/** useWay says a way in words: who it is, and how he knows him. */
export function useWay() {
  const { t } = useTranslation();
  const me = useMe();
  const who = (w: Way) =>
    w.own ? t('tie.you') : w.memberName || (w.way === 'predecessor' ? w.throughName : t('tie.someone'));
  const tied = (w: Way) =>
    w.kind === 'superior' ? t(`tie.superior.${w.direction === 'below' ? 'below' : 'above'}`) : t(`tie.kind.${w.kind}`);
  const classmate = (w: Way) => t(university.test(w.school) ? 'tie.fellow' : 'tie.kind.classmate');
  /** what is how he knows him, in a word or two. */
  const what = (w: Way): string => {
    switch (w.way) {
      case 'tie':
        return w.school && w.kind === 'classmate' ? classmate(w) : w.kind ? tied(w) : '';
      case 'school':
        return classmate(w);
      case 'employer':
        return t('tie.kind.ex_colleague');
      case 'through':
        return t('tie.way.through', { name: w.throughName || t('tie.somebody') });
      case 'colleagues_met':
        return t('tie.way.colleaguesMet', { employer: w.employer });
      case 'met':
        return t('tie.way.met');
      case 'predecessor':
        return t('tie.way.predecessor');
      default:
        return '';
    }
  };
  /** where is the school or firm in common. */
  const where = (w: Way): string =>
    w.school
      ? w.entered
        ? t('tie.entered', { school: w.school, year: w.entered })
        : w.school
      : w.way === 'employer' || w.way === 'tie'
        ? w.employer
        : '';
  /** say is a whole sentence: who knows somebody of a name, and how. */
  const say = (w: Way, name: string): string => {
    const by = { who: who(w), name, through: w.throughName || t('tie.somebody'), employer: w.employer };
    switch (w.way) {
      case 'someone':
        return t('tie.say.someone', by);
      case 'met':
      case 'colleagues_met':
      case 'through':
        return t(`tie.say.${w.way}${w.own ? '_own' : ''}`, by);
      case 'predecessor':
        return t('tie.say.predecessor', by);
    }
    if (!w.own) return [t('tie.knows', by), what(w)].filter(Boolean).join(t('tie.colon'));
    if (w.kind === 'superior') return t(`tie.${w.direction === 'below' ? 'below' : 'above'}`, by);
    return t('tie.yours', { name, how: what(w) || t('tie.acquaintance') });
  };
  /** more is what stands below: when they last met, or the years in common. */
  const more = (w: Way): string => {
    const years = w.fromYear ? `${w.fromYear}${w.toYear ? `–${w.toYear}` : ''}` : '';
    const common = w.school ? t('tie.sameSchool', { school: w.school, years }) : '';
    const firm =
      w.employer && (w.way === 'employer' || w.way === 'tie') ? t('tie.sameFirm', { firm: w.employer, years }) : '';
    const met = w.metOn ? t('tie.last', { on: day(w.metOn, me.today), count: w.met }) : '';
    if (w.way === 'someone') return t('tie.someoneHint');
    return [common, firm, met].filter(Boolean).join(t('tie.semicolon')) || (w.way === 'tie' ? years : '');
  };
  return { who, what, where, say, more };
}
