import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { LanguageSwitch } from '../../app/LanguageSwitch';
import { sessionOf } from '../../app/queries';
import { useSignOut } from '../../app/session';
import { FactorCards } from './FactorCards';

/** MustAddFactor is all there is for whose role needs a second factor and who has none. */
export function MustAddFactor() {
  const { t } = useTranslation();
  const query = useQueryClient();
  const signOut = useSignOut();
  return (
    <main className="signin">
      <div className="enrol">
        <h1>{t('identity.mustAdd')}</h1>
        <p className="lead">{t('identity.mustAddLead')}</p>
        <div className="card">
          <FactorCards onAdded={() => query.invalidateQueries({ queryKey: sessionOf.queryKey })} />
        </div>
        <p className="center">
          <button type="button" className="open" onClick={signOut}>
            {t('nav.signOut')}
          </button>
        </p>
        <LanguageSwitch />
      </div>
    </main>
  );
}
