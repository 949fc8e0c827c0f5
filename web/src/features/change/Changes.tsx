import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCan, useMe } from '../../app/session';
import { Facts } from '../../ui/Facts';
import { day, dayOf, instant } from '../../ui/format';
import { pathOf } from '../../ui/RecordLink';
import { useWorkHours } from '../../ui/useWorkHours';
import { KnownBy } from '../tie/later';
import './confirm.css';
import { useRefute, Verdict } from './Doubted';
import { FollowsDialog } from './FollowsDialog';
import { type Change, type ChangedDeal, changesOf, toPlace } from './queries';

/** Changes are the open changes of people of a deal, or of a customer, each with its clock and what can be done. */
export function Changes({
  opportunity,
  account,
  onMeet,
}: {
  opportunity?: string;
  account?: string;
  /** Notes a meeting with the successor. */
  onMeet?: (successor: string) => void;
}) {
  const all = useQuery(changesOf({ opportunity, account })).data ?? [];
  // What runs stands before what is only asked.
  const list = [...all].sort((a, b) => Number(a.state === 'suspected') - Number(b.state === 'suspected'));
  return list.map((c) => <One key={c.id} c={c} opportunity={opportunity} onMeet={onMeet} />);
}

function One({ c, opportunity, onMeet }: { c: Change; opportunity?: string; onMeet?: (successor: string) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const here = c.deals.filter((d) => !opportunity || d.opportunityId === opportunity);
  const red = here.some((d) => d.lamp === 'red') && c.state === 'confirmed';
  const role = here.find((d) => d.role)?.role;
  const where = [c.toAccountName, c.department, c.title].filter(Boolean).join(' ');
  return (
    <section className="card told" aria-label={t('change.title', { name: c.contactName })}>
      <div className={`ex ${red ? '' : c.state === 'suspected' ? 'i' : 'w'}`}>
        <s />
        <div>
          <h3>
            {c.state === 'suspected'
              ? t(c.kind === 'retitled' ? 'change.maybeTitled' : 'change.maybe', { from: c.contactName })
              : t('change.replaced', {
                  role: role ? t(`role.${role}`) : t('change.somebody'),
                  from: c.contactName,
                  to: c.successorName || t('change.nobody'),
                })}
          </h3>
          {c.state === 'confirmed' && here.map((d) => <Clock key={d.opportunityId} d={d} c={c} named={!opportunity} />)}
          <Facts>
            {t(`change.facts.${c.kind}`, { who: c.contactName, on: day(c.on, me.today) })}
            {where && t(toPlace(c) ? 'change.to' : 'change.becomes', { where })}
            {c.state === 'suspected' && c.successorName && t('change.follows', { who: c.successorName })}
            {t(`change.source.${c.source}`)}
          </Facts>
          {c.successorId && <KnownBy id={c.successorId} name={c.successorName} />}
          {opportunity && c.deals.length > here.length && (
            <p>{t('change.others', { count: c.deals.length - here.length })}</p>
          )}
        </div>
        <Acts c={c} onMeet={onMeet} />
      </div>
    </section>
  );
}

/** Clock is how long there is to meet who follows, and why it is red. */
function Clock({ d, c, named }: { d: ChangedDeal; c: Change; named: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const hours = useWorkHours();
  const at = instant(d.dueAt, me.timeZone, me.today);
  return (
    <p>
      {named && <Link to={pathOf('opportunity', d.opportunityId)}>{d.name}</Link>}{' '}
      {d.metAt ? (
        <b className="good">{t('change.met', { on: day(dayOf(d.metAt, me.timeZone), me.today) })}</b>
      ) : (
        <>
          <b className={d.lamp === 'red' ? 'left bad' : 'left warn'}>
            {d.leftMinutes < 0
              ? t('change.over', { hours: hours(-d.leftMinutes) })
              : t('change.left', { hours: hours(d.leftMinutes) })}
          </b>{' '}
          {c.successorName ? t('change.meetBy', { at, who: c.successorName }) : t('change.findBy', { at })}
          {d.talkedAt ? (
            <small> {t('change.talked')}</small>
          ) : (
            d.late && d.leftMinutes >= 0 && <small> {t('change.lateStage')}</small>
          )}
        </>
      )}
    </p>
  );
}

function Acts({ c, onMeet }: { c: Change; onMeet?: (successor: string) => void }) {
  const { t } = useTranslation();
  const canWrite = useCan('account.write');
  const [saying, setSaying] = useState(false);
  const not = useRefute(() => c, c.state === 'suspected');
  if (!canWrite) return null;
  if (c.state === 'suspected' && c.source === 'import')
    return (
      <div className="act">
        <Verdict name={c.contactName} read={() => c} />
      </div>
    );
  return (
    <div className="act">
      {c.state === 'suspected' && (
        <Button type="primary" onClick={() => setSaying(true)}>
          {t('change.holds')}
        </Button>
      )}
      {c.state === 'confirmed' && !c.successorName && (
        <Button type="primary" onClick={() => setSaying(true)}>
          {t('change.who')}
        </Button>
      )}
      {c.state === 'confirmed' && c.successorName && onMeet && (
        <Button type="primary" onClick={() => onMeet(c.successorId)}>
          {t('change.meet')}
        </Button>
      )}
      <Button loading={not.pending} onClick={not.ask}>
        {t('change.refute')}
      </Button>
      {saying && <FollowsDialog c={c} onClose={() => setSaying(false)} />}
    </div>
  );
}
