import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { instant } from '../../ui/format';
import { Written } from '../../ui/Written';
import { useNamed } from './Note';
import { looksAt } from './queries';

const SHOWN = 3;

/** Looks says who looked at an opportunity lately, and at what. */
export function Looks({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const { who } = useNamed();
  const looks = useQuery(looksAt(id)).data ?? [];
  if (looks.length === 0) return null;
  const words = new Intl.ListFormat(i18n.language, { type: 'conjunction' });
  return (
    <ul className="looks ink2" aria-label={t('guidance.review.looks')}>
      {looks.slice(0, SHOWN).map((l) => (
        <li key={l.id}>
          {l.bulk
            ? t('guidance.review.lookedMany', { who: who(l.memberId) })
            : t('guidance.review.looked', {
                who: who(l.memberId),
                what: words.format(l.facts.map((f) => t(`guidance.what.${f}`))),
              })}
          {l.text && (
            <>
              {t('guidance.review.colon')}
              <Written>{l.text}</Written>
            </>
          )}{' '}
          <span className="ink3">{instant(l.at, me.timeZone, me.today)}</span>
        </li>
      ))}
    </ul>
  );
}
