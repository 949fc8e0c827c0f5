import { useTranslation } from 'react-i18next';

/** Left is shown to who signed out where the server was not reached: nothing else is, but the session goes on there. */
export function Left({ again }: { again: () => Promise<void> }) {
  const { t } = useTranslation();
  return (
    <main className="signin">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void again();
        }}
      >
        <h1>{t('signin.left')}</h1>
        <p className="lead" role="alert">
          {t('signin.leftLead')}
        </p>
        <button type="submit" className="go">
          {t('nav.signOut')}
        </button>
      </form>
    </main>
  );
}
