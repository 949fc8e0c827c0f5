import { useTranslation } from 'react-i18next';
import { ActingFor } from '../../app/ActingFor';
import { Choices, Places } from '../../app/Navigation';
import { useMe } from '../../app/session';

/** MorePage is where a phone's foot has no room: every page one may open, and what stands beside them on a desk. */
export default function MorePage() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <>
      <div className="top">
        <h1>{t('common.more')}</h1>
        <span className="sp" />
        <span className="mute">
          {me.name} · {me.company}
        </span>
      </div>
      <ActingFor />
      <nav className="card more" aria-label={t('nav.main')}>
        <Places />
      </nav>
      <div className="card more">
        <Choices />
      </div>
    </>
  );
}
