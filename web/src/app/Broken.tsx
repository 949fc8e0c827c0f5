import { Component, type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { under } from '../api/base';

// What browsers say where a part of the program could not be fetched: the server is away, or is a newer one.
const notLoaded = /dynamically imported module|importing a module script|preload|loading chunk/i;

/** Boundary keeps what cannot be drawn from taking the whole page with it. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override render() {
    if (this.state.error === null) return this.props.children;
    return notLoaded.test(String(this.state.error)) ? <Unreached again={reload} /> : <Broken />;
  }
}

// Nothing is reloaded before the server answers: a browser's own page of errors has no way back.
const reload = async () => {
  const answer = await fetch(under('/'), { cache: 'no-store' }).catch(() => null);
  if (answer?.ok) location.reload();
};

/** Unreached is shown where the server does not answer. It asks again by itself, and when it is told to. */
export function Unreached({ again }: { again: () => Promise<unknown> }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const soon = setInterval(() => void again(), 5_000);
    return () => clearInterval(soon);
  }, [again]);
  const now = async () => {
    setBusy(true);
    await again();
    setBusy(false);
  };
  return (
    <main className="signin" role="alert">
      <div className="box">
        <h1>{t('unreached.title')}</h1>
        <p className="lead">{t('unreached.lead')}</p>
        <button type="button" className="go" disabled={busy} onClick={now}>
          {t('common.retry')}
        </button>
      </div>
    </main>
  );
}

/** Broken is shown in the place of a page that failed: a fault of the program. */
function Broken() {
  const { t } = useTranslation();
  return (
    <main className="signin" role="alert">
      <div className="box">
        <h1>{t('unreached.broken')}</h1>
        <p className="lead">{t('unreached.brokenLead')}</p>
        <button type="button" className="go" onClick={() => location.reload()}>
          {t('unreached.reload')}
        </button>
        <p className="ways">
          <a href={under('/')}>{t('nav.desk')}</a>
        </p>
      </div>
    </main>
  );
}
