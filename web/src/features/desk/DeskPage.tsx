import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Skeleton } from 'antd';
import type { TFunction } from 'i18next';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, must, type Schemas } from '../../api/client';
import { useMe, useNames } from '../../app/session';
import { Empty, Money, Totals } from '../../ui/bits';
import { day, num, percent } from '../../ui/format';
import { LinkButton } from '../../ui/LinkButton';
import { ProblemBox } from '../../ui/Problem';
import { useProblemText } from '../../ui/problemText';
import { AcceptWin } from '../opportunity/AcceptWin';
import { HandoverDialog } from '../opportunity/dialogs';
import { deskOf } from '../opportunity/queries';
import { Begin } from './Begin';

type Opp = Schemas['OpportunityOppBody'];
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
        <div className="stamp">
          {me.calendarStatus === 'missing' ? (
            t('desk.calendarMissing', { year: me.today.slice(0, 4) })
          ) : (
            <>
              {me.today} · {t('desk.monthDay')}{' '}
              <b>
                {me.workingDayOfMonth} / {me.workingDaysInMonth}
              </b>{' '}
              · {t('desk.timeProgress')}{' '}
              <b>
                {me.workingDaysInMonth
                  ? percent(Math.round((10000 * me.workingDayOfMonth) / me.workingDaysInMonth))
                  : '—'}
              </b>
            </>
          )}
        </div>
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
              <Item
                key={s.id}
                kind={s.overdue ? 'w' : 'i'}
                title={s.what}
                em={s.opportunity}
                actions={
                  <LinkButton to={s.opportunity ? `/opportunities/${s.opportunityId}` : '/tasks'} type="primary">
                    {t('desk.open')}
                  </LinkButton>
                }
              >
                {s.overdue ? (
                  <b className="bad">{t('desk.due', { on: day(s.dueOn, me.today) })}</b>
                ) : (
                  t('desk.dueToday')
                )}
                {s.customerAgreed && ` · ${t('nextStep.agreed')}`}
              </Item>
            ))}
            {deals && noStep.length > 0 && (
              <Item
                kind="i"
                title={t('desk.noStep', { count: deals.allNoNextStep })}
                actions={
                  <LinkButton to="/opportunities?noNextStep=true&sort=amount&desc=true">{t('desk.fill')}</LinkButton>
                }
              >
                {noStep.map((o) => (
                  <span key={o.id}>
                    <Link to={`/opportunities/${o.id}`}>{o.name}</Link>{' '}
                    <Money minor={o.amountMinor} currency={o.currency} />{' '}
                  </span>
                ))}
              </Item>
            )}
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

/** many tells that exceptions were counted no further. */
const many = (d: Desk | undefined) => (d?.allExceptions ?? 0) >= 1000;

/** Calculating stands for what is on its way, in the first moments after a start. */
function Calculating() {
  const { t } = useTranslation();
  return (
    <div className="pad ink2" role="status">
      {t('desk.calculating')}
    </div>
  );
}

function Item({
  kind,
  title,
  em,
  children,
  actions,
}: {
  kind: '' | 'w' | 'i';
  title: ReactNode;
  em?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className={`ex ${kind}`}>
      <s />
      <div>
        <h3>
          {title}
          {em && <em>{em}</em>}
        </h3>
        <p>{children}</p>
      </div>
      <div className="act">{actions}</div>
    </div>
  );
}

function Stalled({ o, team }: { o: Opp; team: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  return (
    <div className="ex">
      <s />
      <div>
        <h3>
          <Link to={`/opportunities/${o.id}`}>{o.name}</Link>
          <em>
            {team && `${names.member(o.ownerId)} · `}
            <Money minor={o.amountMinor} currency={o.currency} />
            {o.expectedOn && ` · ${t('opp.expectedOn')} ${day(o.expectedOn, me.today)}`}
          </em>
        </h3>
        <p>
          {t('desk.stalled')} <b>{t('clock.days', { count: o.clocks.progressDays ?? 0 })}</b> (
          {t('desk.limit', { count: o.limits?.stalledDays })}
          {(o.limits?.gapsKnown ?? 0) >= 20 ? `, ${t('desk.fromWon', { count: o.limits?.gapsKnown })}` : ''})
        </p>
        <div className="why">
          {o.clocks.contactDays === null ? (
            <span className="chip w">{t('desk.noContact')}</span>
          ) : (
            <span className={(o.clocks.contactDays ?? 0) > 7 ? 'chip b' : 'chip'}>
              {o.clocks.contactDays === 0
                ? t('clock.contactToday')
                : t('clock.contact', { count: o.clocks.contactDays ?? 0 })}
            </span>
          )}
          {o.pushes > 0 && <span className="chip w">{t('opp.pushes', { count: o.pushes })}</span>}
          {o.confidenceBp !== null && (
            <span className="chip">
              {t('opp.confidence')} {percent(o.confidenceBp, 0)}
            </span>
          )}
        </div>
      </div>
      <div className="act">
        <LinkButton to={`/opportunities/${o.id}`} type="primary">
          {team ? t('desk.ask') : t('desk.open')}
        </LinkButton>
      </div>
    </div>
  );
}

function Waiting({ data }: { data: Desk }) {
  const { t } = useTranslation();
  const names = useNames();
  const query = useQueryClient();
  const { message } = App.useApp();
  const text = useProblemText();
  const kindsOf = (counts: Record<string, number>) =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => t(`handover.kind.${kind}`, { count }))
      .join(t('common.comma'));
  const run = async (call: Promise<unknown>) => {
    try {
      await call;
      await query.invalidateQueries({ queryKey: ['opportunity'] });
    } catch (e) {
      message.error(text(e));
    }
  };
  return (
    <>
      {data.handovers.map((h) => (
        <Item
          key={h.id}
          kind="w"
          title={t('desk.handedToYou', { what: kindsOf(h.counts) })}
          em={names.member(h.fromId)}
          actions={
            <Button
              type="primary"
              onClick={() => run(must(api.POST('/api/handovers/{id}/confirm', { params: { path: { id: h.id } } })))}
            >
              {t('handover.confirm')}
            </Button>
          }
        >
          {h.reason}
        </Item>
      ))}
      {data.waiting.map((w) => (
        <Item
          key={w.id}
          kind="w"
          title={w.milestone ? t('desk.waitingFor', { milestone: w.milestone }) : t('desk.waiting')}
          em={w.opportunity}
          actions={
            <LinkButton to={`/opportunities/${w.opportunityId}`} type="primary">
              {t('desk.decide')}
            </LinkButton>
          }
        >
          {names.member(w.submittedBy)} · {t('desk.waitingDays', { count: w.waitingDays })}
          {w.stage && ` · ${w.stage}`} {w.text && `· ${w.text}`}
        </Item>
      ))}
      <Exceptions data={data} />
    </>
  );
}

/** Exceptions: wins to accept come first, each part newest first; a few at a time. */
function Exceptions({ data }: { data: Desk }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const query = useQueryClient();
  const { message } = App.useApp();
  const text = useProblemText();
  const [shown, setShown] = useState(few);
  const [seeing, setSeeing] = useState(false);
  const see = async (ids: string[]) => {
    setSeeing(true);
    try {
      for (const id of new Set(ids))
        await must(api.POST('/api/opportunities/{id}/exceptions-seen', { params: { path: { id } } }));
    } catch (e) {
      message.error(text(e));
    }
    await query.invalidateQueries({ queryKey: ['opportunity'] });
    setSeeing(false);
  };
  const wins = new Set(data.exceptions.filter((e) => e.win).map((e) => e.opportunityId));
  // What is to be accepted does not go by being noted.
  const noted = data.exceptions.map((e) => e.opportunityId).filter((id) => !wins.has(id));
  return (
    <>
      {data.exceptions.slice(0, shown).map((e) => (
        <Item
          key={e.opportunityId + e.stageId + e.on}
          kind="w"
          title={e.win ? t('record.provisional') : t('desk.exceptionTo', { stage: e.stage || t('record.otherStage') })}
          em={<Link to={`/opportunities/${e.opportunityId}`}>{e.opportunity}</Link>}
          actions={
            <>
              {e.win && <AcceptWin opp={{ id: e.opportunityId, name: e.opportunity, ownerId: '' }} />}
              <LinkButton to={`/opportunities/${e.opportunityId}`}>{t('desk.open')}</LinkButton>
              {!wins.has(e.opportunityId) && (
                <Button disabled={seeing} onClick={() => see([e.opportunityId])}>
                  {t('desk.seen')}
                </Button>
              )}
            </>
          }
        >
          {e.on && `${day(e.on, me.today)} · `}
          {names.member(e.memberId)}: “{e.reason}”
        </Item>
      ))}
      {(data.allExceptions > few || wins.size > 1) && (
        <div className="pad filters">
          <span className="ink2">
            {t(many(data) ? 'desk.exceptionsMany' : 'desk.exceptions', { count: data.allExceptions })}
          </span>
          {wins.size > 1 && <Link to="/opportunities?provisional=true">{t('desk.allWins')}</Link>}
          {shown < data.exceptions.length && <Button onClick={() => setShown(shown + few)}>{t('common.more')}</Button>}
          {noted.length > 0 && (
            <Button loading={seeing} onClick={() => see(noted)}>
              {t('desk.allSeen')}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

const few = 10;

/** Leaver is what somebody who left, or will, still holds. */
function Leaver({ l }: { l: Schemas['HandoverLeaverBody'] }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const [giving, setGiving] = useState(false);
  return (
    <>
      <Item
        kind="w"
        title={t(l.leftOn <= me.today ? 'desk.left' : 'desk.leaving', {
          name: names.member(l.memberId),
          on: day(l.leftOn, me.today),
        })}
        actions={
          <Button type="primary" onClick={() => setGiving(true)}>
            {t('handover.go')}
          </Button>
        }
      >
        {t('desk.stillHolds')} {l.held.map((h) => t(`handover.kind.${h.kind}`, { count: h.count })).join(' · ')}
      </Item>
      {giving && <HandoverDialog ids={[]} ownerId={l.memberId} held={l.held} onClose={() => setGiving(false)} />}
    </>
  );
}

function Team({ team }: { team: NonNullable<NonNullable<Desk['figures']>['team']> }) {
  const { t } = useTranslation();
  return (
    <div className="card">
      <h2>
        {t('desk.team')}
        <span>
          {team.pipeline} · {t('desk.teamSpan')}
        </span>
      </h2>
      <div className="scroll">
        <table className="t">
          <thead>
            <tr>
              <th>{t('opp.owner')}</th>
              <th>{t('desk.open12')}</th>
              <th>{t('desk.openAmount')}</th>
              <th>{t('funnel.winRate')}</th>
              <th>{t('funnel.wonAmount')}</th>
              <th>{t('funnel.cycle')}</th>
            </tr>
          </thead>
          <tbody>
            {team.members.map((g) => (
              <tr key={g.id}>
                <td>
                  <Link to={`/opportunities?owner=${g.id}&state=open`}>{g.key || '—'}</Link>
                </td>
                <td>
                  <Link
                    to={`/opportunities?owner=${g.id}&state=open&pipeline=${team.pipelineId}&createdFrom=${team.from}`}
                  >
                    {g.population.open}
                  </Link>
                </td>
                <td>
                  <Money minor={g.openAmountMinor} currency={team.currency} tooLarge={g.tooLarge.open} />
                </td>
                <td>
                  {percent(g.closedWinRate.bp)}{' '}
                  <span className="ink3">({g.closedWinRate.won + g.closedWinRate.lost})</span>
                </td>
                <td>
                  <Money minor={g.wonAmountMinor} currency={team.currency} tooLarge={g.tooLarge.won} />
                </td>
                <td>{num(g.cycleDays.won.median)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Funnel({ f }: { f: Schemas['FunnelDeskFunnel'] }) {
  const { t } = useTranslation();
  return (
    <div className="card">
      <h2>
        <Link to={`/funnel?pipeline=${f.pipelineId}`}>{f.pipeline}</Link>
        <span>{t('desk.funnelSpan', { count: f.created })}</span>
      </h2>
      <div className="scroll">
        <table className="t beside">
          <thead>
            <tr>
              <th>{t('opp.stage')}</th>
              <th>{t('funnel.reached')}</th>
              <th>{t('funnel.onward')}</th>
              <th>{t('funnel.stay')}</th>
            </tr>
          </thead>
          <tbody>
            {f.stages.map((s) => (
              <tr key={s.id}>
                <td>{s.name}</td>
                <td>{s.reached}</td>
                <td>{percent(s.advancedBp, 0)}</td>
                <td>{num(s.dwellDays)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="pad ink2">
        {t('funnel.winRate')} <b>{percent(f.closedWinRate.bp)}</b> · {t('funnel.wonAmount')}{' '}
        <Money minor={f.wonAmountMinor} currency={f.currency} tooLarge={f.tooLarge} />
      </div>
    </div>
  );
}
