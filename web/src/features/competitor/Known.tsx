import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { Scroll } from '../../ui/bits';
import { day } from '../../ui/format';
import { Missing } from '../../ui/Problem';
import { RecordLink } from '../../ui/RecordLink';
import { type Profile, sightingsOf } from './queries';
import { Place, Price, Seen } from './Seen';

/** Prices are those that were seen, where and by whose word, of customers the reader sees. */
export function Prices({ c }: { c: Profile }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <section className="card" aria-label={t('competitor.prices')}>
      <h2>
        {t('competitor.prices')}
        <span>{t('competitor.inSight')}</span>
      </h2>
      {c.prices.length === 0 ? (
        <div className="pad ink2">{t('competitor.noPrices')}</div>
      ) : (
        <Scroll label={t('sighting.price')}>
          <table className="t stack">
            <thead>
              <tr>
                <th>{t('sighting.price')}</th>
                <th className="l">{t('sighting.where')}</th>
                <th className="l">{t('sighting.on')}</th>
                <th className="l">{t('sighting.sourceOf')}</th>
              </tr>
            </thead>
            <tbody>
              {c.prices.map((x) => (
                <tr key={x.id}>
                  <td>
                    <Price x={x} />
                  </td>
                  <td className="l">
                    <Place x={x} />
                  </td>
                  <td className="l">{day(x.on, me.today)}</td>
                  <td className="l">{t(`sighting.source.${x.source}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}

/** SeenAt is where and when it was seen, the last in front. */
export function SeenAt({ c }: { c: Profile }) {
  const { t } = useTranslation();
  const asked = useInfiniteQuery(sightingsOf({ competitor: c.id }));
  const list = asked.data?.pages.flatMap((p) => p.items);
  return (
    <section className="card" aria-label={t('competitor.sightings')}>
      <h2>
        {t('competitor.sightings')}
        <span>{t('competitor.inSight')}</span>
      </h2>
      {!list && <Missing of={asked} className="pad" />}
      {list?.length === 0 && <div className="pad ink2">{t('competitor.noSightings')}</div>}
      {list?.map((x) => (
        <Seen key={x.id} x={x} where />
      ))}
      {asked.hasNextPage && (
        <Button block type="text" loading={asked.isFetchingNextPage} onClick={() => asked.fetchNextPage()}>
          {t('sighting.earlier')}
        </Button>
      )}
    </section>
  );
}

/** CameFromHere are contacts who came from it. */
export function CameFromHere({ c }: { c: Profile }) {
  const { t } = useTranslation();
  return (
    <section className="card" aria-label={t('competitor.order.people')}>
      <h2>{t('competitor.order.people')}</h2>
      {c.people.length === 0 && <div className="pad ink2">{t('competitor.noPeople')}</div>}
      {c.people.map((p) => (
        <div className="ms main-auto" key={p.contactId}>
          <div>
            <b>{p.name}</b>
            <small>
              <RecordLink kind="account" id={p.accountId}>
                {p.accountName}
              </RecordLink>{' '}
              {p.title}
            </small>
          </div>
          {p.until && <span className="ink2">{t('competitor.until', { on: p.until })}</span>}
        </div>
      ))}
    </section>
  );
}
