import { useQueryClient } from '@tanstack/react-query';
import { App as AntApp, theme as antTheme, ConfigProvider, Select } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { type ComponentType, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Navigate, NavLink, Route, Routes, useLocation } from 'react-router';
import { getActingFor, setActingFor } from '../api/acting';
import { base } from '../api/base';
import { later, loadAhead } from '../ui/later';
import { Boundary } from './Broken';
import { Forbidden } from './Forbidden';
import { setLocale } from './i18n';
import { HOME, lacking, type Route as Path, routeOf, routes } from './routes';
import { useMe, useNames, useSignOut } from './session';
import { chosenMode, keepMode, type Mode, showMode } from './theme';

const pages = import.meta.glob<{ default: ComponentType }>('../features/**/*Page.tsx');
const waiting = <div className="empty">…</div>;
const shown = new Map(
  (Object.keys(routes) as Path[]).map((path) => {
    const load = pages[`../features/${routes[path]}.tsx`] as () => Promise<{ default: ComponentType }>;
    return [path, later(() => load().then((m) => m.default), waiting)];
  }),
);

/** loadPage has a page there before it is shown. */
export const loadPage = (path: Path) => shown.get(path)?.load();
const MustAddFactor = later(() => import('../features/identity/MustAddFactor').then((m) => m.MustAddFactor), waiting);
const QuickFollowUp = later(() => import('../features/opportunity/QuickFollowUp').then((m) => m.default));
// Where most people go next.
const next: Path[] = ['/desk', '/opportunities', '/board', '/opportunities/:id'];

export default function Shell() {
  const { i18n } = useTranslation();
  const me = useMe();
  const [mode, setMode] = useState<Mode>(chosenMode);
  useEffect(() => showMode(mode), [mode]);
  return (
    <ConfigProvider
      button={{ autoInsertSpace: false }}
      locale={i18n.language === 'zh-CN' ? zhCN : enUS}
      theme={{
        algorithm: mode === 'dark' ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
        token: {
          colorPrimary: mode === 'dark' ? '#5d93c2' : '#24476b',
          colorError: '#b23525',
          colorWarning: '#b97a10',
          colorSuccess: '#2f7a62',
          colorTextPlaceholder: mode === 'dark' ? '#93a0ae' : '#5f6874',
          ...(mode === 'dark' ? { colorBgContainer: '#151c24', colorBgElevated: '#1f2832' } : {}),
          borderRadius: 6,
          fontFamily: "'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',system-ui,sans-serif",
          motion: false,
        },
      }}
    >
      <AntApp>
        <BrowserRouter basename={base || '/'}>
          {me.mustAddFactor ? <MustAddFactor /> : <Frame mode={mode} setMode={setMode} />}
        </BrowserRouter>
      </AntApp>
    </ConfigProvider>
  );
}

/** ActingFor lets an assistant write in a principal's name; the journal keeps both. */
function ActingFor() {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const query = useQueryClient();
  const [acting, setActing] = useState(getActingFor);
  useEffect(() => {
    if (acting && !me.principals.includes(acting)) {
      setActingFor(''); // the delegation has ended
      setActing('');
    }
  }, [acting, me.principals]);
  if (me.principals.length === 0) return null;
  return (
    <Select
      size="small"
      aria-label={t('nav.actingFor')}
      className="wide-my-4"
      value={acting}
      onChange={(id: string) => {
        setActingFor(id);
        setActing(id);
        void query.invalidateQueries();
      }}
      options={[
        { value: '', label: t('nav.asMyself') },
        ...me.principals.map((id) => ({ value: id, label: t('nav.for', { name: names.member(id) }) })),
      ]}
    />
  );
}

function Frame({ mode, setMode }: { mode: Mode; setMode: (m: Mode) => void }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const [quick, setQuick] = useState(false);
  const { pathname } = useLocation();
  const may = (path: Path) => lacking(path, me.permissions) === undefined;
  const signOut = useSignOut();
  const toggle = () => {
    const next = mode === 'dark' ? 'light' : 'dark';
    keepMode(next);
    setMode(next);
  };
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
        <NavLink to="/desk">{t('nav.desk')}</NavLink>
        <NavLink to="/tasks">{t('nav.tasks')}</NavLink>
        <div className="group">{t('nav.opportunities')}</div>
        {may('/board') && (
          <NavLink to="/board" className="sub2">
            {t('nav.board')}
          </NavLink>
        )}
        {may('/opportunities') && (
          <NavLink to="/opportunities?state=open" className="sub2" end>
            {t('nav.list')}
          </NavLink>
        )}
        {may('/funnel') && (
          <NavLink to="/funnel" className="sub2">
            {t('nav.funnel')}
          </NavLink>
        )}
        {may('/analysis') && (
          <NavLink to="/analysis" className="sub2">
            {t('nav.analysis')}
          </NavLink>
        )}
        {may('/accounts') && (
          <>
            <NavLink to="/accounts">{t('nav.accounts')}</NavLink>
            <NavLink to="/contacts" className="sub2">
              {t('account.people')}
            </NavLink>
          </>
        )}
        <NavLink to="/settings" end>
          {t('nav.settings')}
        </NavLink>
        {may('/settings/pipelines') && (
          <NavLink to="/settings/pipelines" className="sub2">
            {t('nav.pipelines')}
          </NavLink>
        )}
        {may('/import') && (
          <NavLink to="/import" className="sub2">
            {t('nav.import')}
          </NavLink>
        )}
        <div className="foot">
          <b>{me.name}</b>
          <ActingFor />
          {me.company}
          <div className="side">
            <button type="button" onClick={() => setLocale(i18n.language === 'zh-CN' ? 'en-US' : 'zh-CN')}>
              {i18n.language === 'zh-CN' ? 'English' : '中文'}
            </button>
            <button type="button" onClick={toggle}>
              {mode === 'dark' ? t('nav.light') : t('nav.dark')}
            </button>
            <button type="button" onClick={signOut}>
              {t('nav.signOut')}
            </button>
          </div>
        </div>
      </nav>
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
      </main>
      <nav className="tab" aria-label={t('nav.phone')}>
        <NavLink to="/desk">{t('nav.today')}</NavLink>
        {may('/accounts') ? <NavLink to="/accounts">{t('nav.accounts')}</NavLink> : <span />}
        <button type="button" className="plus" aria-label={t('followUp.title')} onClick={() => setQuick(true)}>
          +
        </button>
        <NavLink to="/board">{t('nav.opportunities')}</NavLink>
        <NavLink to="/settings">{t('nav.mine')}</NavLink>
      </nav>
      {quick && <QuickFollowUp at={routeOf(pathname)} onClose={() => setQuick(false)} />}
    </div>
  );
}
