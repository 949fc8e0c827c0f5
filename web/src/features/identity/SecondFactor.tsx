import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, api, must } from '../../api/client';
import { showPasskey, whyNoPasskeys } from '../../api/passkeys';
import { LanguageSwitch } from '../../app/LanguageSwitch';
import type { Me } from '../../app/session';
import { useSaid } from './problems';

/** SecondFactor is the second step of a sign-in: a code, a passkey, or a recovery code. Like the first it uses no component library. */
export function SecondFactor({
  kinds,
  onDone,
  onAgain,
}: {
  kinds: string[];
  onDone: (me: Me, byRecovery: boolean) => void;
  onAgain: (said?: string) => void;
}) {
  const { t } = useTranslation();
  const said = useSaid();
  const canPasskey = kinds.includes('passkey') && !whyNoPasskeys();
  const [way, setWay] = useState(kinds.includes('totp') ? 'totp' : canPasskey ? 'passkey' : 'recovery');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const trying = async (call: () => Promise<Me>) => {
    setBusy(true);
    setError('');
    try {
      onDone(await call(), way === 'recovery');
    } catch (err) {
      if (err instanceof ApiError && err.problem.code === 'identity.ticket_over') return onAgain(said(err));
      setError(said(err));
      setBusy(false);
    }
  };
  const byCode = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const code = String(new FormData(e.currentTarget).get('code') ?? '').trim();
    void trying(() => must(api.POST('/api/session/second', { body: { code } })));
  };
  const byPasskey = () =>
    trying(async () => {
      const { options } = await must(api.POST('/api/session/second/passkey/start'));
      return must(api.POST('/api/session/second/passkey', { body: { credential: await showPasskey(options) } }));
    });
  const others = [
    ...(kinds.includes('totp') ? ['totp'] : []),
    ...(canPasskey ? ['passkey'] : []),
    ...(kinds.includes('recovery') ? ['recovery'] : []),
  ].filter((k) => k !== way);
  return (
    <main className="signin">
      <form onSubmit={byCode}>
        <h1>{t('identity.second')}</h1>
        <p className="lead">{t(`identity.secondBy.${way}`)}</p>
        {error && (
          <div className="err" role="alert">
            {error}
          </div>
        )}
        {way !== 'passkey' && (
          <label key={way}>
            <span>{t(way === 'totp' ? 'identity.code' : 'identity.recoveryCode')}</span>
            <input
              ref={(field) => field?.focus()}
              name="code"
              required
              minLength={6}
              maxLength={40}
              className="code"
              inputMode={way === 'totp' ? 'numeric' : 'text'}
              autoComplete={way === 'totp' ? 'one-time-code' : 'off'}
            />
          </label>
        )}
        {way === 'passkey' ? (
          <button type="button" className="go" disabled={busy} onClick={byPasskey}>
            {t('identity.usePasskey')}
          </button>
        ) : (
          <button type="submit" className="go" disabled={busy}>
            {t('signin.go')}
          </button>
        )}
        <p className="ways">
          {others.map((k) => (
            <button
              key={k}
              type="button"
              className="open"
              onClick={() => {
                setError('');
                setWay(k);
              }}
            >
              {t(`identity.way.${k}`)}
            </button>
          ))}
          <button type="button" className="open" onClick={() => onAgain()}>
            {t('identity.startAgain')}
          </button>
        </p>
        <p className="ink2">{t('identity.lostAll')}</p>
        {kinds.includes('passkey') && !canPasskey && <p className="ink2">{t(`problem.identity.${whyNoPasskeys()}`)}</p>}
        <LanguageSwitch />
      </form>
    </main>
  );
}
