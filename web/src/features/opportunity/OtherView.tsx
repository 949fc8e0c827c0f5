import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useUrl } from '../../ui/useUrl';
import { onBoard, onList } from './sameDeals';

/** OtherView leads from the board to the list of the same deals, and back. */
export function OtherView({ to }: { to: '/board' | '/opportunities' }) {
  const { t } = useTranslation();
  const { params } = useUrl();
  const query = (to === '/board' ? onBoard : onList)(params.toString());
  return <Link to={query ? `${to}?${query}` : to}>{t(to === '/board' ? 'list.asBoard' : 'board.asList')}</Link>;
}
