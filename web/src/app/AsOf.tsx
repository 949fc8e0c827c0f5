import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { routeOf } from './routes';
import { useMe } from './session';

/** AsOf is the day a page is of: today, or the past day a report was asked for. */
export function AsOf({ path }: { path: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const [params] = useSearchParams();
  const asked = /^\/(?:funnel|analysis)$/.test(routeOf(path).route) ? params.get('asOf') : null;
  return <p className="as-of">{t('app.asOf', { on: asked && asked < me.today ? asked : me.today })}</p>;
}
