import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Empty } from '../ui/bits';
import { HOME } from './routes';

/** Forbidden stands in the place of a page one may not use. */
export function Forbidden({ needs }: { needs: string }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="top">
        <h1>{t('forbidden.title')}</h1>
      </div>
      <Lacking needs={needs} />
    </>
  );
}

/** Lacking says which permission is missing, and who gives it. */
export function Lacking({ needs }: { needs: string }) {
  const { t } = useTranslation();
  return (
    <div className="card">
      <Empty title={t('forbidden.needs', { what: t(`permission.${needs}`) })}>
        <p>{t('forbidden.hint')}</p>
        <Link to={HOME}>{t('forbidden.back')}</Link>
      </Empty>
    </div>
  );
}
