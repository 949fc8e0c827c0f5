import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe } from '../../app/session';
import { Empty, Totals, usePhone } from '../../ui/bits';
import { LinkButton } from '../../ui/LinkButton';
import { ProblemBox } from '../../ui/Problem';
import { deskOf } from '../opportunity/queries';
import { Begin } from './Begin';
import { Counts } from './Counts';
import { many } from './Exceptions';
import { Funnel } from './Funnel';
import { HealthCheck } from './HealthCheck';
import { Calculating } from './Item';
import { Leaver } from './Leaver';
import { type Desk, listing } from './matters';
import { NoStep } from './NoStep';
import { Passed } from './Passed';
import { Stalled } from './Stalled';
import { Stamp } from './Stamp';
import { Step } from './Step';
import { Team } from './Team';
import { Waiting } from './Waiting';

/** DeskPage answers "what needs me today", in words, ordered by what waiting costs. */
export default function DeskPage() {
  const { t } = useTranslation();
  const me = useMe();
  const leads = me.leads.length > 0;
  const phone = usePhone();
  const desk = useQuery(deskOf);
  const d = desk.data;
  const deals = d?.deals;
  const none = deals?.any === false;
  const calculating = !!d && !deals;
  const noStep = deals?.noNextStep ?? [];
  const shown = new Set(deals?.stalled.map((o) => o.id));
  const passed = deals?.passed.filter((o) => !shown.has(o.id)) ?? [];
  const count = d
    ? d.steps.length +
      d.waiting.length +
      d.allExceptions +
      d.handovers.length +
      d.leavers.length +
      (deals?.standing.stalled ?? 0) +
      (deals ? deals.standing.passed - deals.passed.length + passed.length : 0) +
      (noStep.length > 0 ? 1 : 0)
    : 0;
  const counts = d && deals && !none && <Counts desk={d} deals={deals} />;
  return (
    <>
      <div className="top">
        <div className="sp" />
        <Stamp />
      </div>
      <h1>{desk.isError && !d ? t('nav.desk') : title(t, d, count)}</h1>
      <div className="sub">
        {deals ? (
          <Link to={listing('state=open')}>{t('desk.sub', { count: deals.standing.open })}</Link>
        ) : (
          d && t('desk.calculating')
        )}{' '}
        <Totals of={deals?.open} />
      </div>
      {!phone && counts}
      {desk.error && <ProblemBox error={desk.error} retry={desk.refetch} />}
      <div className="cols">
        <div>
          {none && <Begin />}
          <HealthCheck />
          <div className="card" hidden={(none && count === 0) || (desk.isError && !d)}>
            {desk.isPending && (
              <div className="pad">
                <Skeleton active />
              </div>
            )}
            {d?.leavers.map((l) => (
              <Leaver key={l.memberId} l={l} />
            ))}
            {d && <Waiting data={d} />}
            {calculating && <Calculating />}
            {deals?.stalled.map((o) => (
              <Stalled key={o.id} o={o} team={leads} />
            ))}
            {deals && deals.standing.stalled > deals.stalled.length && (
              <All to={listing('stalled=true')}>{t('desk.allStalled', { count: deals.standing.stalled })}</All>
            )}
            {passed.map((o) => (
              <Passed key={o.id} o={o} team={leads} />
            ))}
            {deals && deals.standing.passed > deals.passed.length && (
              <All to={listing('passed=true')}>{t('desk.allPassed', { count: deals.standing.passed })}</All>
            )}
            {d?.steps.map((s) => (
              <Step key={s.id} s={s} />
            ))}
            {deals && noStep.length > 0 && <NoStep deals={deals} />}
            {deals && !none && count === 0 && <Empty title={t('desk.calm')}>{t('desk.calmHint')}</Empty>}
          </div>
          {phone && counts && <div className="mt-16">{counts}</div>}
          {deals?.team && deals.team.rows.length > 0 && <Team team={deals.team} />}
        </div>
        <div>
          {d && !d.figures && (
            <div className="card">
              <Calculating />
            </div>
          )}
          {d?.figures?.funnels.map((f) => (
            <Funnel key={f.pipelineId} f={f} />
          ))}
        </div>
      </div>
    </>
  );
}

/** All opens the whole of what a part shows the largest of. */
function All({ to, children }: { to: string; children: ReactNode }) {
  return (
    <div className="pad">
      <LinkButton to={to}>{children}</LinkButton>
    </div>
  );
}

function title(t: TFunction, d: Desk | undefined, count: number): string {
  // What is still being counted may be more, never less.
  if (count) return t(many(d) || !d?.deals ? 'desk.titleMany' : 'desk.title', { count });
  if (!d?.deals) return '…';
  return t(d.deals.any ? 'desk.nothing' : 'desk.begin');
}
