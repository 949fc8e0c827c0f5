import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { Dialog } from '../../ui/Dialog';
import { day } from '../../ui/format';
import { ProblemBox } from '../../ui/Problem';
import { RecordLink } from '../../ui/RecordLink';
import { type Carrying, carriersOf } from './queries';

type Carrier = Carrying['members'][number];

/** SHOWN are as many members as stand open. */
const SHOWN = 5;

/** Carriers are who of ours alone knows key people of open deals, and what hangs on each. */
export function Carriers() {
  const { t } = useTranslation();
  const names = useNames();
  const [asked, setAsked] = useState(false);
  const { data: all, isFetching, error, refetch } = useQuery({ ...carriersOf, enabled: asked });
  const [open, setOpen] = useState<Carrier>();
  const [more, setMore] = useState(false);
  return (
    <section className="card" aria-label={t('relation.carriers')}>
      <h2>
        {t('relation.carriers')} <span>{t('relation.carriersSpan')}</span>
      </h2>
      {error && <ProblemBox error={error} retry={refetch} />}
      {!all && (
        <div className="pad">
          <Button size="small" loading={isFetching} onClick={() => setAsked(true)}>
            {t('relation.carriersAsk')}
          </Button>
        </div>
      )}
      {all?.members.length === 0 && <div className="pad ink2">{t('relation.carriersNone')}</div>}
      {all?.members.slice(0, more ? undefined : SHOWN).map((c) => (
        <div className="kv" key={c.memberId}>
          <span>{names.member(c.memberId)}</span>
          <button
            type="button"
            className="open"
            aria-label={t('relation.carriedBy', { name: names.member(c.memberId), count: c.people.length })}
            onClick={() => setOpen(c)}
          >
            {t('relation.carried', { count: c.people.length, deals: c.deals })}{' '}
            <Amount minor={c.worthMinor} currency={all.currency} />
          </button>
        </div>
      ))}
      {!more && all && all.members.length > SHOWN && (
        <div className="pad">
          <button type="button" className="open" onClick={() => setMore(true)}>
            {t('relation.others', { count: all.members.length - SHOWN })}
          </button>
        </div>
      )}
      {open && <CarriedDialog c={open} onClose={() => setOpen(undefined)} />}
    </section>
  );
}

function CarriedDialog({ c, onClose }: { c: Carrier; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  return (
    <Dialog
      title={t('relation.carriedBy', { name: names.member(c.memberId), count: c.people.length })}
      footer={() => null}
      onOk={onClose}
      onClose={onClose}
    >
      <p className="ink2">{t('relation.carriedHint')}</p>
      {c.people.map((p) => (
        <div key={p.contactId} className="py-8 line-below">
          <b>{p.name || t('contact.erased')}</b> {p.title}{' '}
          {p.accountId && (
            <RecordLink kind="account" id={p.accountId}>
              {p.account}
            </RecordLink>
          )}
          <div className="ink2">{t('relation.lastMet', { on: day(p.metOn, me.today) })}</div>
          {p.deals.map((d) => (
            <div key={d.id} className="between-6">
              <RecordLink kind="opportunity" id={d.id}>
                {d.name}
              </RecordLink>
              <span>
                {names.member(d.ownerId)} <Amount minor={d.amountMinor} currency={d.currency} />
              </span>
            </div>
          ))}
        </div>
      ))}
    </Dialog>
  );
}
