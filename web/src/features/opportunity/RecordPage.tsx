import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, Input, InputNumber, Modal, Segmented, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, must, type Schemas } from '../../api/client';
import { useMe, useNames, useOrg } from '../../app/session';
import { DateInput, Field, Money } from '../../ui/bits';
import { day, percent, toMinor } from '../../ui/format';
import { ProblemBox, useProblemText } from '../../ui/Problem';
import { EvidenceDialog } from './EvidenceDialog';
import { FollowUpDialog } from './FollowUpDialog';
import { MoveDialog, type Target } from './MoveDialog';
import { opportunityDetail, opportunityKeys, type RecordBody, useChange } from './queries';

type Dialog =
  | { kind: 'move'; to?: Target }
  | { kind: 'followUp' }
  | { kind: 'evidence'; key: string }
  | { kind: 'edit' }
  | { kind: 'handover' }
  | null;

/** RecordPage: summary, clocks, milestones, timeline and people of one opportunity, on one page. */
export default function RecordPage() {
  const { id = '' } = useParams();
  const { t } = useTranslation();
  const record = useQuery(opportunityDetail(id));
  const [dialog, setDialog] = useState<Dialog>(null);
  if (record.isPending) return <Skeleton active style={{ marginTop: 24 }} />;
  if (record.isError)
    return (
      <div style={{ marginTop: 24 }}>
        <ProblemBox error={record.error} retry={record.refetch} />
        <Link to="/opportunities">{t('record.back')}</Link>
      </div>
    );
  const r = record.data;
  const stage = r.pipeline.stages.find((s) => s.id === r.stageId);
  const milestone = dialog?.kind === 'evidence' ? stage?.milestones.find((m) => m.key === dialog.key) : undefined;
  return (
    <>
      <Actions r={r} open={setDialog} />
      <Head r={r} />
      <Stages r={r} open={setDialog} />
      <div className="three">
        <div>
          {r.state === 'open' && <Milestones r={r} open={setDialog} />}
          <Steps r={r} />
          <Facts r={r} />
        </div>
        <Timeline r={r} />
        <People r={r} />
      </div>
      {dialog?.kind === 'move' && (
        <MoveDialog
          opp={r}
          pipeline={r.pipeline}
          target={dialog.to}
          path="form"
          onClose={() => setDialog(null)}
          onEvidence={r.gaps[0] ? () => setDialog({ kind: 'evidence', key: r.gaps[0]?.key ?? '' }) : undefined}
        />
      )}
      {dialog?.kind === 'followUp' && (
        <FollowUpDialog id={r.id} accountId={r.accountId} name={r.name} onClose={() => setDialog(null)} />
      )}
      {milestone && (
        <EvidenceDialog
          id={r.id}
          accountId={r.accountId}
          stageId={r.stageId}
          milestone={milestone}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog?.kind === 'edit' && <EditDialog r={r} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'handover' && <HandoverDialog r={r} onClose={() => setDialog(null)} />}
    </>
  );
}

type Open = (d: Dialog) => void;

function Actions({ r, open }: { r: RecordBody; open: Open }) {
  const { t } = useTranslation();
  const me = useMe();
  const stages = r.pipeline.stages;
  const at = stages.findIndex((s) => s.id === r.stageId);
  const next = stages[at + 1];
  const lost = stages.find((s) => s.kind === 'lost');
  if (!r.mayWrite) return <div className="top" />;
  const items = [
    { key: 'to', label: t('board.moveTo') },
    { key: 'edit', label: t('record.edit') },
    ...(me.permissions.includes('opportunity.handover') ? [{ key: 'handover', label: t('handover.title') }] : []),
    { key: 'withdrawn', label: t('move.withdraw') },
  ];
  return (
    <div className="top">
      <div className="sp" />
      <div className="main-actions" style={{ display: 'flex', gap: 8 }}>
        {r.state === 'open' ? (
          <>
            <Button onClick={() => open({ kind: 'followUp' })}>{t('followUp.title')}</Button>
            {lost && <Button onClick={() => open({ kind: 'move', to: lost.id })}>{t('move.lose')}</Button>}
            {next && (
              <Button type="primary" onClick={() => open({ kind: 'move', to: next.id })}>
                {t('move.advanceTo', { stage: next.name })}
              </Button>
            )}
            <Dropdown
              menu={{
                items,
                onClick: ({ key }) =>
                  open(
                    key === 'to'
                      ? { kind: 'move' }
                      : key === 'withdrawn'
                        ? { kind: 'move', to: 'withdrawn' }
                        : { kind: key as 'edit' | 'handover' },
                  ),
              }}
            >
              <Button aria-label={t('common.more')}>⋯</Button>
            </Dropdown>
          </>
        ) : (
          <Button onClick={() => open({ kind: 'move', to: 'reopen' })}>{t('move.reopen')}</Button>
        )}
      </div>
    </div>
  );
}

function Head({ r }: { r: RecordBody }) {
  const { t } = useTranslation();
  const names = useNames();
  const me = useMe();
  const c = r.clocks;
  const days = (n: number | null) => (n === null ? '—' : t('clock.days', { count: n }));
  return (
    <div className="head">
      <div>
        <h1>{r.name}</h1>
        <div className="ink2">
          {r.accountId && <Link to={`/accounts/${r.accountId}`}>{r.account}</Link>} · {names.member(r.ownerId)} ·{' '}
          {names.team(r.teamId)} · {r.pipeline.name} v{r.pipeline.number}
          {r.source && ` · ${r.source}`}
        </div>
      </div>
      <div className="num">
        <small>
          {r.state === 'won'
            ? t('opp.contract')
            : `${t('opp.amount')} (${r.taxIncluded ? t('opp.taxIn') : t('opp.taxOut')})`}
        </small>
        <b>
          <Money minor={r.state === 'won' ? r.contractMinor : r.amountMinor} currency={r.currency} />
        </b>
      </div>
      {r.state === 'open' ? (
        <>
          <div className="num">
            <small>{t('record.three')}</small>
            <b>
              {percent(r.confidenceBp, 0)} / {percent(r.pipeline.stages.find((s) => s.id === r.stageId)?.successBp, 0)}{' '}
              / {percent(r.calibratedBp, 0)}
            </b>
          </div>
          <div className="num">
            <small>{t('clock.progressName')}</small>
            <b className={r.stalled ? 'bad' : ''}>
              {days(c.progressDays)}
              {r.stalled && ` · ${t('clock.stalledWord')}`}
            </b>
          </div>
          <div className="num">
            <small>{t('clock.contactName')}</small>
            <b className={(c.contactDays ?? 0) > 7 ? 'warn' : ''}>{days(c.contactDays)}</b>
          </div>
          <div className="num">
            <small>{t('opp.expectedOn')}</small>
            <b>
              {day(r.expectedOn, me.today)}{' '}
              {r.pushes > 0 && <span className="chip w">{t('opp.pushes', { count: r.pushes })}</span>}
            </b>
          </div>
        </>
      ) : (
        <div className="num">
          <small>{t(`state.${r.state}`)}</small>
          <b className={r.state === 'won' ? 'good' : 'bad'}>{day(r.closedOn, me.today)}</b>
        </div>
      )}
    </div>
  );
}

function Stages({ r, open }: { r: RecordBody; open: Open }) {
  const { t } = useTranslation();
  const at = r.pipeline.stages.findIndex((s) => s.id === r.stageId);
  return (
    <div className="stages">
      {r.pipeline.stages
        .filter((s) => s.kind === 'open' || s.kind === 'won' || s.id === r.stageId)
        .map((s) => {
          const i = r.pipeline.stages.indexOf(s);
          const stays = r.stays.filter((x) => x.stageId === s.id && !x.voided && x.workingDays !== null);
          const worked = stays.reduce((n, x) => n + (x.workingDays ?? 0), 0);
          const now = s.id === r.stageId && r.state === 'open';
          const cls =
            s.id === r.stageId && r.state !== 'open'
              ? `st ${r.state}`
              : now
                ? 'st now'
                : stays.length || (r.state === 'open' && i < at)
                  ? 'st done'
                  : 'st';
          return (
            <button
              type="button"
              key={s.id}
              className={cls}
              disabled={now || !r.mayWrite || r.state !== 'open'}
              onClick={() => open({ kind: 'move', to: s.id })}
              title={s.buyerStep}
            >
              <b>{s.name}</b>
              <small>
                {stays.length
                  ? t('record.stayed', { days: worked })
                  : i < at && r.state === 'open'
                    ? t('record.skipped')
                    : '—'}
                {now && r.limits ? ` · ${t('record.limit', { days: r.limits.overstayedDays })}` : ''}
              </small>
            </button>
          );
        })}
    </div>
  );
}

function Milestones({ r, open }: { r: RecordBody; open: Open }) {
  const { t } = useTranslation();
  const names = useNames();
  const me = useMe();
  const query = useQueryClient();
  const { message } = App.useApp();
  const text = useProblemText();
  const [rejecting, setRejecting] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const stage = r.pipeline.stages.find((s) => s.id === r.stageId);
  const required = stage?.milestones.filter((m) => m.required).length ?? 0;
  const decide = async (evidence: string, accept: boolean) => {
    try {
      const body = await must(
        api.POST('/api/opportunities/{id}/evidence/{evidence}/decision', {
          params: { path: { id: r.id, evidence } },
          body: { accept, note },
        }),
      );
      query.setQueryData(opportunityKeys.detail(r.id), body);
      await query.invalidateQueries({ queryKey: opportunityKeys.all });
      setRejecting(null);
      setNote('');
    } catch (e) {
      message.error(text(e));
    }
  };
  return (
    <div className="card">
      <h2>
        {t('record.milestones', { stage: stage?.name })}
        <span>
          {r.gaps.length === 0
            ? t('record.ready')
            : t('record.missing', { done: required - r.gaps.length, all: required })}
        </span>
      </h2>
      {stage?.milestones.length === 0 && <div className="pad ink2">{t('record.noMilestones')}</div>}
      {stage?.milestones.map((m) => {
        const last = r.evidence.filter((e) => e.stageId === stage.id && e.milestoneKey === m.key).at(-1);
        const waiting = last?.status === 'submitted';
        return (
          <div className="ms" key={m.key}>
            <i className={last?.status === 'accepted' ? 'box on' : waiting ? 'box half' : 'box'} />
            <div>
              <b>{m.name}</b> {!m.required && <span className="chip">{t('record.optional')}</span>}
              {last ? (
                <small>
                  {last.fileId ? (
                    <a href={`/api/opportunities/${r.id}/files/${last.fileId}`}>{t('evidence.open')}</a>
                  ) : (
                    last.text ||
                    last.date ||
                    (last.contactId
                      ? (r.contacts.find((c) => c.contactId === last.contactId)?.name ?? t('evidence.contact'))
                      : last.numberMilli !== null
                        ? String((last.numberMilli ?? 0) / 1000)
                        : '')
                  )}{' '}
                  · {day(last.submittedOn, me.today)} · {names.member(last.submittedBy)}
                  {last.decisionNote && ` · ${last.decisionNote}`}
                </small>
              ) : (
                <small>
                  {t(`evidence.kind.${m.evidence}`)}
                  {m.acceptance ? ` · ${t('record.needsAcceptance')}` : ''}
                </small>
              )}
            </div>
            <div>
              {last?.status === 'accepted' ? (
                <span className="chip g">{m.acceptance ? t('evidence.accepted') : t('evidence.done')}</span>
              ) : waiting && r.mayDecide && last.submittedBy !== me.memberId ? (
                <span style={{ display: 'grid', gap: 4 }}>
                  <Button size="small" type="primary" onClick={() => decide(last.id, true)}>
                    {t('evidence.accept')}
                  </Button>
                  <Button size="small" onClick={() => setRejecting(last.id)}>
                    {t('evidence.reject')}
                  </Button>
                </span>
              ) : waiting ? (
                <span className="chip w">{t('gap.waiting')}</span>
              ) : (
                r.mayWrite && (
                  <Button
                    size="small"
                    type={m.required ? 'primary' : 'default'}
                    onClick={() => open({ kind: 'evidence', key: m.key })}
                  >
                    {t('evidence.supply')}
                  </Button>
                )
              )}
            </div>
          </div>
        );
      })}
      <Modal
        open={rejecting !== null}
        title={t('evidence.reject')}
        onCancel={() => setRejecting(null)}
        onOk={() => rejecting && decide(rejecting, false)}
      >
        <Field label={t('evidence.whatMissing')}>
          <Input.TextArea rows={2} value={note} onChange={(e) => setNote(e.target.value)} maxLength={300} />
        </Field>
      </Modal>
    </div>
  );
}

function Steps({ r }: { r: RecordBody }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const [what, setWhat] = useState('');
  const [due, setDue] = useState(me.today);
  const add = useChange(r.id, () =>
    must(
      api.POST('/api/opportunities/{id}/next-steps', { params: { path: { id: r.id } }, body: { what, dueOn: due } }),
    ),
  );
  const finish = useChange(r.id, async (step: string) => {
    await must(api.POST('/api/next-steps/{id}/finish', { params: { path: { id: step } }, body: {} }));
    return must(api.GET('/api/opportunities/{id}', { params: { path: { id: r.id } } }));
  });
  const open = r.nextSteps.filter((n) => !n.doneOn);
  return (
    <div className="card">
      <h2>{t('nextStep.title')}</h2>
      {open.map((n) => (
        <div className="ms" key={n.id}>
          <i className="box" />
          <div>
            {n.what}
            <small className={n.overdue ? 'bad' : ''}>
              {day(n.dueOn, me.today)} {n.overdue && t('nextStep.overdue')} · {names.member(n.memberId)}
            </small>
          </div>
          {r.mayWrite && (
            <Button size="small" loading={finish.isPending} onClick={() => finish.mutate(n.id)}>
              {t('nextStep.done')}
            </Button>
          )}
        </div>
      ))}
      {open.length === 0 && r.state === 'open' && <div className="pad warn">{t('nextStep.none')}</div>}
      {r.mayWrite && r.state === 'open' && (
        <div className="pad" style={{ display: 'grid', gap: 6 }}>
          {add.error && <ProblemBox error={add.error} />}
          <Input
            aria-label={t('nextStep.what')}
            placeholder={t('nextStep.what')}
            value={what}
            onChange={(e) => setWhat(e.target.value)}
            maxLength={200}
          />
          <div style={{ display: 'flex', gap: 6 }}>
            <DateInput label={t('nextStep.due')} value={due} min={me.today} onChange={setDue} />
            <Button
              disabled={!what.trim()}
              loading={add.isPending}
              onClick={() => add.mutate(undefined, { onSuccess: () => setWhat('') })}
            >
              {t('nextStep.add')}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}

function Facts({ r }: { r: RecordBody }) {
  const { t } = useTranslation();
  const me = useMe();
  const products = useQuery({
    queryKey: ['products'],
    queryFn: () => must(api.GET('/api/product-lines')),
    enabled: r.lines.length > 0,
  });
  const fields = useQuery({
    queryKey: ['fields'],
    queryFn: () => must(api.GET('/api/fields')),
    enabled: Object.keys(r.custom).length > 0,
  });
  return (
    <div className="card">
      <h2>{t('record.facts')}</h2>
      <div style={{ padding: '8px 0' }}>
        <div className="kv">
          <span>{t('opp.createdOn')}</span>
          <b>{day(r.createdOn, me.today)}</b>
        </div>
        {r.region && (
          <div className="kv">
            <span>{t('opp.region')}</span>
            <b>{r.region}</b>
          </div>
        )}
        {r.lines.map((l, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          <div className="kv" key={i}>
            <span>{products.data?.find((p) => p.id === l.productLineId)?.name ?? '…'}</span>
            <b>
              <Money minor={l.amountMinor} currency={r.currency} />
            </b>
          </div>
        ))}
        {r.state === 'lost' && (
          <div className="kv">
            <span>{t('loss.kind')}</span>
            <b>
              {t(`loss.${r.lossKind}`)} {r.lossReason && `· ${r.lossReason}`}
            </b>
          </div>
        )}
        {Object.entries(r.custom).map(([k, v]) => (
          <div className="kv" key={k}>
            <span>{fields.data?.find((f) => f.record === 'opportunity' && f.key === k)?.label ?? k}</span>
            <b>{v}</b>
          </div>
        ))}
        {r.external.map((e) => (
          <div className="kv" key={e.source + e.id}>
            <span>{e.source}</span>
            <b>{e.id}</b>
          </div>
        ))}
      </div>
    </div>
  );
}

type Event = { at: string; kind: 'contact' | 'move' | 'change'; title: string; text?: string; bad?: boolean };

function useEvents(r: RecordBody): Event[] {
  const { t } = useTranslation();
  const names = useNames();
  const stage = (id: string) => r.pipeline.stages.find((s) => s.id === id)?.name ?? t('record.otherStage');
  const out: Event[] = [];
  for (const f of r.followUps) {
    const late = f.recordedAt.slice(0, 10) > f.happenedOn;
    out.push({
      at: f.happenedOn,
      kind: 'contact',
      title: `${t(`channel.${f.channel}`)} · ${names.member(f.memberId)}${f.twoWay ? '' : ` · ${t('followUp.oneWay')}`}${late ? ` · ${t('followUp.late', { on: f.recordedAt.slice(5, 10) })}` : ''}`,
      text: f.words,
    });
  }
  r.stays.forEach((s, i) => {
    const before = r.stays
      .slice(0, i)
      .filter((x) => !x.voided)
      .at(-1);
    out.push({
      at: s.enteredOn,
      kind: 'move',
      bad: s.exception || s.voided,
      title: `${s.move === 'create' || !before ? (s.stageId ? stage(s.stageId) : t(`state.${s.state}`)) : `${before.stageId ? stage(before.stageId) : t(`state.${before.state}`)} → ${s.stageId ? stage(s.stageId) : t(`state.${s.state}`)}`} · ${t(`move.kind.${s.move}`)}${s.voided ? ` · ${t('record.voided')}` : ''}`,
      text: [s.exception ? t('record.exception') : '', s.reason, names.member(s.memberId)].filter(Boolean).join(' · '),
    });
  });
  for (const e of r.journal) {
    const p = e.payload as Record<string, unknown>;
    if (e.kind === 'opportunity.changed') {
      const parts = ['expectedOn', 'confidenceBp', 'amountMinor']
        .filter((k) => Array.isArray(p[k]))
        .map((k) => {
          const [a, b] = p[k] as [unknown, unknown];
          const show = (v: unknown) =>
            v === null || v === ''
              ? '—'
              : k === 'confidenceBp'
                ? percent(v as number, 0)
                : k === 'amountMinor'
                  ? ((v as number) / 100).toLocaleString()
                  : String(v);
          return `${t(`record.field.${k}`)} ${show(a)} → ${show(b)}`;
        });
      if (parts.length)
        out.push({
          at: e.recordedAt.slice(0, 10),
          kind: 'change',
          title: parts.join('; '),
          text: names.member(e.actorId),
        });
    } else if (e.kind === 'opportunity.handed_over') {
      const [a, b] = p.ownerId as [string, string];
      out.push({
        at: e.happenedOn,
        kind: 'change',
        title: t('record.handedOver', { from: names.member(a), to: names.member(b) }),
      });
    } else if (e.kind.startsWith('evidence.')) {
      out.push({
        at: e.happenedOn,
        kind: 'change',
        title: t(`journal.${e.kind.replace('.', '_')}`),
        text: names.member(e.actorId),
      });
    }
  }
  return out.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

function Timeline({ r }: { r: RecordBody }) {
  const { t } = useTranslation();
  const me = useMe();
  const [show, setShow] = useState<'all' | Event['kind']>('all');
  const events = useEvents(r).filter((e) => show === 'all' || e.kind === show);
  return (
    <div className="card">
      <h2>
        {t('record.timeline')}
        <Segmented
          size="small"
          value={show}
          onChange={setShow}
          options={(['all', 'contact', 'move', 'change'] as const).map((k) => ({
            value: k,
            label: t(`record.show.${k}`),
          }))}
        />
      </h2>
      {events.map((e, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is rebuilt as a whole
        <div className="ev" key={i}>
          <time>{e.at ? day(e.at, me.today) : t('record.undated')}</time>
          <div>
            <b className={e.bad ? 'warn' : ''}>{e.title}</b>
            {e.text && <p>{e.text}</p>}
          </div>
        </div>
      ))}
      {events.length === 0 && <div className="pad ink2">{t('record.noEvents')}</div>}
    </div>
  );
}

function People({ r }: { r: RecordBody }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <div>
      <div className="card">
        <h2>
          {t('record.people')}
          <span>{r.contacts.length === 1 ? t('record.singleThread') : ''}</span>
        </h2>
        {r.contacts.map((c) => (
          <div className="ms" key={c.contactId} style={{ gridTemplateColumns: 'minmax(0,1fr) auto' }}>
            <div>
              <b>{c.name}</b>
              <small>{c.title}</small>
            </div>
            <span className="chip">{t(`role.${c.role}`)}</span>
          </div>
        ))}
        {r.contacts.length === 0 && <div className="pad ink2">{t('record.noPeople')}</div>}
      </div>
      <div className="card">
        <h2>{t('record.shares')}</h2>
        {r.shares.map((s) => (
          <div className="kv" key={s.memberId + s.kind}>
            <span>
              {names.member(s.memberId)} {s.kind === 'overlay' && <span className="chip">{t('record.overlay')}</span>}
            </span>
            <b>{percent(s.shareBp)}</b>
          </div>
        ))}
        {r.credit.length > 0 && (
          <div className="pad ink2">
            {r.credit.map((c) => (
              <div key={c.memberId + c.kind}>
                {t('record.credited')} {names.member(c.memberId)} · {names.team(c.teamId)} ·{' '}
                <Money minor={c.amountMinor} currency={c.currency} />
              </div>
            ))}
          </div>
        )}
        {r.team.length > 0 && (
          <div className="pad">
            {t('record.dealTeam')}: {r.team.map((m) => names.member(m.memberId)).join('、')}
          </div>
        )}
        {r.competitors.length > 0 && (
          <div className="pad">
            {t('record.competitors')}: {r.competitors.map((c) => c.name).join('、')}
          </div>
        )}
      </div>
    </div>
  );
}

function EditDialog({ r, onClose }: { r: RecordBody; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const unit = r.currency === 'JPY' ? 1 : 100;
  const [name, setName] = useState(r.name);
  const [amount, setAmount] = useState<number | null>(r.amountMinor === null ? null : r.amountMinor / unit);
  const [expected, setExpected] = useState(r.expectedOn);
  const [confidence, setConfidence] = useState<number | null>(r.confidenceBp === null ? null : r.confidenceBp / 100);
  const [source, setSource] = useState(r.source);
  const [competitors, setCompetitors] = useState(r.competitors.map((c) => c.name));
  const [custom, setCustom] = useState<Record<string, string>>(r.custom);
  const fields = useQuery({ queryKey: ['fields'], queryFn: () => must(api.GET('/api/fields')) });
  const known = useQuery({ queryKey: ['competitors'], queryFn: () => must(api.GET('/api/competitors')) });
  const cap = r.pipeline.stages.find((s) => s.id === r.stageId)?.confidenceCapBp ?? 10000;
  const save = useChange(r.id, async () => {
    let out = await must(
      api.PATCH('/api/opportunities/{id}', {
        params: { path: { id: r.id }, header: { 'If-Match': `"${r.version}"` } },
        headers: { 'Yunchou-Path': 'form' },
        body: {
          name,
          source,
          expectedOn: expected,
          custom,
          ...(amount !== null ? { amountMinor: toMinor(amount, r.currency) } : {}),
          ...(confidence !== null ? { confidenceBp: Math.round(confidence * 100) } : {}),
        },
      }),
    );
    if (competitors.join() !== r.competitors.map((c) => c.name).join())
      out = await must(
        api.PUT('/api/opportunities/{id}/competitors', {
          params: { path: { id: r.id } },
          body: { names: competitors },
        }),
      );
    return out;
  });
  return (
    <Modal
      open
      title={t('record.edit')}
      onCancel={onClose}
      okText={t('common.save')}
      confirmLoading={save.isPending}
      onOk={() =>
        save.mutate(undefined, {
          onSuccess: () => {
            message.success(t('common.saved'));
            onClose();
          },
        })
      }
    >
      {save.error && <ProblemBox error={save.error} />}
      <Field label={t('opp.name')}>
        <Input value={name} onChange={(e) => setName(e.target.value)} maxLength={100} />
      </Field>
      <div className="grid2">
        <Field label={`${t('opp.amount')} (${r.currency})`}>
          <InputNumber<number> min={0} value={amount} onChange={setAmount} style={{ width: '100%' }} />
        </Field>
        <Field label={t('opp.expectedOn')}>
          <DateInput value={expected} onChange={setExpected} />
        </Field>
        <Field label={`${t('opp.confidence')} (%)`} hint={t('record.cap', { cap: cap / 100 })}>
          <InputNumber<number>
            min={0}
            max={100}
            value={confidence}
            onChange={setConfidence}
            style={{ width: '100%' }}
          />
        </Field>
        <Field label={t('opp.source')}>
          <Input value={source} onChange={(e) => setSource(e.target.value)} maxLength={60} />
        </Field>
      </div>
      {fields.data
        ?.filter((f) => f.record === 'opportunity')
        .map((f) => (
          <Field key={f.key} label={f.label}>
            {f.type === 'date' ? (
              <DateInput value={custom[f.key] ?? ''} onChange={(v) => setCustom({ ...custom, [f.key]: v })} />
            ) : f.type === 'choice' ? (
              <Select
                allowClear
                style={{ width: '100%' }}
                value={custom[f.key] || undefined}
                onChange={(v?: string) => setCustom({ ...custom, [f.key]: v ?? '' })}
                options={f.options.map((o) => ({ value: o, label: o }))}
              />
            ) : (
              <Input
                value={custom[f.key] ?? ''}
                onChange={(e) => setCustom({ ...custom, [f.key]: e.target.value })}
                maxLength={500}
              />
            )}
          </Field>
        ))}
      <Field label={t('record.competitors')}>
        <Select
          mode="tags"
          style={{ width: '100%' }}
          value={competitors}
          onChange={setCompetitors}
          options={known.data?.map((c) => ({ value: c.name, label: c.name }))}
        />
      </Field>
    </Modal>
  );
}

function HandoverDialog({ r, onClose }: { r: RecordBody; onClose: () => void }) {
  const { t } = useTranslation();
  const org = useOrg().data;
  const { message } = App.useApp();
  const [to, setTo] = useState<string>();
  const [reason, setReason] = useState('');
  const save = useChange(r.id, async () => {
    await must(api.POST('/api/handovers', { body: { ids: [r.id], fromId: r.ownerId, toId: to ?? '', reason } }));
    return must(api.GET('/api/opportunities/{id}', { params: { path: { id: r.id } } })) as Promise<
      Schemas['OpportunityRecordBody']
    >;
  });
  return (
    <Modal
      open
      title={t('handover.title')}
      onCancel={onClose}
      okText={t('handover.go')}
      okButtonProps={{ disabled: !to || !reason.trim() }}
      confirmLoading={save.isPending}
      onOk={() =>
        save.mutate(undefined, {
          onSuccess: () => {
            message.success(t('handover.done'));
            onClose();
          },
        })
      }
    >
      {save.error && <ProblemBox error={save.error} />}
      <p className="ink2">{t('handover.hint')}</p>
      <Field label={t('handover.to')}>
        <Select
          style={{ width: '100%' }}
          showSearch={{ optionFilterProp: 'label' }}
          value={to}
          onChange={setTo}
          options={org?.members
            .filter((m) => !m.leftOn && m.id !== r.ownerId)
            .map((m) => ({ value: m.id, label: `${m.name} · ${m.team}` }))}
        />
      </Field>
      <Field label={t('move.reason')}>
        <Input value={reason} onChange={(e) => setReason(e.target.value)} maxLength={300} />
      </Field>
    </Modal>
  );
}
