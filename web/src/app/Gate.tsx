import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { setActingFor } from '../api/acting';
import { base } from '../api/base';
import { api, away, lastAnswer, must, over } from '../api/client';
import { ChoosePassword } from '../features/identity/ChoosePassword';
import { later } from '../ui/later';
import { Unreached } from './Broken';
import { keepReturning, type Locale, localeChosen, RETURNING } from './device';
import { parting, useWaiting } from './farewell';
import { loadTexts, setLocale } from './i18n';
import { Left } from './Left';
import { setupOf } from './queries';
import { closedFor, routeOf } from './routes';
import { SignIn } from './SignIn';
import { begin, LeaveContext, MeContext, useSession } from './session';

// Ant Design comes with the shell: the sign-in page is usable without it.
const Shell = later(
  () => Promise.all([import('./Shell'), loadTexts()]).then(([m]) => m.default),
  <div className="empty">…</div>,
);

/** loadFirst has what is shown to somebody signed in there before it is shown. */
export async function loadFirst() {
  const { loadPage } = await import('./Shell');
  await Promise.all([Shell.load(), loadPage(routeOf(location.pathname.slice(base.length)).route)]);
}

/**
 * useLeave ends the session and takes what it showed out of the browser: this tab begins anew, and
 * the others hear of it. Where the server is not reached, what was shown goes all the same.
 */
function useLeave(unreached: () => void) {
  const query = useQueryClient();
  return async () => {
    const ended = await must(api.DELETE('/api/session')).then(
      () => true,
      over, // it had ended already
    );
    setActingFor('');
    localStorage.removeItem(RETURNING);
    if (ended) return begin();
    unreached();
    query.clear();
  };
}

/** useEnds has a page that is left alone, or kept for the back button, ask again who it is. */
function useEnds(session: ReturnType<typeof useSession>) {
  const idle = (session.data?.idleMinutes ?? 0) * 60_000;
  const end = session.dataUpdatedAt + (session.data?.endsInSeconds ?? 0) * 1000;
  useEffect(() => {
    if (!idle) return;
    const look = setInterval(() => {
      if (Date.now() <= Math.min(lastAnswer() + idle, end)) return;
      parting();
    }, 15_000);
    return () => clearInterval(look);
  }, [idle, end]);
  useEffect(() => {
    const left = (e: StorageEvent) => e.key === RETURNING && e.newValue === null && begin();
    const back = (e: PageTransitionEvent) => e.persisted && location.reload();
    window.addEventListener('storage', left);
    window.addEventListener('pageshow', back);
    return () => {
      window.removeEventListener('storage', left);
      window.removeEventListener('pageshow', back);
    };
  }, []);
}

/** Gate shows set-up, sign-in or the product. */
export function Gate() {
  const session = useSession();
  const [left, setLeft] = useState(false);
  const waiting = useWaiting();
  const leave = useLeave(() => setLeft(true));
  useEnds(session);
  const setup = useQuery({ ...setupOf, enabled: session.isError || waiting, retry: 1 });
  const { refetch } = session;
  const { refetch: refetchSetup } = setup;
  const again = useCallback(async () => {
    const answer = await refetch();
    if (answer.isError && !away(answer.error)) await refetchSetup();
  }, [refetch, refetchSetup]);
  const locale = session.data?.locale;
  useEffect(() => {
    if (locale && !localeChosen()) setLocale(locale as Locale);
  }, [locale]);
  const permissions = session.data?.permissions;
  useEffect(() => {
    if (permissions) keepReturning(closedFor(permissions));
  }, [permissions]);
  if (left) return <Left again={leave} />;
  const signIn = (
    <SignIn
      setup={setup.data?.needsSetup ?? false}
      several={setup.data?.severalCompanies ?? false}
      onTyping={Shell.load}
    />
  );
  if (session.data)
    return (
      <>
        <div className="product" hidden={waiting}>
          <LeaveContext value={leave}>
            {session.data.mustChangePassword ? (
              <ChoosePassword />
            ) : (
              <MeContext value={session.data}>
                <Shell />
              </MeContext>
            )}
          </LeaveContext>
        </div>
        {waiting && signIn}
      </>
    );
  // Who is signed in stays so while the server is away: nobody is asked for a password it could not look at.
  if (away(session.error) || away(setup.error)) return <Unreached again={again} />;
  if (session.isPending || (session.isError && setup.isPending)) return <div className="empty">…</div>;
  return signIn;
}
