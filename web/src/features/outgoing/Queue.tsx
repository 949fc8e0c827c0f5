import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { outgoingStates } from '../../api/enums.gen';
import { useMe, useNames } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { DataTable } from '../../ui/DataTable';
import { instant } from '../../ui/format';
import { Pager, usePages } from '../../ui/Pager';
import { Select } from '../../ui/Select';
import { type Message, outgoingKeys, queueOf, type State, sendAgain, withdraw } from './queries';

/** Queue is what leaves the house: what failed and why, what waits, what went, and what was not sent. */
export function Queue() {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const [which, setWhich] = useState<State>('failed');
  const pages = usePages(which);
  const list = useQuery(queueOf(which, pages.cursor ?? ''));
  const counts = list.data?.counts ?? {};
  const count = (x: State) => (counts[x] ?? 0) + (x === 'failed' ? (counts.given_up ?? 0) : 0);
  const stale = [outgoingKeys.queue];
  const again = useWrite(sendAgain, { said: t('outgoing.queuedAgain'), told: true, stale });
  const drop = useWrite(withdraw, { said: t('outgoing.dropped'), told: true, stale });
  return (
    <div className="card">
      <h2>
        {t('outgoing.queue')} <span>{t('outgoing.queueHint')}</span>
      </h2>
      <div className="pad">
        <Select<State>
          value={which}
          onChange={setWhich}
          aria-label={t('outgoing.queue')}
          options={outgoingStates.map((value) => ({
            value,
            label: t('outgoing.ofState', { state: t(`outgoing.state.${value}`), count: count(value) }),
          }))}
        />
      </div>
      <DataTable<Message>
        label={t('outgoing.queue')}
        asked={list}
        rows={list.data?.items}
        id={(m) => m.id}
        none={t(`outgoing.none.${which}`)}
        cards
        columns={[
          { name: t('outgoing.when'), of: (m) => instant(m.createdAt, me.timeZone, me.today) },
          { name: t('outgoing.whom'), of: (m) => names.member(m.memberId), left: true },
          { name: t('outgoing.how'), of: (m) => t(`outgoing.as.${m.way}`), left: true },
          { name: t('outgoing.why'), of: (m) => <Why of={m} />, left: true },
          {
            name: '',
            of: (m) => (
              <span className="rowform">
                {(m.state === 'failed' || m.state === 'given_up') && (
                  <Button size="small" loading={again.isPending} onClick={() => again.mutate(m.id)}>
                    {t('outgoing.again')}
                  </Button>
                )}
                {m.state !== 'sent' && m.state !== 'withdrawn' && (
                  <Button size="small" loading={drop.isPending} onClick={() => drop.mutate(m.id)}>
                    {t('outgoing.drop')}
                  </Button>
                )}
              </span>
            ),
          },
        ]}
      />
      <Pager pages={pages} next={list.data?.next} />
    </div>
  );
}

/** Why says why one did not go, or from when on it may. */
function Why({ of: m }: { of: Message }) {
  const { t } = useTranslation();
  const me = useMe();
  const name = m.code.replace('outgoing.', '');
  return (
    <>
      {m.code &&
        t(m.state === 'withdrawn' ? `outgoing.withdrawn.${name}` : `problem.outgoing.${name}`, { answer: m.answer })}
      {m.state === 'queued' && (
        <span className="ink2"> {t('outgoing.notBefore', { at: instant(m.dueAt, me.timeZone, me.today) })}</span>
      )}
    </>
  );
}
