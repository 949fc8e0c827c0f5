import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, api, must } from '../../api/client';
import { showPasskey, whyNoPasskeys } from '../../api/passkeys';
import { Field } from '../../ui/bits';
import { Dialog } from '../../ui/Dialog';
import { asProblem } from './problems';
import { myFactors } from './queries';

type Waiting = { again: () => Promise<void> };

/**
 * useConfirmed runs what the server does only for who has just proved that it is still he: where it asks for that, so
 * does a dialog, and then it runs again. The dialog is to be shown by the page.
 */
export function useConfirmed(): { run: (what: () => Promise<void>) => Promise<void>; dialog: ReactNode } {
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const run = async (what: () => Promise<void>) => {
    try {
      await what();
    } catch (err) {
      if (!(err instanceof ApiError) || err.problem.code !== 'identity.confirm_first') throw err;
      await new Promise<void>((resolve, reject) => {
        setWaiting({ again: () => what().then(resolve, reject) });
      });
    }
  };
  return { run, dialog: waiting && <Confirm waiting={waiting} onClose={() => setWaiting(null)} /> };
}

function Confirm({ waiting, onClose }: { waiting: Waiting; onClose: () => void }) {
  const { t } = useTranslation();
  const factors = useQuery(myFactors);
  const [current, setCurrent] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [pending, setPending] = useState(false);
  const proving = async (prove: () => Promise<unknown>) => {
    setPending(true);
    setError(null);
    try {
      await prove();
    } catch (err) {
      setError(asProblem(err));
      setPending(false);
      return;
    }
    onClose();
    await waiting.again();
  };
  const byPasskey = () =>
    proving(async () => {
      const { options } = await must(api.POST('/api/session/confirm/passkey/start'));
      await must(api.POST('/api/session/confirm/passkey', { body: { credential: await showPasskey(options) } }));
    });
  return (
    <Dialog
      title={t('identity.confirm')}
      ok={t('identity.confirmGo')}
      ready={current !== ''}
      pending={pending}
      error={error}
      width={420}
      onOk={() => proving(() => must(api.POST('/api/session/confirm', { body: { current } })))}
      onClose={onClose}
    >
      <p className="ink2">{t('identity.confirmLead')}</p>
      <Field label={t('settings.currentPassword')} at="current">
        <Input.Password
          autoComplete="current-password"
          value={current}
          maxLength={200}
          onChange={(e) => setCurrent(e.target.value)}
        />
      </Field>
      {!!factors.data?.passkeys.length && !factors.data.noPasskeys && !whyNoPasskeys() && (
        <Button onClick={byPasskey} disabled={pending}>
          {t('identity.usePasskey')}
        </Button>
      )}
    </Dialog>
  );
}
