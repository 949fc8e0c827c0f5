import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sightingsOf } from './queries';

/** CameFrom says beside a person in a deal that he came from a competitor, and whether that one is on the deal too. */
export function CameFrom({ opportunity, contact }: { opportunity: string; contact: string }) {
  const { t } = useTranslation();
  const people = useInfiniteQuery(sightingsOf({ opportunity })).data?.pages[0]?.people ?? [];
  return people
    .filter((p) => p.contactId === contact)
    .map((p) => (
      <span key={p.competitorId} className={p.present ? 'chip w' : 'chip'}>
        {t(p.present ? 'competitor.fromHere' : 'competitor.from', { rival: p.competitorName })}
      </span>
    ));
}
