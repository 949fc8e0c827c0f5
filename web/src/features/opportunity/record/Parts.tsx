import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { asRead } from '../../../api/version';
import { useMe, usePipelines } from '../../../app/session';
import { Amount, AmountField } from '../../../ui/Amount';
import { Field } from '../../../ui/bits';
import { DateField } from '../../../ui/DateField';
import { productsOf } from '../../org/queries';
import type { RecordBody } from '../queries';
import { at, Drop, PartDialog, without } from './PartDialog';

/** LinesDialog: the amount by product line; lines add up to the amount. */
export function LinesDialog({ r, onClose }: { r: RecordBody; onClose: () => void }) {
  const { t } = useTranslation();
  const [lines, setLines] = useState(r.lines);
  const products = useQuery(productsOf);
  const sum = lines.reduce((n, l) => n + l.amountMinor, 0);
  return (
    <PartDialog
      r={r}
      title={t('parts.lines')}
      hint={t('parts.linesHint')}
      ready={lines.every((l) => l.productLineId)}
      save={() =>
        must(
          api.PATCH('/api/opportunities/{id}', {
            params: asRead(r),
            headers: { 'Yunchou-Path': 'form' },
            body: { lines, ...(lines.length ? { amountMinor: sum } : {}) },
          }),
        )
      }
      onClose={onClose}
    >
      {lines.map((l, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no identity until it is saved
        <div key={i} className="rowform">
          <Select
            aria-label={t('filter.product')}
            className="wide"
            value={l.productLineId || undefined}
            onChange={(v: string) => setLines(at(lines, i, { productLineId: v }))}
            showSearch={{ optionFilterProp: 'label' }}
            notFoundContent={t('parts.noProducts')}
            options={products.data
              ?.filter((p) => !p.retired || p.id === l.productLineId)
              .map((p) => ({ value: p.id, label: p.name }))}
          />
          <AmountField
            label={t('opp.amount')}
            className="w-170"
            minor={l.amountMinor}
            currency={r.currency}
            onChange={(minor) => setLines(at(lines, i, { amountMinor: minor ?? 0 }))}
          />
          <Drop what={t('parts.lines')} onClick={() => setLines(without(lines, i))} />
        </div>
      ))}
      <div className="side">
        <Button
          onClick={() =>
            setLines([...lines, { productLineId: '', amountMinor: Math.max(0, (r.amountMinor ?? 0) - sum) }])
          }
        >
          {t('parts.add')}
        </Button>
        {lines.length > 0 && (
          <span>
            {t('parts.newAmount')} <Amount minor={sum} currency={r.currency} />
          </span>
        )}
      </div>
    </PartDialog>
  );
}

/** PipelineDialog: another business type; the old pipeline counts the deal as taken out. */
export function PipelineDialog({ r, onClose }: { r: RecordBody; onClose: () => void }) {
  const { t } = useTranslation();
  const pipelines = usePipelines();
  const [to, setTo] = useState<string>();
  const [reason, setReason] = useState('');
  return (
    <PartDialog
      r={r}
      title={t('parts.pipeline')}
      hint={t('parts.pipelineHint')}
      ready={!!to && !!reason.trim()}
      save={() =>
        must(
          api.POST('/api/opportunities/{id}/pipeline', {
            params: asRead(r),
            body: { pipelineId: to ?? '', reason },
          }),
        )
      }
      onClose={onClose}
    >
      <Field label={t('opp.pipeline')}>
        <Select
          className="wide"
          value={to}
          onChange={setTo}
          options={pipelines.data
            ?.filter((p) => p.id !== r.pipelineId && !p.archived)
            .map((p) => ({ value: p.id, label: p.name }))}
        />
      </Field>
      <Field label={t('move.reason')} at="reason">
        <Input value={reason} onChange={(e) => setReason(e.target.value)} maxLength={300} />
      </Field>
    </PartDialog>
  );
}

/** CorrectDialog: the present stage was entered on another day; the wrong stay stays readable. */
export function CorrectDialog({ r, onClose }: { r: RecordBody; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [on, setOn] = useState(r.enteredOn || me.today);
  const [reason, setReason] = useState('');
  return (
    <PartDialog
      r={r}
      title={t('parts.correct')}
      hint={t('parts.correctHint')}
      ready={!!reason.trim() && on !== r.enteredOn}
      save={() =>
        must(
          api.POST('/api/opportunities/{id}/correct-stay', {
            params: asRead(r),
            body: { on, reason },
          }),
        )
      }
      onClose={onClose}
    >
      <Field label={t('parts.enteredOn')} at="on">
        <DateField value={on} max={me.today} onChange={setOn} />
      </Field>
      <Field label={t('move.reason')} at="reason">
        <Input value={reason} onChange={(e) => setReason(e.target.value)} maxLength={300} />
      </Field>
    </PartDialog>
  );
}

/** TakeBackDialog: the last move never was; what was written and credited with it goes with it, and stays readable. */
export function TakeBackDialog({ r, onClose }: { r: RecordBody; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const last = r.stays.filter((s) => !s.voided).at(-1);
  return (
    <PartDialog
      r={r}
      title={t('parts.takeBack')}
      ok={t('parts.takeBackOk')}
      hint={t('parts.takeBackHint', { move: last ? `${t(`move.kind.${last.move}`)} ${last.stage}` : '' })}
      ready={!!reason.trim()}
      save={() =>
        must(
          api.POST('/api/opportunities/{id}/correct-stay', {
            params: asRead(r),
            body: { stayId: last?.id, never: true, reason },
          }),
        )
      }
      onClose={onClose}
    >
      <Field label={t('move.reason')} at="reason">
        <Input value={reason} onChange={(e) => setReason(e.target.value)} maxLength={300} />
      </Field>
    </PartDialog>
  );
}
