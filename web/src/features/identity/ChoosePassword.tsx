import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { under } from '../../api/base';
import { api, must } from '../../api/client';
import { leaveWord } from '../../app/farewell';
import { LanguageSwitch } from '../../app/LanguageSwitch';
import { useSignOut } from '../../app/session';
import { useSaid } from './problems';
import { Secret, useFirstField } from './Secret';

/** ChoosePassword is all there is for who must choose another password first. Like sign-in it uses no component library. */
export function ChoosePassword() {
  const { t } = useTranslation();
  const signOut = useSignOut();
  const said = useSaid();
  const form = useFirstField();
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (k: string) => String(f.get(k) ?? '');
    setBusy(true);
    setError('');
    try {
      await must(api.POST('/api/session/password', { body: { current: text('current'), next: text('next') } }));
      leaveWord('passwordChanged');
      location.assign(under('/'));
    } catch (err) {
      setError(said(err));
      setBusy(false);
    }
  };
  return (
    <main className="signin">
      <form ref={form} onSubmit={submit}>
        <h1>{t('identity.choose')}</h1>
        <p className="lead">{t('identity.chooseLead')}</p>
        {error && (
          <div className="err" role="alert">
            {error}
          </div>
        )}
        <Secret
          label={t('settings.currentPassword')}
          name="current"
          required
          maxLength={200}
          autoComplete="current-password"
        />
        <Secret
          label={t('settings.nextPassword')}
          hint={t('setup.passwordHint')}
          name="next"
          required
          minLength={15}
          maxLength={200}
          autoComplete="new-password"
        />
        <button type="submit" className="go" disabled={busy}>
          {t('settings.changePassword')}
        </button>
        <p className="center">
          <button type="button" className="open" onClick={signOut}>
            {t('nav.signOut')}
          </button>
        </p>
        <LanguageSwitch />
      </form>
    </main>
  );
}
