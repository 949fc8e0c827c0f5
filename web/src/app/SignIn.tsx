import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { under } from '../api/base';
import { ApiError, api, must, setCsrf } from '../api/client';
import { type Locale, setLocale } from './i18n';
import { useSignedIn } from './session';

// The address the program prints at its start carries the token where no server sees it.
const setupToken = () => new URLSearchParams(location.hash.slice(1)).get('setup') ?? '';

// Which company a device signs in to: said by the address it was given, or as it was said last.
const companyKey = 'yunchou.company';
const companyMeant = () =>
  new URLSearchParams(location.hash.slice(1)).get('company') ?? localStorage.getItem(companyKey) ?? '';

/**
 * SignIn is sign-in, or, in a new installation, set-up. It uses no component library: the
 * rest of the product is loaded while the password is typed.
 */
export function SignIn({ setup, several, onTyping }: { setup: boolean; several: boolean; onTyping: () => void }) {
  const { t, i18n } = useTranslation();
  const signedIn = useSignedIn();
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (k: string) => String(f.get(k) ?? '');
    setBusy(true);
    setError('');
    try {
      setCsrf((await must(api.GET('/api/session/start'))).csrfToken);
      const me = setup
        ? await must(
            api.POST('/api/setup', {
              body: {
                token: text('token'),
                company: text('company'),
                currency: text('currency'),
                locale: i18n.language as Locale,
                name: text('name'),
                login: text('login'),
                password: text('password'),
              },
            }),
          )
        : await must(
            api.POST('/api/session', {
              body: { login: text('login'), password: text('password'), company: text('company') },
            }),
          );
      if (several) localStorage.setItem(companyKey, text('company'));
      if (setup) history.replaceState(null, '', under('/'));
      signedIn(me);
    } catch (err) {
      const p = err instanceof ApiError ? err.problem : { code: 'internal', params: {} };
      setError(t(`problem.${p.code}`, { ...p.params, defaultValue: p.code }));
      setBusy(false);
    }
  };
  return (
    <main className="signin">
      <form onSubmit={submit} onInput={onTyping}>
        <h1>运筹 Yunchou</h1>
        <p className="lead">{setup ? t('setup.lead') : t('signin.lead')}</p>
        {error && (
          <div className="err" role="alert">
            {error}
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
        <label>
          <span>{t('signin.password')}</span>
          <input
            name="password"
            type="password"
            required
            minLength={setup ? 15 : 1}
            maxLength={200}
            autoComplete={setup ? 'new-password' : 'current-password'}
          />
          {setup && <small className="ink2">{t('setup.passwordHint')}</small>}
        </label>
        <button type="submit" className="go" disabled={busy}>
          {setup ? t('setup.go') : t('signin.go')}
        </button>
        <p className="centred-foot">
          <button
            type="button"
            className="open"
            onClick={() => setLocale(i18n.language === 'zh-CN' ? 'en-US' : 'zh-CN')}
          >
            {i18n.language === 'zh-CN' ? 'English' : '中文'}
          </button>
        </p>
      </form>
    </main>
  );
}
