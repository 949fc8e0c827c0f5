import { useQuery } from '@tanstack/react-query';
import { App, Input, InputNumber, Segmented, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { CustomInputs } from '../../../app/CustomFields';
import { DateInput, Field } from '../../../ui/bits';
import { Dialog } from '../../../ui/Dialog';
import { percent, toMajor, toMinor } from '../../../ui/format';
import { asRead, type RecordBody, useChange } from '../queries';

// The VAT rates there are, in basis points.
const taxRates = [1300, 900, 600, 300, 100, 0];

/** EditDialog changes fields of a record; it resets no clock. */
export function EditDialog({ r, onClose }: { r: RecordBody; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [name, setName] = useState(r.name);
  const [amount, setAmount] = useState<number | null>(toMajor(r.amountMinor, r.currency));
  const [expected, setExpected] = useState(r.expectedOn);
  const [confidence, setConfidence] = useState<number | null>(r.confidenceBp === null ? null : r.confidenceBp / 100);
  const [taxIncluded, setTaxIncluded] = useState(r.taxIncluded);
  const [taxBp, setTaxBp] = useState(r.taxBp);
  const [source, setSource] = useState(r.source);
  const [competitors, setCompetitors] = useState(r.competitors.map((c) => c.name));
  const [custom, setCustom] = useState<Record<string, string>>(r.custom);
  const known = useQuery({ queryKey: ['competitors'], queryFn: () => must(api.GET('/api/competitors')) });
  const closed = r.state !== 'open';
  const cap = r.pipeline.stages.find((s) => s.id === r.stageId)?.confidenceCapBp ?? 10000;
  // What a closed record was closed for stays; reopening comes before changing that.
  const terms = {
    expectedOn: expected,
    taxIncluded,
    ...(taxBp !== null ? { taxBp } : {}),
    ...(amount !== null ? { amountMinor: toMinor(amount, r.currency) } : {}),
    ...(confidence !== null ? { confidenceBp: Math.round(confidence * 100) } : {}),
  };
  const save = useChange(r.id, async () => {
    let out = await must(
      api.PATCH('/api/opportunities/{id}', {
        params: asRead(r),
        headers: { 'Yunchou-Path': 'form' },
        body: {
          name,
          source,
          custom,
          ...(closed ? {} : terms),
        },
      }),
    );
    if (competitors.join() !== r.competitors.map((c) => c.name).join())
      out = await must(
        api.PUT('/api/opportunities/{id}/competitors', {
          params: asRead(out),
          body: { names: competitors },
        }),
      );
    return out;
  });
  return (
    <Dialog
      title={t('record.edit')}
      ok={t('common.save')}
      pending={save.isPending}
      error={save.error}
      onClose={onClose}
      onOk={() =>
        save.mutate(undefined, {
          onSuccess: () => {
            message.success(t('common.saved'));
            onClose();
          },
        })
      }
    >
      <Field label={t('opp.name')} at="name">
        <Input value={name} onChange={(e) => setName(e.target.value)} maxLength={100} />
      </Field>
      {!closed && (
        <div className="grid2">
          <Field label={`${t('opp.amount')} (${r.currency})`} at="amountMinor">
            <InputNumber<number> min={0} value={amount} onChange={setAmount} className="wide" />
          </Field>
          <Field label={t('opp.expectedOn')} at="expectedOn">
            <DateInput value={expected} onChange={setExpected} />
          </Field>
          <Field label={`${t('opp.confidence')} (%)`} hint={t('record.cap', { cap: cap / 100 })} at="confidenceBp">
            <InputNumber<number> min={0} max={100} value={confidence} onChange={setConfidence} className="wide" />
          </Field>
          <Field label={t('opp.taxRate')} at="taxBp">
            <div className="side">
              <Segmented
                value={taxIncluded}
                onChange={setTaxIncluded}
                options={[
                  { value: true, label: t('opp.taxIn') },
                  { value: false, label: t('opp.taxOut') },
                ]}
              />
              <Select
                aria-label={t('opp.taxRate')}
                style={{ flex: 1 }}
                value={taxBp}
                placeholder={t('opp.taxUnknown')}
                onChange={setTaxBp}
                options={taxRates.map((bp) => ({ value: bp, label: percent(bp, 0) }))}
              />
            </div>
          </Field>
        </div>
      )}
      <Field label={t('opp.source')}>
        <Input value={source} onChange={(e) => setSource(e.target.value)} maxLength={60} />
      </Field>
      <CustomInputs record="opportunity" value={custom} onChange={setCustom} />
      {!closed && (
        <Field label={t('record.competitors')}>
          <Select
            mode="tags"
            className="wide"
            value={competitors}
            onChange={setCompetitors}
            options={known.data?.map((c) => ({ value: c.name, label: c.name }))}
          />
        </Field>
      )}
    </Dialog>
  );
}
