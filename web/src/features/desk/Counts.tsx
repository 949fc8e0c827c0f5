import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCan, useMe } from '../../app/session';
import { Tile } from '../../ui/Tile';
import { type Deals, type Desk, listing, many, matters } from './matters';

/** Counts are how the deals in sight stand, over all pipelines; each opens the list of just those. */
export function Counts({ desk, deals }: { desk: Desk; deals: Deals }) {
  const { t } = useTranslation();
  const me = useMe();
  const decides = useCan('evidence.decide');
  return (
    <div className="card mb-16">
      <div className="pad head">
        {matters.map(([key, question]) => (
          <Tile key={key} label={t(`list.${key}`)} hint={t(`desk.def.${key}`)}>
            <Link to={listing(question)} className={key !== 'open' && deals.standing[key] > 0 ? 'warn' : ''}>
              {deals.standing[key].toLocaleString()}
            </Link>
          </Tile>
        ))}
        {decides && (
          <Tile label={t('list.exceptions')} hint={t('desk.def.exceptions')}>
            <Link to={listing('exceptions=true')} className={desk.exceptionDeals > 0 ? 'warn' : ''}>
              {many(desk) && '≥ '}
              {desk.exceptionDeals.toLocaleString()}
            </Link>
          </Tile>
        )}
      </div>
      <div className="pad ink3">{t('desk.countsAsOf', { on: me.today })}</div>
    </div>
  );
}
