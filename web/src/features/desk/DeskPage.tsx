import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { Empty, Totals, usePhone } from '../../ui/bits';
import { ProblemBox } from '../../ui/Problem';
import { useUrl } from '../../ui/useUrl';
import { AskedAfter } from '../change/later';
import { deskOf } from '../opportunity/queries';
import { Carriers } from '../relation/later';
import { AnswerDialog, Asked as AskedOfMe, AskMine } from '../tie/later';
import { Answers } from './Answers';
import { Asked } from './Asked';
import { Begin } from './Begin';
import { Calls } from './Calls';
import { Counts } from './Counts';
import { Forms } from './doing';
import { Funnel } from './Funnel';
import { HealthCheck } from './HealthCheck';
import { Calculating } from './Item';
import { Line } from './Line';
import { type Desk, listing, many } from './matters';
import { NoStep } from './NoStep';
import { Rule } from './Rule';
import { Stamp } from './Stamp';
import { Step } from './Step';
import { Team } from './Team';
import { ToAnswer } from './ToAnswer';

/** DeskPage answers "what needs me today", in words, ordered by what waiting costs. */
export default function DeskPage() {
  const { t } = useTranslation();
  const me = useMe();
  const leads = me.leads.length > 0;
  const phone = usePhone();
  const url = useUrl();
  const answer = url.get('answer');
  const desk = useQuery(deskOf);
  const d = desk.data;
  const deals = d?.deals;
  const none = deals?.any === false;
  const calculating = !!d && !deals;
  const count = d ? d.steps.length + d.lines.count : 0;
  // What colleagues ask and who is asked after wait for an answer like the rest; they stand in cards of their own.
  const asked = d ? d.ties.introductions + d.ties.askArounds + d.confirmations.length : 0;
  const rest = d ? d.lines.count - d.lines.items.length : 0;
  const steps = d?.lines.items.some((l) => l.kind === 'group'); // else they are of the rest
  // What a customer was promised and waits for stands before what is only missing.
  const [late, due] = parted(d?.steps ?? [], (s) => !leads && s.overdue && s.customerAgreed);
  const counts = d && deals && !none && <Counts desk={d} deals={deals} />;
  // It is worth a minute, and none before what waits.
  const mine = d?.ties.background === 'unasked' && <AskMine />;
  return (
    <Forms lines={d?.lines.items ?? []}>
      <div className="top">
        <div className="sp" />
        <Stamp />
      </div>
      <h1>{desk.isError && !d ? t('nav.desk') : title(t, d, count + asked)}</h1>
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
          {d && d.ties.introductions + d.ties.askArounds > 0 && <AskedOfMe />}
          {d && d.confirmations.length > 0 && <AskedAfter items={d.confirmations} />}
          {phone && !leads && <ToAnswer />}
          <div className="card" hidden={(none && count === 0) || (desk.isError && !d)}>
            {desk.isPending && (
              <div className="pad">
                <Skeleton active />
              </div>
            )}
            {calculating && <Calculating />}
            {late.map((s) => (
              <Step key={s.id} s={s} />
            ))}
            {d?.lines.items.map((l) => (
              <Line key={l.kind + l.id} line={l} desk={d} team={leads} />
            ))}
            {d && d.lines.items.length > 0 && (
              <div className="pad ink2">
                {rest > 0 && <Rest lines={d.lines} />}
                <Rule untouched={d.lines.untouchedDays} />
              </div>
            )}
            {deals && !steps && deals.noNextStep.length > 0 && <NoStep deals={deals} />}
            {due.map((s) => (
              <Step key={s.id} s={s} />
            ))}
            {deals && !none && count === 0 && <Empty title={t('desk.calm')}>{t('desk.calmHint')}</Empty>}
          </div>
          {d && <Asked lines={d.lines} />}
          {phone && mine}
          {phone && counts && <div className="mt-16">{counts}</div>}
          {deals?.team && deals.team.rows.length > 0 && <Team team={deals.team} />}
        </div>
        <div>
          {!phone && mine}
          {d && leads && <Answers />}
          {d && leads && <Calls />}
          {d && leads && <Carriers />}
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
      {answer && <AnswerDialog id={answer} onClose={() => url.set({ answer: undefined })} />}
    </Forms>
  );
}

/** Rest is how many there are with those that do not stand open, and what they come to; the lists hold them. */
function Rest({ lines }: { lines: Desk['lines'] }) {
  const { t } = useTranslation();
  return (
    <p>
      {t('desk.rest', { count: lines.count })} <Amount minor={lines.worthMinor} currency={lines.currency} />{' '}
      <Link to={listing('stalled=true')}>{t('list.stalled')}</Link>{' '}
      <Link to={listing('passed=true')}>{t('list.passed')}</Link>{' '}
      <Link to={listing('exceptions=true')}>{t('list.exceptions')}</Link>{' '}
      <Link to={listing('noNextStep=true')}>{t('list.noNextStep')}</Link>
    </p>
  );
}

const parted = <T,>(all: T[], is: (x: T) => boolean) => [all.filter(is), all.filter((x) => !is(x))] as const;

function title(t: TFunction, d: Desk | undefined, count: number): string {
  // What is still being counted may be more, never less.
  if (count) return t(many(d) || !d?.deals ? 'desk.titleMany' : 'desk.title', { count });
  if (!d?.deals) return '…';
  return t(d.deals.any ? 'desk.nothing' : 'desk.begin');
}
