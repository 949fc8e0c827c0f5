import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { api, must } from '../api/client';
import { ChoosePassword } from '../features/identity/ChoosePassword';
import { type Locale, localeChosen, setLocale } from './i18n';
import { SignIn } from './SignIn';
import { MeContext, useSession } from './session';

// Ant Design comes with the shell: the sign-in page is usable without it.
const load = () => import('./Shell');
const Shell = lazy(load);

// Whoever was signed in here before probably still is.
const RETURNING = 'yunchou.returning';

/** Gate shows set-up, sign-in or the product. */
export function Gate() {
  const session = useSession();
  const setup = useQuery({
    queryKey: ['setup'],
    queryFn: () => must(api.GET('/api/setup')),
    enabled: session.isError,
    retry: 1,
  });
  const locale = session.data?.locale;
  useEffect(() => {
    if (locale && !localeChosen()) setLocale(locale as Locale);
  }, [locale]);
  const known = !!session.data;
  useEffect(() => {
    if (known) localStorage.setItem(RETURNING, '1');
  }, [known]);
  useEffect(() => {
    if (localStorage.getItem(RETURNING)) void load(); // beside the question who it is
  }, []);
  if (session.data?.mustChangePassword) return <ChoosePassword />;
  if (session.data)
    return (
      <MeContext value={session.data}>
        <Suspense fallback={<div className="empty">…</div>}>
          <Shell />
        </Suspense>
      </MeContext>
    );
  if (session.isPending || (session.isError && setup.isPending)) return <div className="empty">…</div>;
  return (
    <SignIn setup={setup.data?.needsSetup ?? false} several={setup.data?.severalCompanies ?? false} onTyping={load} />
  );
}
