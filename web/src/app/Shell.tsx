import { App as AntApp, theme as antTheme, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { type ComponentType, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Navigate, Route, Routes, useLocation } from 'react-router';
import { base } from '../api/base';
import { Bell } from '../features/notice/Bell';
import { useLive } from '../features/notice/useLive';
import { SearchButton } from '../features/search/SearchButton';
import { Afterwards } from '../features/task/Afterwards';
import { usePhone } from '../ui/bits';
import { later, loadAhead } from '../ui/later';
import { Today } from '../ui/today';
import { ActingFor } from './ActingFor';
import { AsOf } from './AsOf';
import { Boundary } from './Broken';
import { controlColours } from './controls';
import { Forbidden } from './Forbidden';
import { loadCompetitorTexts, loadGuidanceTexts, loadImportTexts, loadSettingsTexts } from './i18n';
import { Choices, PhoneTabs, Places } from './Navigation';
import { HOME, lacking, type Route as Path, routeOf, routes } from './routes';
import { useMe } from './session';
import { useMode } from './useMode';

const pages = import.meta.glob<{ default: ComponentType }>('../features/**/*Page.tsx');
const waiting = <div className="empty">…</div>;
const textsOf: Partial<Record<Path, () => Promise<unknown>>> = {
  '/settings': loadSettingsTexts,
  '/import': loadImportTexts,
  '/guidance': loadGuidanceTexts,
  '/competitors': loadCompetitorTexts,
  '/competitors/:id': loadCompetitorTexts,
};
const shown = new Map(
  (Object.keys(routes) as Path[]).map((path) => {
    const load = pages[`../features/${routes[path]}.tsx`] as () => Promise<{ default: ComponentType }>;
    return [path, later(() => Promise.all([load(), textsOf[path]?.()]).then(([m]) => m.default), waiting)];
  }),
);

/** loadPage has a page there before it is shown. */
export const loadPage = (path: Path) => shown.get(path)?.load();
const MustAddFactor = later(() => import('../features/identity/MustAddFactor').then((m) => m.MustAddFactor), waiting);
const QuickFollowUp = later(() => import('../features/opportunity/QuickFollowUp').then((m) => m.default));
// Where most people go next.
const next: Path[] = ['/desk', '/opportunities', '/board', '/opportunities/:id', '/more'];

export default function Shell() {
  const { i18n } = useTranslation();
  const me = useMe();
  const [mode] = useMode();
  const phone = usePhone();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page has been given the mode's colours by then
  const colours = useMemo(controlColours, [mode]);
  return (
    <ConfigProvider
      button={{ autoInsertSpace: false }}
      locale={i18n.language === 'zh-CN' ? zhCN : enUS}
      theme={{
        algorithm: mode === 'dark' ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
        token: {
          ...colours,
          // A thumb is 44 px wide.
          ...(phone ? { controlHeight: 44, controlHeightSM: 44, controlHeightLG: 48 } : {}),
          borderRadius: 6,
          fontFamily: "'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',system-ui,sans-serif",
          motion: false,
        },
      }}
    >
      <AntApp>
        <BrowserRouter basename={base || '/'}>
          <Today.Provider value={me.today}>
            {me.mustAddFactor ? (
              <MustAddFactor />
            ) : (
              <Afterwards>
                <Frame />
              </Afterwards>
            )}
          </Today.Provider>
        </BrowserRouter>
      </AntApp>
    </ConfigProvider>
  );
}

function Frame() {
  const { t } = useTranslation();
  const me = useMe();
  const phone = usePhone();
  const [quick, setQuick] = useState(false);
  useLive();
  const { pathname } = useLocation();
  useEffect(() => void loadAhead(next.map((path) => () => loadPage(path))), []);
  useEffect(() => {
    document.title = `${t('app.title')} · ${me.company}`;
  }, [t, me.company]);
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => document.querySelector('main')?.focus()}>
        {t('nav.skip')}
      </button>
      <nav className="nav" aria-label={t('nav.main')}>
        <div className="brand">
          运筹<small>Yunchou</small>
        </div>
        <SearchButton />
        {!phone && <Bell />}
        <Places />
        <div className="foot">
          <b>{me.name}</b>
          <ActingFor />
          {me.company}
          <div className="side">
            <Choices />
          </div>
        </div>
      </nav>
      <div className="phone-search">
        <SearchButton small />
        {phone && <Bell />}
      </div>
      <main key={pathname} tabIndex={-1}>
        <Boundary>
          <Routes>
            <Route path="/" element={<Navigate to={HOME} replace />} />
            {[...shown].map(([path, Page]) => {
              const lacks = lacking(path, me.permissions);
              return <Route key={path} path={path} element={lacks ? <Forbidden needs={lacks} /> : <Page />} />;
            })}
            <Route path="*" element={<Navigate to={HOME} replace />} />
          </Routes>
        </Boundary>
        <AsOf path={pathname} />
      </main>
      <PhoneTabs onPlus={() => setQuick(true)} />
      {quick && <QuickFollowUp at={routeOf(pathname)} onClose={() => setQuick(false)} />}
    </div>
  );
}
