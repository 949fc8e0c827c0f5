import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useMe } from '../../app/session';
import { Empty, Totals } from '../../ui/bits';
import { ProblemBox } from '../../ui/Problem';
import { deskOf } from '../opportunity/queries';
import { Begin } from './Begin';
import { many } from './Exceptions';
import { Funnel } from './Funnel';
import { Calculating } from './Item';
import { Leaver } from './Leaver';
import { NoStep } from './NoStep';
import { Stalled } from './Stalled';
import { Stamp } from './Stamp';
import { Step } from './Step';
import { Team } from './Team';
import { Waiting } from './Waiting';

type Desk = Schemas['FunnelDeskBody'];

/** DeskPage answers "what needs me today", in words, ordered by what waiting costs. */
export default function DeskPage() {
  const { t } = useTranslation();
  const me = useMe();
  const leads = me.leads.length > 0;
  const desk = useQuery(deskOf);
  const d = desk.data;
  const deals = d?.deals;
  const none = deals?.any === false;
  const calculating = !!d && !deals;
  const noStep = deals?.noNextStep ?? [];
  const count = d
    ? d.steps.length +
      d.waiting.length +
      d.allExceptions +
      d.handovers.length +
      d.leavers.length +
      (deals?.stalled.length ?? 0) +
      (noStep.length ? 1 : 0)
    : 0;
  const openCount = deals?.open.reduce((n, x) => n + x.count, 0) ?? 0;
  return (
    <>
      <div className="top">
        <div className="sp" />
        <Stamp />
      </div>
      <h1>{desk.isError && !d ? t('nav.desk') : title(t, d, count)}</h1>
      <div className="sub">
        {deals ? (
          <Link to="/opportunities?state=open">{t('desk.sub', { count: openCount })}</Link>
        ) : (
          d && t('desk.calculating')
        )}{' '}
        <Totals of={deals?.open} />
      </div>
      {desk.error && <ProblemBox error={desk.error} retry={desk.refetch} />}
      <div className="cols">
        <div>
          {none && <Begin />}
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
            {d?.steps.map((s) => (
              <Step key={s.id} s={s} />
            ))}
            {deals && noStep.length > 0 && <NoStep deals={deals} />}
            {deals && !none && count === 0 && <Empty title={t('desk.calm')}>{t('desk.calmHint')}</Empty>}
          </div>
          {d?.figures?.team && <Team team={d.figures.team} />}
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

function title(t: TFunction, d: Desk | undefined, count: number): string {
  // What is still being counted may be more, never less.
  if (count) return t(many(d) || !d?.deals ? 'desk.titleMany' : 'desk.title', { count });
  if (!d?.deals) return '…';
  return t(d.deals.any ? 'desk.nothing' : 'desk.begin');
}
