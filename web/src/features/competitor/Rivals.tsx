import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCan, useMe } from '../../app/session';
import { day } from '../../ui/format';
import { Missing } from '../../ui/Problem';
import { type Person, type Sighting, sightingsOf } from './queries';
import type { Whose } from './RivalInput';
import { Price, Seen } from './Seen';
import { SightingDialog } from './SightingDialog';

type Of = {
  opportunity?: string;
  account?: string;
  /** Those on the opportunity, seen or not. */
  present?: readonly Whose[];
  currency?: string;
};

/** Rivals are the competitors on a deal, or at a customer: who came from one, who was last seen when and at which price. */
export function Rivals({ opportunity, account, present = [], currency }: Of) {
  const { t } = useTranslation();
  const canWrite = useCan('account.write');
  const asked = useInfiniteQuery(sightingsOf({ opportunity, account }));
  const [noting, setNoting] = useState(false);
  const list = asked.data?.pages.flatMap((p) => p.items);
  const people = asked.data?.pages[0]?.people ?? [];
  const here = joined(present, list ?? []);
  return (
    <section className="card" aria-label={t('competitor.title')}>
      <h2>
        {t('competitor.title')}
        {canWrite && (
          <Button size="small" onClick={() => setNoting(true)}>
            {t('sighting.title')}
          </Button>
        )}
      </h2>
      <CameHere people={people} account={!!account} />
      {!list && <Missing of={asked} className="pad" />}
      {list && here.length === 0 && <div className="pad ink2">{t('sighting.none')}</div>}
      {here.map((r) => (
        <Present key={r.id} r={r} />
      ))}
      {list && list.length > 0 && (
        <details className="line-above">
          <summary className="pad">{t('sighting.all', { count: list.length })}</summary>
          {list.map((x) => (
            <Seen key={x.id} x={x} rival where={!!account} />
          ))}
          {asked.hasNextPage && (
            <Button block loading={asked.isFetchingNextPage} onClick={() => asked.fetchNextPage()}>
              {t('sighting.earlier')}
            </Button>
          )}
        </details>
      )}
      {noting && (
        <SightingDialog
          opportunity={opportunity}
          account={account}
          present={here}
          currency={currency}
          onClose={() => setNoting(false)}
        />
      )}
    </section>
  );
}

type Here = Whose & { last?: Sighting };

/** joined are those who are there and those who were seen, each with the last sighting, the last seen in front. */
function joined(present: readonly Whose[], seen: readonly Sighting[]): Here[] {
  const here = new Map<string, Here>();
  for (const x of seen)
    if (!here.has(x.competitorId)) here.set(x.competitorId, { id: x.competitorId, name: x.competitorName, last: x });
  for (const c of present) if (!here.has(c.id)) here.set(c.id, c);
  return [...here.values()];
}

function Present({ r }: { r: Here }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <div className="pad line-below">
      <div className="between-6">
        <Link to={`/competitors/${r.id}`}>
          <b>{r.name}</b>
        </Link>
        <span className="ink2">
          {r.last ? `${day(r.last.on, me.today)} ${t(`sightingKind.${r.last.kind}`)}` : t('sighting.never')}
        </span>
      </div>
      {r.last && <Price x={r.last} />}
    </div>
  );
}

/** CameHere are people who came from a competitor; one whose competitor is on the same deal is a sign. */
function CameHere({ people, account }: { people: readonly Person[]; account: boolean }) {
  const { t } = useTranslation();
  return people.map((p) => (
    <div key={p.contactId + p.competitorId} className={p.present ? 'ex w' : 'ex i'}>
      <s />
      <p>
        <b>{t(p.present ? 'competitor.sign' : 'competitor.cameFrom', { who: p.name, rival: p.competitorName })}</b>{' '}
        {account ? p.title : p.role && t(`role.${p.role}`)}
      </p>
    </div>
  ));
}
