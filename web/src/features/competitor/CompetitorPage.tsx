import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useParams } from 'react-router';
import { useCan, useMe } from '../../app/session';
import { Totals } from '../../ui/bits';
import { day } from '../../ui/format';
import { Missing, ProblemBox } from '../../ui/Problem';
import { Tile } from '../../ui/Tile';
import { Entries } from './Entries';
import { CameFromHere, Prices, SeenAt } from './Known';
import { MergeDialog, NamesDialog, Spellings } from './Names';
import { type Profile, profileOf, useWent } from './queries';
import { RecordAgainst } from './Record';
import { SightingDialog } from './SightingDialog';

/** CompetitorPage: all that is known of one: where it was seen, at which prices, how it goes about things, who came from it. */
export default function CompetitorPage() {
  const { id = '' } = useParams();
  const { t } = useTranslation();
  const canReport = useCan('report.read');
  const profile = useQuery(profileOf(id));
  if (!profile.data)
    return (
      <>
        <Missing of={profile} className="mt-24" />
        {profile.isError && <Link to="/competitors">{t('competitor.back')}</Link>}
      </>
    );
  const c = profile.data;
  if (c.id !== id) return <Navigate to={`/competitors/${c.id}`} replace />; // it is another spelling of that one
  return (
    <>
      {profile.isError && <ProblemBox error={profile.error} retry={profile.refetch} />}
      <Head c={c} />
      <div className="cols">
        <div>
          {canReport && <RecordAgainst c={c} />}
          <Entries c={c} kind="tactic" />
          <Prices c={c} />
          <SeenAt c={c} />
        </div>
        <div>
          <Entries c={c} kind="product" />
          <CameFromHere c={c} />
          <Spellings c={c} />
        </div>
      </div>
    </>
  );
}

function Head({ c }: { c: Profile }) {
  const { t } = useTranslation();
  const me = useMe();
  const canWrite = useCan('account.write');
  const canName = useCan('evidence.decide');
  const canMerge = useCan('settings.edit');
  const canReport = useCan('report.read');
  const went = useWent(canReport)?.get(c.id);
  const [open, setOpen] = useState<'note' | 'names' | 'merge'>();
  const close = () => setOpen(undefined);
  return (
    <div className="heading">
      <div className="top">
        <div className="sp" />
        {canMerge && <Button onClick={() => setOpen('merge')}>{t('competitor.merge')}</Button>}
        {canName && <Button onClick={() => setOpen('names')}>{t('competitor.names')}</Button>}
        {canWrite && (
          <Button type="primary" onClick={() => setOpen('note')}>
            {t('sighting.title')}
          </Button>
        )}
      </div>
      <div className="head">
        <div>
          <div className="ink2">
            <Link to="/competitors">{t('competitor.title')}</Link> ›
          </div>
          <h1>{c.name}</h1>
          {c.aliases && (
            <div className="ink2">{t('competitor.alsoCalled', { names: c.aliases.join(t('common.comma')) })}</div>
          )}
        </div>
        <div className="nums">
          <Tile label={t('competitor.order.last')} hint={t('competitor.def.last')}>
            {day(c.lastOn, me.today)}
          </Tile>
          <Tile label={t('competitor.seen')} hint={t('competitor.def.seen')}>
            {t('competitor.seenAt', { count: c.seen, customers: c.customers })}
          </Tile>
          <Tile label={t('competitor.order.open')} hint={t('competitor.def.open')}>
            {c.open}{' '}
            {c.worth.length > 0 && (
              <small>
                <Totals of={c.worth} />
              </small>
            )}
          </Tile>
          {canReport && (
            <Tile label={t('competitor.order.closed')} hint={t('competitor.def.closed')}>
              {went ? t('competitor.went', went) : '—'}
            </Tile>
          )}
        </div>
      </div>
      {open === 'note' && <SightingDialog whose={c} onClose={close} />}
      {open === 'names' && <NamesDialog c={c} onClose={close} />}
      {open === 'merge' && <MergeDialog c={c} onClose={close} />}
    </div>
  );
}
