import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { under } from '../api/base';
import { ApiError, api, must, setCsrf } from '../api/client';
import { showPasskey, whyNoPasskeys } from '../api/passkeys';
import { useSaid } from '../features/identity/problems';
import { SecondFactor } from '../features/identity/SecondFactor';
import { Secret, useFirstField } from '../features/identity/Secret';
import type { Locale } from './device';
import { forgetWord, wordLeft } from './farewell';
import { LanguageSwitch } from './LanguageSwitch';
import { type Me, useSignedIn } from './session';

// The address the program prints at its start carries the token where no server sees it.
const setupToken = () => new URLSearchParams(location.hash.slice(1)).get('setup') ?? '';

// Which company a device signs in to: said by the address it was given, or as it was said last.
const companyKey = 'yunchou.company';
const companyMeant = () =>
  new URLSearchParams(location.hash.slice(1)).get('company') ?? localStorage.getItem(companyKey) ?? '';

/** useSetupLink takes the printed address where the page is open already: only what follows the # changes. */
function useSetupLink(setup: boolean) {
  useEffect(() => {
    if (!setup) return;
    const again = () => location.reload();
    window.addEventListener('hashchange', again);
    return () => window.removeEventListener('hashchange', again);
  }, [setup]);
}

/**
 * SignIn is sign-in, or, in a new installation, set-up. It uses no component library: the
 * rest of the product is loaded while the password is typed.
 */
export function SignIn({ setup, several, onTyping }: { setup: boolean; several: boolean; onTyping: () => void }) {
  const { t, i18n } = useTranslation();
  const signedIn = useSignedIn();
  const said = useSaid();
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const [word] = useState(wordLeft);
  useEffect(forgetWord, []);
  useSetupLink(setup);
  const form = useFirstField();
  const [second, setSecond] = useState<string[] | null>(null);
  const meant = useRef('');
  const keepCompany = () => several && localStorage.setItem(companyKey, meant.current);
  const trying = async (call: () => Promise<Me>) => {
    setBusy(true);
    setError('');
    try {
      setCsrf((await must(api.GET('/api/session/start'))).csrfToken);
      signedIn(await call());
    } catch (err) {
      const p = err instanceof ApiError ? err.problem : undefined;
      if (p?.code === 'identity.second_factor_due') setSecond((p.params?.kinds ?? []) as string[]);
      else setError(said(err));
      setBusy(false);
    }
  };
  const byPasskey = () =>
    trying(async () => {
      const { options } = await must(api.POST('/api/session/passkey/start'));
      return must(api.POST('/api/session/passkey', { body: { credential: await showPasskey(options) } }));
    });
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (k: string) => String(f.get(k) ?? '');
    await trying(async () => {
      if (setup) {
        const me = await must(
          api.POST('/api/setup', {
            body: {
              token: text('token').trim(),
              company: text('company'),
              currency: text('currency'),
              locale: i18n.language as Locale,
              name: text('name'),
              login: text('login'),
              password: text('password'),
            },
          }),
        );
        history.replaceState(null, '', under('/'));
        return me;
      }
      meant.current = text('company');
      const me = await must(
        api.POST('/api/session', {
          body: { login: text('login'), password: text('password'), company: meant.current },
        }),
      );
      keepCompany();
      return me;
    });
  };
  if (second)
    return (
      <SecondFactor
        kinds={second}
        onDone={(me, byRecovery) => {
          // Whoever needed a recovery code has lost something: there he sees what is left.
          keepCompany();
          if (byRecovery) location.assign(under('/settings?tab=mine'));
          else signedIn(me);
        }}
        onAgain={(why) => {
          setSecond(null);
          setError(why ?? '');
        }}
      />
    );
  return (
    <main className="signin">
      <form ref={form} onSubmit={submit} onInput={onTyping}>
        <h1>运筹 Yunchou</h1>
        <p className="lead">{setup ? t('setup.lead') : t('signin.lead')}</p>
        {error && (
          <div className="err" role="alert">
            {error}
          </div>
        )}
        {!error && word && (
          <div className="said" role="status">
            {t(`signin.because.${word}`)}
          </div>
        )}
        {setup && (
          <>
            <label>
              <span>{t('setup.token')}</span>
              <input name="token" required maxLength={100} autoComplete="off" defaultValue={setupToken()} />
              <small className="ink2">{t('setup.tokenHint')}</small>
            </label>
            <label>
              <span>{t('setup.company')}</span>
              <input name="company" required maxLength={100} />
            </label>
            <label>
              <span>{t('setup.currency')}</span>
              <select name="currency" defaultValue={i18n.language === 'zh-CN' ? 'CNY' : 'USD'}>
                {['CNY', 'USD', 'EUR', 'JPY', 'HKD', 'GBP'].map((c) => (
                  <option key={c}>{c}</option>
                ))}
              </select>
            </label>
            <label>
              <span>{t('setup.name')}</span>
              <input name="name" required maxLength={60} autoComplete="name" />
            </label>
          </>
        )}
        {several && (
          <label>
            <span>{t('signin.company')}</span>
            <input name="company" maxLength={200} autoComplete="organization" defaultValue={companyMeant()} />
            <small className="ink2">{t('signin.companyHint')}</small>
          </label>
        )}
        <label>
          <span>{t('signin.login')}</span>
          <input name="login" required autoComplete="username" minLength={2} maxLength={80} />
        </label>
        <Secret
          label={t('signin.password')}
          hint={setup ? t('setup.passwordHint') : undefined}
          name="password"
          required
          minLength={setup ? 15 : 1}
          maxLength={200}
          autoComplete={setup ? 'new-password' : 'current-password'}
        />
        <button type="submit" className="go" disabled={busy}>
          {setup ? t('setup.go') : t('signin.go')}
        </button>
        {!setup && <ByPasskey busy={busy} onClick={byPasskey} />}
        <LanguageSwitch />
      </form>
    </main>
  );
}

/** ByPasskey signs in without a name, or says why it cannot be done from here. */
function ByPasskey({ busy, onClick }: { busy: boolean; onClick: () => void }) {
  const { t } = useTranslation();
  const why = whyNoPasskeys();
  if (why) return <p className="ink2 centred-foot">{t(`problem.identity.${why}`)}</p>;
  return (
    <button type="button" className="go plain" disabled={busy} onClick={onClick}>
      {t('identity.byPasskey')}
    </button>
  );
}
