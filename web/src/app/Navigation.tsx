import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation } from 'react-router';
import { onBoard, onList } from '../features/opportunity/sameDeals';
import { setLocale } from './i18n';
import { type Place, placesFor } from './navigation';
import { waitingOf } from './queries';
import { useMe, useSignOut } from './session';
import { useMode } from './useMode';

/** Places are the pages one may go to, each under its heading. */
export function Places() {
  const { t } = useTranslation();
  const places = placesFor(useMe().permissions);
  const at = useLocation();
  return places.map((p, i) => (
    <Fragment key={p.path}>
      {p.group && p.group !== places[i - 1]?.group && <div className="group">{t(p.group)}</div>}
      <NavLink
        to={p.path + (kept(p, at) ?? p.with ?? '')}
        className={p.sub ? 'sub2' : undefined}
        end={isParent(p, places)}
      >
        <Name of={p.name} place={p} />
      </NavLink>
    </Fragment>
  ));
}

/** Name is how a place is called, with how much waits there. */
function Name({ of, place }: { of: string; place: Place }) {
  const { t } = useTranslation();
  const waits = place.waits === 'guidance';
  const n = useQuery({ ...waitingOf, enabled: waits }).data?.toAnswer;
  if (!waits || !n) return t(of);
  return (
    <>
      <span aria-hidden>{t(of)}</span>
      <span className="unseen">{t('nav.waiting', { name: t(of), n })}</span>
      <i aria-hidden>{n}</i>
    </>
  );
}

/** kept is what of the question one is on goes along: from the list to the board, and back. */
function kept({ path }: Place, at: { pathname: string; search: string }) {
  if (path === '/board' && at.pathname === '/opportunities') return `?${onBoard(at.search)}`;
  if (path === '/opportunities' && at.pathname === '/board') return `?${onList(at.search)}`;
}

/** isParent tells a place whose address is the beginning of another's: it is not where one is when one is there. */
const isParent = (p: Place, places: Place[]) => places.some((o) => o !== p && o.path.startsWith(`${p.path}/`));

/** Choices are the language, the colours and the way out. */
export function Choices() {
  const { t, i18n } = useTranslation();
  const [mode, turn] = useMode();
  const signOut = useSignOut();
  return (
    <>
      <button type="button" onClick={() => setLocale(i18n.language === 'zh-CN' ? 'en-US' : 'zh-CN')}>
        {i18n.language === 'zh-CN' ? 'English' : '中文'}
      </button>
      <button type="button" onClick={turn}>
        {mode === 'dark' ? t('nav.light') : t('nav.dark')}
      </button>
      <button type="button" onClick={signOut}>
        {t('nav.signOut')}
      </button>
    </>
  );
}

/** PhoneTabs are the foot of a phone: where most go, with what one writes most in its middle, and the way to the rest. */
export function PhoneTabs({ onPlus }: { onPlus: () => void }) {
  const { t } = useTranslation();
  const feet = placesFor(useMe().permissions).filter((p) => p.foot);
  const tab = (p: Place) => (
    <NavLink key={p.path} to={p.path}>
      <Name of={p.foot ?? p.name} place={p} />
    </NavLink>
  );
  return (
    <nav className="tab" aria-label={t('nav.phone')}>
      {feet.slice(0, 2).map(tab)}
      <button type="button" className="plus" aria-label={t('followUp.title')} onClick={onPlus}>
        +
      </button>
      {feet.slice(2).map(tab)}
      <NavLink to="/more">{t('common.more')}</NavLink>
    </nav>
  );
}
