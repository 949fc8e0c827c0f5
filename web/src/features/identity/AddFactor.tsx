import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../api/client';
import { makePasskey } from '../../api/passkeys';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Dialog } from '../../ui/Dialog';
import { device } from '../../ui/format';
import { asProblem } from './problems';

type Run = (what: () => Promise<void>) => Promise<void>;

/** AddApp shows an authenticator app's key, as a picture and as text, and asks for its first code. */
export function AddApp({
  made,
  run,
  onClose,
  onDone,
}: {
  made: Schemas['IdentityTotpOut'];
  run: Run;
  onClose: () => void;
  onDone: (codes: string[]) => void;
}) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const confirm = useWrite(() =>
    run(async () => {
      onDone((await must(api.POST('/api/session/totp/confirm', { body: { code } }))).recoveryCodes);
    }),
  );
  return (
    <Dialog
      title={t('identity.addApp')}
      ok={t('identity.confirmGo')}
      ready={/^\d{6}$/.test(code)}
      pending={confirm.isPending}
      error={confirm.error}
      width={440}
      onOk={() => confirm.mutate()}
      onClose={onClose}
    >
      <p>{t('identity.scan')}</p>
      <img className="qr" src={made.qr} alt={t('identity.qr')} width={240} height={240} />
      <p className="ink2">{t('identity.byHand')}</p>
      <code className="key" data-testid="key">
        {made.key.replace(/(.{4})(?=.)/g, '$1 ')}
      </code>
      <Field label={t('identity.firstCode')} at="code">
        <Input
          value={code}
          onChange={(e) => setCode(e.target.value.replace(/\D/g, ''))}
          maxLength={6}
          inputMode="numeric"
          autoComplete="one-time-code"
          className="code"
        />
      </Field>
    </Dialog>
  );
}

/** AddPasskey names a new passkey and has the browser make it. */
export function AddPasskey({
  run,
  onClose,
  onDone,
}: {
  run: Run;
  onClose: () => void;
  onDone: (codes: string[]) => void;
}) {
  const { t } = useTranslation();
  const [name, setName] = useState(() => device(navigator.userAgent));
  const make = useWrite(() =>
    run(async () => {
      const { options } = await must(api.POST('/api/session/passkeys/start'));
      const credential = await makePasskey(options);
      onDone((await must(api.POST('/api/session/passkeys', { body: { name, credential } }))).recoveryCodes);
    }),
  );
  return (
    <Dialog
      title={t('identity.addPasskey')}
      ok={t('identity.goOn')}
      ready={name.trim() !== ''}
      pending={make.isPending}
      error={make.error && asProblem(make.error)}
      width={440}
      onOk={() => make.mutate()}
      onClose={onClose}
    >
      <p>{t('identity.addPasskeyLead')}</p>
      <Field label={t('identity.passkeyName')} hint={t('identity.passkeyNameHint')} at="name">
        <Input value={name} maxLength={60} onChange={(e) => setName(e.target.value)} />
      </Field>
    </Dialog>
  );
}
