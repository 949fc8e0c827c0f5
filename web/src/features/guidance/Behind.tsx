import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { Empty } from '../../ui/bits';
import { Dialog } from '../../ui/Dialog';
import { day } from '../../ui/format';
import { Missing } from '../../ui/Problem';
import { RecordLink } from '../../ui/RecordLink';
import { NoteCard } from './Note';
import { behind, behindAdvised, behindCoverage, type Figure } from './queries';

/** Of is a figure of a member in the table of who answers and looks. */
export type Of = { memberId: string; figure: Figure | 'covered' | 'advised' };

/** Behind lists the records a figure is made of. */
export function Behind({ of, onClose }: { of: Of; onClose: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <Dialog
      title={t('guidance.behind.title', {
        who: names.member(of.memberId),
        what: t(`guidance.behind.of.${of.figure}`),
      })}
      onOk={onClose}
      onClose={onClose}
      footer={() => <Button onClick={onClose}>{t('guidance.close')}</Button>}
    >
      {of.figure === 'covered' ? (
        <Opportunities member={of.memberId} />
      ) : of.figure === 'advised' ? (
        <Advised member={of.memberId} />
      ) : (
        <Notes member={of.memberId} figure={of.figure} />
      )}
    </Dialog>
  );
}

function Notes({ member, figure }: { member: string; figure: Figure }) {
  const list = useQuery(behind(member, figure));
  if (!list.data) return <Missing of={list} />;
  return (
    <>
      {list.data.items.map((n) => (
        <NoteCard key={n.id} note={n} record />
      ))}
      <Rest unseen={list.data.unseen} none={list.data.items.length === 0} />
    </>
  );
}

function Opportunities({ member }: { member: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const list = useQuery(behindCoverage(member));
  if (!list.data) return <Missing of={list} />;
  return (
    <>
      <ul className="behind">
        {list.data.items.map((x) => (
          <li key={`${x.weekOn} ${x.opportunityId}`}>
            <RecordLink kind="opportunity" id={x.opportunityId}>
              {x.name}
            </RecordLink>{' '}
            <span className={x.covered || x.open ? 'ink2' : 'bad'}>
              {t(`guidance.behind.${x.covered ? 'covered' : x.open ? 'open' : 'missed'}`, {
                on: day(x.weekOn, me.today),
              })}
              {x.bulk && t('guidance.behind.bulk')}
            </span>
          </li>
        ))}
      </ul>
      <Rest unseen={list.data.unseen} none={list.data.items.length === 0} />
    </>
  );
}

function Advised({ member }: { member: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const list = useQuery(behindAdvised(member));
  if (!list.data) return <Missing of={list} />;
  return (
    <>
      <ul className="behind">
        {list.data.items.map((x) => (
          <li key={x.opportunityId}>
            <RecordLink kind="opportunity" id={x.opportunityId}>
              {x.name}
            </RecordLink>{' '}
            <span className="ink2">
              {t('guidance.behind.advisedOn', { on: day(x.advisedOn, me.today) })} ·{' '}
              {t(`guidance.behind.became.${x.state}`, { on: day(x.closedOn, me.today) })}
            </span>
          </li>
        ))}
      </ul>
      <Rest unseen={list.data.unseen} none={list.data.items.length === 0} />
    </>
  );
}

/** Rest says how many are not listed, so that the list adds up to its figure. */
function Rest({ unseen, none }: { unseen: number; none: boolean }) {
  const { t } = useTranslation();
  if (unseen > 0) return <p className="ink2">{t('guidance.behind.unseen', { count: unseen })}</p>;
  return none ? <Empty title={t('guidance.behind.none')} /> : null;
}
