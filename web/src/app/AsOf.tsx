import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { lacking, type Route, routeOf } from './routes';
import { useMe } from './session';

// Elsewhere there is nothing that is of a day.
const dated = new Set<Route>([
  '/desk',
  '/tasks',
  '/board',
  '/opportunities',
  '/opportunities/:id',
  '/funnel',
  '/analysis',
  '/accounts',
  '/accounts/:id',
  '/contacts',
  '/settings',
]);

/** Tabs of the settings that tell of the program and of oneself. */
const undated = ['about', 'mine'];

/** AsOf is the day a page is of: today, or the past day a report was asked for. */
export function AsOf({ path }: { path: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const [params] = useSearchParams();
  const { route } = routeOf(path);
  const tab = route === '/settings' && params.get('tab');
  if (!dated.has(route) || lacking(route, me.permissions) || (tab && undated.includes(tab))) return null;
  const asked = /^\/(?:funnel|analysis)$/.test(route) ? params.get('asOf') : null;
  return <p className="as-of">{t('app.asOf', { on: asked && asked < me.today ? asked : me.today })}</p>;
}
