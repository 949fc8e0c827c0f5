import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { later } from '../../ui/later';
import { ProblemBox } from '../../ui/Problem';
import { TwinsList } from '../account/dialogs';
import { twinsOf } from '../account/queries';
import type { Cleaning } from './cleanup';
import { Item } from './Item';
import { cleanupOf } from './queries';

const CleanList = later(() => import('./CleanList').then((m) => m.CleanList));

/**
 * HealthCheck is what a company's deals lack in its first working days, and at any time those that stood still for far
 * too long, in one line; each opens the list it counts, which is cleared in place.
 */
export function HealthCheck() {
  const { t } = useTranslation();
  const cleanup = useQuery(cleanupOf);
  const [open, setOpen] = useState<Cleaning>();
  const c = cleanup.data;
  const found = c?.checks.filter((x) => x.count > 0) ?? [];
  const long = c?.longStalled ?? 0;
  return (
    <>
      {cleanup.error && <ProblemBox error={cleanup.error} retry={cleanup.refetch} />}
      {c?.running && (
        <section className="card" aria-label={t('cleanup.title')}>
          <h2>
            {t('cleanup.title')} <span>{t('cleanup.day', { day: c.day, days: c.days })}</span>
          </h2>
          {found.length === 0 && <div className="pad good">{t('cleanup.healthy')}</div>}
          {found.map(({ check, count }) => {
            const title = t(`cleanup.check.${check}`, { count });
            return (
              <Item
                key={check}
                kind={check === 'passed' || check === 'twins' ? 'w' : 'i'}
                title={title}
                actions={
                  <Button
                    aria-label={`${t('cleanup.clear')} · ${title}`}
                    onClick={() => setOpen({ title, filter: { [check]: 'true' } })}
                  >
                    {t('cleanup.clear')}
                  </Button>
                }
              >
                {t(`cleanup.why.${check}`)}
              </Item>
            );
          })}
        </section>
      )}
      {c?.running && <Alike />}
      {long > 0 && (
        <section className="card" aria-label={t('cleanup.long', { count: long })}>
          <Item
            kind="w"
            title={t('cleanup.long', { count: long })}
            actions={
              <Button
                onClick={() => setOpen({ title: t('cleanup.long', { count: long }), filter: { longStalled: 'true' } })}
              >
                {t('cleanup.clear')}
              </Button>
            }
          >
            {t('cleanup.why.long')}
          </Item>
        </section>
      )}
      {open && <CleanList of={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

/** Alike is how many accounts and people look the same, and the list in which they become one. */
function Alike() {
  const { t } = useTranslation();
  const may = useCan('account.write');
  const twins = useQuery({ ...twinsOf, enabled: may }).data;
  const [open, setOpen] = useState(false);
  const count = (twins?.accounts.length ?? 0) + (twins?.contacts.length ?? 0);
  const title = t('merge.twinsCount', { count });
  return (
    <>
      {count > 0 && (
        <section className="card" aria-label={title}>
          <Item
            kind="w"
            title={title}
            actions={
              <Button aria-label={`${t('cleanup.clear')} · ${title}`} onClick={() => setOpen(true)}>
                {t('cleanup.clear')}
              </Button>
            }
          >
            {t('merge.twinsWhy')}
          </Item>
        </section>
      )}
      {open && <TwinsList onClose={() => setOpen(false)} />}
    </>
  );
}
