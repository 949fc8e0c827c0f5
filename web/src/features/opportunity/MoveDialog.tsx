import { App, Button, Input, InputNumber, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type Schemas } from '../../api/client';
import { useMe } from '../../app/session';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { Dialog } from '../../ui/Dialog';
import { toMajor, toMinor } from '../../ui/format';
import { type Card, type MoveBody, move, type Opp, useChange } from './queries';

type Version = Schemas['PipelineVersion'];
type Gap = Schemas['PipelineGap'];
export type Target = string | 'withdrawn' | 'reopen';

const lossKinds = ['competitor', 'no_decision', 'cancelled', 'tender_void', 'we_withdrew'];

/**
 * MoveDialog asks only for what the move needs and shows exactly what stands in
 * its way. With no target it is the phone's "move to…" sheet.
 */
export function MoveDialog({
  opp,
  pipeline,
  target,
  path,
  onClose,
  onEvidence,
}: {
  opp: Card | Opp;
  pipeline: Version;
  target?: Target;
  path: 'form' | 'board';
  onClose: () => void;
  onEvidence?: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const [to, setTo] = useState<Target | undefined>(target);
  const [form, setForm] = useState<Partial<MoveBody>>({});
  const [contract, setContract] = useState<number | null>(toMajor(opp.amountMinor, opp.currency));
  const [exception, setException] = useState<string | null>(null);
  const change = useChange(opp.id, (b: MoveBody) => move(opp.id, b, path));
  const stages = pipeline.stages;
  const from = stages.findIndex((s) => s.id === opp.stageId);
  const at = stages.findIndex((s) => s.id === to);
  const kind =
    to === 'withdrawn' || to === 'reopen'
      ? to
      : stages[at]?.kind === 'open'
        ? at < from
          ? 'return'
          : 'advance'
        : (stages[at]?.kind ?? '');
  const set = (patch: Partial<MoveBody>) => setForm({ ...form, ...patch });
  const problem = change.error instanceof ApiError ? change.error.problem : undefined;
  const params = problem?.params as { gaps?: Gap[]; stages?: string[]; exceptionPossible?: boolean } | undefined;
  const name = to === 'withdrawn' ? t('move.withdraw') : to === 'reopen' ? t('move.reopen') : (stages[at]?.name ?? '');
  const submit = () =>
    to &&
    change.mutate(
      {
        ...form,
        to,
        version: opp.version,
        ...(kind === 'won' ? { contractMinor: toMinor(contract, opp.currency) } : {}),
        ...(exception ? { exception } : {}),
      } as MoveBody,
      {
        onSuccess: () => {
          const said = to === 'reopen' ? 'move.reopened' : to === 'withdrawn' ? 'move.withdrawn' : 'move.done';
          message.success(t(said, { name: opp.name, stage: name }));
          onClose();
        },
      },
    );
  return (
    <Dialog
      title={to ? t(`move.title.${kind}`, { stage: name }) : t('move.choose')}
      ready={!!to}
      pending={change.isPending}
      error={params?.gaps ? undefined : change.error}
      onOk={submit}
      onClose={onClose}
      footer={(form) =>
        to ? (
          <Space>
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            <Button
              type="primary"
              danger={kind === 'lost' || kind === 'withdrawn'}
              loading={change.isPending}
              htmlType="submit"
              form={form}
            >
              {exception !== null ? t('move.withException') : t(`move.go.${kind}`)}
            </Button>
          </Space>
        ) : null
      }
    >
      <p className="ink2 lead">{opp.name}</p>
      {!to && (
        <Space orientation="vertical" className="wide">
          {stages.map((s) => (
            <Button key={s.id} block size="large" disabled={s.id === opp.stageId} onClick={() => setTo(s.id)}>
              {s.name}
              {s.id === opp.stageId ? ` · ${t('move.here')}` : ''}
            </Button>
          ))}
        </Space>
      )}
      {params?.gaps && (
        <div className="card gated" role="alert">
          <h2>
            {params.stages
              ? t('move.skipRefused', { stages: params.stages.join('、') })
              : t('move.gated', { count: params.gaps.length })}
          </h2>
          {params.gaps.map((g) => (
            <div className="ms" key={g.stageId + g.key}>
              <i className={g.why === 'waiting' ? 'box half' : 'box'} />
              <div>
                <b>{g.name}</b>
                <small>{t(`gap.${g.why}`)}</small>
              </div>
            </div>
          ))}
          <div className="pad side">
            {onEvidence && params.gaps.length > 0 && (
              <Button
                type="primary"
                onClick={() => {
                  onClose();
                  onEvidence();
                }}
              >
                {t('move.supply')}
              </Button>
            )}
            {exception === null && <Button onClick={() => setException('')}>{t('move.askException')}</Button>}
          </div>
        </div>
      )}
      {exception !== null && (
        <Field label={t('move.exceptionReason')} at="exception" hint={t('move.exceptionHint')}>
          <Input.TextArea rows={2} value={exception} onChange={(e) => setException(e.target.value)} maxLength={300} />
        </Field>
      )}
      {to && (
        <>
          {kind === 'won' && (
            <div className="grid2">
              <Field label={`${t('opp.contract')} (${opp.currency})`} at="contractMinor">
                <InputNumber<number> min={0} value={contract} onChange={setContract} className="wide" />
              </Field>
              <Field label={t('opp.signedOn')} at="signedOn">
                <DateField value={form.signedOn ?? ''} max={me.today} onChange={(v) => set({ signedOn: v })} />
              </Field>
            </div>
          )}
          {kind === 'lost' && (
            <>
              <Field label={t('loss.kind')} at="lossKind">
                <Select
                  className="wide"
                  value={form.lossKind}
                  onChange={(v) => set({ lossKind: v })}
                  options={lossKinds.map((k) => ({ value: k, label: t(`loss.${k}`) }))}
                />
              </Field>
              {form.lossKind === 'competitor' && (
                <Field label={t('loss.who')} at="competitor">
                  <Input value={form.competitor} onChange={(e) => set({ competitor: e.target.value })} maxLength={60} />
                </Field>
              )}
            </>
          )}
          {kind === 'withdrawn' && (
            <Field label={t('loss.kind')} at="lossKind">
              <Select
                className="wide"
                value={form.lossKind}
                onChange={(v) => set({ lossKind: v })}
                options={['invalid', 'duplicate'].map((k) => ({ value: k, label: t(`loss.${k}`) }))}
              />
            </Field>
          )}
          {kind !== 'advance' && kind !== 'won' && (
            <Field label={t('move.reason')} at="reason">
              <Input.TextArea
                rows={2}
                value={form.reason}
                onChange={(e) => set({ reason: e.target.value })}
                maxLength={300}
              />
            </Field>
          )}
          <Field label={t('move.on')} at="on" hint={t('move.onHint')}>
            <DateField value={form.on ?? me.today} max={me.today} onChange={(v) => set({ on: v })} />
          </Field>
        </>
      )}
    </Dialog>
  );
}
