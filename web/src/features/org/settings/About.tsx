import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { under } from '../../../api/base';
import { ProblemBox } from '../../../ui/Problem';
import { aboutOf } from '../../../ui/queries';

/** About says which program this is, and what of others' work it contains. */
export function About() {
  const { t } = useTranslation();
  const about = useQuery(aboutOf);
  return (
    <div className="card">
      <h2>
        运筹 Yunchou <span data-verbatim>{about.data?.version}</span>
      </h2>
      {about.isError && <ProblemBox error={about.error} retry={about.refetch} />}
      <div className="pad">
        <p>{t('settings.aboutLicense')}</p>
        <p>
          <a href={under('/third-party-notices')} target="_blank" rel="noreferrer">
            {t('settings.aboutNotices')}
          </a>
        </p>
      </div>
    </div>
  );
}
