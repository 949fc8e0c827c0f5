import { useTranslation } from 'react-i18next';
import type { Around, Introduction } from './queries';

/** Came is what came of an introduction one asked for: a refusal and no answer are the same. */
export function Came({ i }: { i: Introduction }) {
  const { t } = useTranslation();
  return (
    <p className={i.state === 'agreed' ? 'good' : 'ink2'}>
      {i.state === 'agreed'
        ? t('tie.agreed', { who: i.memberName })
        : t(i.state === 'waiting' ? 'tie.waiting' : 'tie.none', { who: i.memberName || t('tie.someone') })}
    </p>
  );
}

/** CameAround is what came of asking around. */
export function CameAround({ k }: { k: Around }) {
  const { t } = useTranslation();
  return (
    <p className={k.state === 'known' ? 'good' : 'ink2'}>
      {t(`tie.around.${k.state}`, { who: k.known.map((x) => x.memberName).join(t('common.comma')) })}
    </p>
  );
}
