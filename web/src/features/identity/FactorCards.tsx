import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../api/client';
import { whyNoPasskeys } from '../../api/passkeys';
import { useMe } from '../../app/session';
import { instant } from '../../ui/format';
import { Missing, ProblemBox } from '../../ui/Problem';
import { AddApp, AddPasskey } from './AddFactor';
import { useConfirmed } from './Confirmed';
import { type Factors, fewCodes, myFactors, mySessions } from './queries';
import { RecoveryCodes } from './RecoveryCodes';

/** FactorCards are one's own second factors: the app, passkeys, recovery codes. onAdded hears that one was set up and seen to. */
export function FactorCards({ onAdded }: { onAdded?: () => void }) {
  const query = useQueryClient();
  const factors = useQuery(myFactors);
  const { run, dialog } = useConfirmed();
  const [app, setApp] = useState<Schemas['IdentityTotpOut'] | null>(null);
  const [naming, setNaming] = useState(false);
  const [codes, setCodes] = useState<string[]>([]);
  const [error, setError] = useState<unknown>(null);
  const doing = (what: () => Promise<void>) => {
    setError(null);
    return run(what).catch(setError);
  };
  const changed = async () => {
    await query.invalidateQueries({ queryKey: myFactors.queryKey });
    await query.invalidateQueries({ queryKey: mySessions.queryKey });
  };
  const added = (made: string[]) => {
    setApp(null);
    setNaming(false);
    setCodes(made);
    void changed();
    if (!made.length) onAdded?.();
  };
  if (!factors.data) return <Missing of={factors} />;
  return (
    <>
      {error !== null && <ProblemBox error={error} />}
      <TheApp
        f={factors.data}
        start={() => doing(async () => setApp(await must(api.POST('/api/session/totp'))))}
        remove={() => doing(() => must(api.DELETE('/api/session/totp')).then(changed))}
      />
      <Passkeys
        f={factors.data}
        add={() => setNaming(true)}
        remove={(id) =>
          doing(() => must(api.DELETE('/api/session/passkeys/{id}', { params: { path: { id } } })).then(changed))
        }
      />
      <Recovery
        f={factors.data}
        make={() =>
          doing(async () => {
            setCodes((await must(api.POST('/api/session/recovery-codes'))).recoveryCodes);
            await changed();
          })
        }
      />
      {app && <AddApp made={app} run={run} onClose={() => setApp(null)} onDone={added} />}
      {naming && <AddPasskey run={run} onClose={() => setNaming(false)} onDone={added} />}
      {codes.length > 0 && (
        <RecoveryCodes
          codes={codes}
          onClose={() => {
            setCodes([]);
            onAdded?.();
          }}
        />
      )}
      {dialog}
    </>
  );
}

/** useWhen words when something was made and last used. */
function useWhen() {
  const { t } = useTranslation();
  const me = useMe();
  return (x: { madeAt: string; usedAt?: string | undefined }) =>
    `${t('identity.made', { at: instant(x.madeAt, me.timeZone, me.today) })} · ${
      x.usedAt ? `${t('identity.seen')} ${instant(x.usedAt, me.timeZone, me.today)}` : t('identity.neverUsed')
    }`;
}

/** useAsking asks before something is taken away. */
function useAsking() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  return (title: string, onOk: () => unknown) =>
    modal.confirm({
      title,
      content: t('identity.removeHint'),
      okText: t('common.remove'),
      okButtonProps: { danger: true },
      onOk: () => void onOk(),
    });
}

function TheApp({ f, start, remove }: { f: Factors; start: () => unknown; remove: () => unknown }) {
  const { t } = useTranslation();
  const when = useWhen();
  const ask = useAsking();
  return (
    <section className="factor" aria-label={t('identity.app')}>
      <div>
        <b>{t('identity.app')}</b> {f.totp && <span className="chip g">{t('identity.on')}</span>}
        <small>{f.totp ? when(f.totp) : t('identity.appHint')}</small>
        {f.noTotp && <small className="bad">{t(`problem.${f.noTotp}`)}</small>}
      </div>
      <div className="doing">
        <Button disabled={!!f.noTotp} onClick={start}>
          {t(f.totp ? 'identity.replaceApp' : 'identity.setUp')}
        </Button>
        {f.totp && <Button onClick={() => ask(t('identity.removeApp'), remove)}>{t('common.remove')}</Button>}
      </div>
    </section>
  );
}

function Passkeys({ f, add, remove }: { f: Factors; add: () => void; remove: (id: string) => unknown }) {
  const { t } = useTranslation();
  const when = useWhen();
  const ask = useAsking();
  const here = whyNoPasskeys();
  const why = here ? `problem.identity.${here}` : f.noPasskeys && `problem.${f.noPasskeys}`;
  return (
    <>
      <section className="factor" aria-label={t('identity.passkeys')}>
        <div>
          <b>{t('identity.passkeys')}</b> {f.passkeys.length > 0 && <span className="chip g">{f.passkeys.length}</span>}
          <small>{t('identity.passkeysHint')}</small>
          {why && <small className="bad">{t(why)}</small>}
        </div>
        <div className="doing">
          <Button disabled={!!why} onClick={add}>
            {t('identity.addPasskey')}
          </Button>
        </div>
      </section>
      {f.passkeys.map((p) => (
        <div className="factor sub" key={p.id} data-testid="passkey">
          <div>
            {p.name}
            {p.host !== location.hostname && (
              <span className="chip w">{t('identity.elsewhere', { host: p.host })}</span>
            )}
            <small>{when(p)}</small>
          </div>
          <div className="doing">
            <Button size="small" onClick={() => ask(t('identity.removePasskey', { name: p.name }), () => remove(p.id))}>
              {t('common.remove')}
            </Button>
          </div>
        </div>
      ))}
    </>
  );
}

function Recovery({ f, make }: { f: Factors; make: () => unknown }) {
  const { t } = useTranslation();
  if (!f.totp && !f.passkeys.length) return null;
  const few = f.recoveryLeft <= fewCodes;
  return (
    <section className="factor" aria-label={t('identity.codes')}>
      <div>
        <b>{t('identity.codes')}</b>{' '}
        <span className={few ? 'chip b' : 'chip'}>{t('identity.codesLeft', { count: f.recoveryLeft })}</span>
        <small className={few ? 'bad' : undefined}>{t(few ? 'identity.codesFew' : 'identity.codesHint')}</small>
      </div>
      <div className="doing">
        <Button onClick={make}>{t('identity.newCodes')}</Button>
      </div>
    </section>
  );
}
