import { useQuery } from '@tanstack/react-query';
import { App, Button, Skeleton, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { Dialog } from '../../ui/Dialog';
import { filled, nothing } from './EvidenceFields';
import { Blocked, type Evidence } from './MoveBlocked';
import { MoveFields } from './MoveFields';
import { moveWith } from './moveWith';
import { type Card, type MoveBody, type Opp, opportunityDetail, useChange } from './queries';

type Version = Schemas['PipelineVersion'];
export type Target = string | 'withdrawn' | 'reopen';
export type MoveKind = 'advance' | 'return' | 'won' | 'lost' | 'withdrawn' | 'reopen' | '';

/** kindOf is what going from one stage to another amounts to. */
function kindOf({ stages }: Version, from: string, to: Target | undefined): MoveKind {
  if (to === 'withdrawn' || to === 'reopen') return to;
  const at = stages.findIndex((s) => s.id === to);
  const kind = stages[at]?.kind;
  if (kind !== 'open') return kind ?? '';
  return at < stages.findIndex((s) => s.id === from) ? 'return' : 'advance';
}

/** useForm holds what the move asks for, what stands in its way, and what is given for that. */
function useForm(opp: Card | Opp, pipeline: Version, target: Target | undefined, path: 'form' | 'board') {
  const [to, setTo] = useState(target);
  const [form, setForm] = useState<Partial<MoveBody>>({});
  const [contract, setContract] = useState<number | null>(opp.amountMinor);
  const [given, setGiven] = useState<Evidence>({});
  const [asked, setException] = useState<string>();
  const record = useQuery(opportunityDetail(opp.id)).data;
  const kind = kindOf(pipeline, opp.stageId, to);
  const forward = kind === 'advance' || kind === 'won';
  const way = forward ? record?.ways.find((w) => w.stageId === to) : undefined;
  // What may not be skipped is passed by exception or not at all.
  const exception = asked ?? (way && way.passed.length > 0 ? '' : undefined);
  const stage = pipeline.stages.find((s) => s.id === opp.stageId);
  const gaps = exception === undefined ? (way?.gaps ?? []) : [];
  const open = gaps
    .filter((g) => g.why !== 'waiting')
    .flatMap((g) => stage?.milestones.find((m) => m.key === g.key) ?? []);
  const waits = gaps.length > open.length || open.some((m) => m.acceptance);
  const change = useChange(opp.id, (_, key) =>
    moveWith(
      { id: opp.id, accountId: record?.accountId ?? '' },
      open.map((milestone) => ({ stageId: opp.stageId, milestone, given: given[milestone.key] ?? nothing })),
      {
        ...form,
        competitor: form.lossKind === 'competitor' ? form.competitor : undefined,
        to: to ?? '',
        version: opp.version,
        ...(kind === 'won' ? { contractMinor: contract ?? undefined } : {}),
        ...(exception ? { exception } : {}),
      } as MoveBody,
      path,
      key,
    ),
  );
  const asks = {
    lost: !!form.lossKind && !!form.reason?.trim() && (form.lossKind !== 'competitor' || !!form.competitor?.trim()),
    withdrawn: !!form.lossKind,
    return: !!form.reason?.trim(),
    reopen: !!form.reason?.trim(),
  };
  const done = exception === undefined ? open.every((m) => filled(m, given[m.key] ?? nothing)) : !!exception.trim();
  return {
    ...{ to, setTo, form, setForm, contract, setContract, given, setGiven, exception, setException },
    ...{ record, kind, way, open, waits, change, loading: forward && !record },
    ready: !!to && (kind in asks ? asks[kind as keyof typeof asks] : done && (open.length > 0 || !waits)),
  };
}

/**
 * MoveDialog asks for all the move needs at once: what stands in its way is given here and the move goes on. With no
 * target it is the phone's "move to…" sheet.
 */
export function MoveDialog({
  opp,
  pipeline,
  target,
  path,
  onClose,
}: {
  opp: Card | Opp;
  pipeline: Version;
  target?: Target;
  path: 'form' | 'board';
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const f = useForm(opp, pipeline, target, path);
  const { to, kind, change } = f;
  const stage = pipeline.stages.find((s) => s.id === to)?.name;
  const name = to === 'withdrawn' ? t('move.withdraw') : to === 'reopen' ? t('move.reopen') : (stage ?? '');
  const submit = () =>
    change.mutate(undefined, {
      onSuccess: (r) => {
        const moved = to === 'reopen' || to === 'withdrawn' || r.stageId === to;
        const said = to === 'reopen' ? 'move.reopened' : to === 'withdrawn' ? 'move.withdrawn' : 'move.done';
        if (moved) message.success(t(said, { name: opp.name, stage: name }));
        else message.info(t('evidence.waiting'));
        onClose();
      },
    });
  const go = () => {
    if (f.exception !== undefined) return t('move.withException');
    if (f.open.length === 0) return t(`move.go.${kind}`);
    return t(f.waits ? 'move.supplyAndWait' : 'move.supplyAndGo');
  };
  return (
    <Dialog
      title={to ? t(`move.title.${kind}`, { stage: name }) : t('move.choose')}
      ready={f.ready && !f.loading}
      pending={change.isPending}
      error={change.error}
      onOk={submit}
      onClose={onClose}
      footer={(form) =>
        to ? (
          <Button
            type="primary"
            size="large"
            block
            danger={kind === 'lost' || kind === 'withdrawn'}
            disabled={!f.ready || f.loading}
            loading={change.isPending}
            htmlType="submit"
            form={form}
          >
            {go()}
          </Button>
        ) : null
      }
    >
      <p className="ink2 lead">{opp.name}</p>
      {!to && (
        <Space orientation="vertical" className="wide">
          {pipeline.stages.map((s) => (
            <Button key={s.id} block size="large" disabled={s.id === opp.stageId} onClick={() => f.setTo(s.id)}>
              {s.name}
              {s.id === opp.stageId ? ` · ${t('move.here')}` : ''}
            </Button>
          ))}
        </Space>
      )}
      {to && f.loading && <Skeleton active />}
      {to && !f.loading && (
        <>
          {f.way && f.record && (
            <Blocked
              way={f.way}
              open={f.open}
              deal={f.record}
              given={f.given}
              onGive={f.setGiven}
              exception={f.exception}
              onException={f.setException}
            />
          )}
          <MoveFields
            key={to}
            kind={kind}
            currency={opp.currency}
            competitors={f.record?.competitors.map((c) => c.name) ?? []}
            form={f.form}
            onChange={(part) => f.setForm({ ...f.form, ...part })}
            contract={f.contract}
            onContract={f.setContract}
          />
        </>
      )}
    </Dialog>
  );
}
