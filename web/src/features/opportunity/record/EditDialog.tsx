import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Input, InputNumber, Segmented, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { asRead, isStale } from '../../../api/version';
import { CustomInputs } from '../../../app/CustomFields';
import { AmountField } from '../../../ui/Amount';
import { Field } from '../../../ui/bits';
import { DateField } from '../../../ui/DateField';
import { Dialog } from '../../../ui/Dialog';
import { percent } from '../../../ui/format';
import { changed, rebase } from '../../../ui/rebase';
import { Clash, clashOf } from '../Clash';
import { asSent, CustomerInput } from '../CustomerInput';
import { competitorsOf, opportunityDetail, type RecordBody, useChange } from '../queries';

// The VAT rates there are, in basis points.
const taxRates = [1300, 900, 600, 300, 100, 0];

/** termsOf are what the form asks of a record. */
const termsOf = (r: RecordBody) => ({
  name: r.name,
  accountId: { id: r.accountId, name: r.account },
  source: r.source,
  amountMinor: r.amountMinor,
  expectedOn: r.expectedOn,
  confidenceBp: r.confidenceBp,
  taxIncluded: r.taxIncluded,
  taxBp: r.taxBp,
  competitors: r.competitors.map((c) => c.name),
});
type Terms = ReturnType<typeof termsOf>;

/** useEdit holds what was typed, and the record it was typed on: where another was quicker, it is put on his. */
function useEdit(opened: RecordBody) {
  const query = useQueryClient();
  const [r, setR] = useState(opened);
  const [f, setF] = useState(termsOf(opened));
  const [custom, setCustom] = useState<Record<string, string>>(opened.custom);
  const [reason, setReason] = useState('');
  const [both, setBoth] = useState<(keyof Terms)[]>();
  const save = useChange(r.id, async () => {
    const { competitors, accountId: customer, ...terms } = changed(f, termsOf(r));
    const own = changed(custom, r.custom);
    let out = r;
    if (customer || Object.keys(terms).length + Object.keys(own).length > 0)
      out = await must(
        api.PATCH('/api/opportunities/{id}', {
          params: asRead(r),
          headers: { 'Yunchou-Path': 'form' },
          body: {
            ...terms,
            ...(customer ? asSent(customer) : {}),
            ...(reason.trim() ? { reason } : {}),
            amountMinor: terms.amountMinor ?? undefined,
            confidenceBp: terms.confidenceBp ?? undefined,
            taxBp: terms.taxBp ?? undefined,
            custom: own as Record<string, string>,
          },
        }),
      );
    if (competitors)
      out = await must(
        api.PUT('/api/opportunities/{id}/competitors', { params: asRead(out), body: { names: competitors } }),
      );
    return out;
  });
  const meet = async (err: unknown) => {
    if (!isStale(err)) return;
    const now = await query.fetchQuery({ ...opportunityDetail(r.id), staleTime: 0 });
    const met = rebase(f, termsOf(r), termsOf(now));
    setF(met.form);
    setCustom(rebase(custom, r.custom, now.custom).form);
    setBoth(met.both);
    setR(now);
  };
  return {
    r,
    f,
    set: (part: Partial<Terms>) => setF({ ...f, ...part }),
    custom,
    setCustom,
    reason,
    setReason,
    both,
    save,
    meet,
  };
}

/** EditDialog changes fields of a record; it resets no clock. What a closed record was closed for stays. */
export function EditDialog({ r: opened, onClose }: { r: RecordBody; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { r, f, set, custom, setCustom, reason, setReason, both, save, meet } = useEdit(opened);
  const clash = clashOf(save.error);
  const known = useQuery(competitorsOf);
  const closed = r.state !== 'open';
  const cap = r.pipeline.stages.find((s) => s.id === r.stageId)?.confidenceCapBp ?? 10000;
  return (
    <Dialog
      title={t('record.edit')}
      ok={t('common.save')}
      ready={!clash || !!reason.trim()}
      pending={save.isPending}
      error={clash || isStale(save.error) ? null : save.error}
      onClose={onClose}
      onOk={() =>
        save.mutate(undefined, {
          onSuccess: () => {
            message.success(t('common.saved'));
            onClose();
          },
          onError: meet,
        })
      }
    >
      {both && isStale(save.error) && (
        <Alert
          type="warning"
          showIcon
          title={
            both.length === 0
              ? t('record.met')
              : t('record.metBoth', { fields: both.map((k) => t(`record.field.${k}`)).join(t('common.comma')) })
          }
        />
      )}
      <Field label={t('opp.name')} at="name">
        <Input value={f.name} onChange={(e) => set({ name: e.target.value })} maxLength={100} />
      </Field>
      <CustomerInput
        value={f.accountId}
        onChange={(accountId) => {
          set({ accountId });
          if (clash) save.reset();
        }}
      />
      {clash && <Clash clash={clash} customer={f.accountId.name.trim()} reason={reason} onReason={setReason} />}
      {!closed && (
        <div className="grid2">
          <Field label={t('common.aside', { name: t('opp.amount'), value: r.currency })} at="amountMinor">
            <AmountField minor={f.amountMinor} currency={r.currency} onChange={(amountMinor) => set({ amountMinor })} />
          </Field>
          <Field label={t('opp.expectedOn')} at="expectedOn">
            <DateField value={f.expectedOn} onChange={(expectedOn) => set({ expectedOn })} />
          </Field>
          <Field
            label={t('common.aside', { name: t('opp.confidence'), value: '%' })}
            hint={t('record.cap', { cap: cap / 100 })}
            at="confidenceBp"
          >
            <InputNumber<number>
              controls={false}
              min={0}
              max={100}
              value={f.confidenceBp === null ? null : f.confidenceBp / 100}
              onChange={(v) => set({ confidenceBp: v === null ? null : Math.round(v * 100) })}
              className="wide"
            />
          </Field>
          <Field label={t('opp.taxRate')} at="taxBp">
            <div className="side">
              <Segmented
                aria-label={t('opp.taxRate')}
                value={f.taxIncluded}
                onChange={(taxIncluded) => set({ taxIncluded })}
                options={[
                  { value: true, label: t('opp.taxIn') },
                  { value: false, label: t('opp.taxOut') },
                ]}
              />
              <Select
                aria-label={t('opp.taxRate')}
                className="grow"
                value={f.taxBp}
                placeholder={t('opp.taxUnknown')}
                onChange={(taxBp) => set({ taxBp })}
                options={taxRates.map((bp) => ({ value: bp, label: percent(bp, 0) }))}
              />
            </div>
          </Field>
        </div>
      )}
      <Field label={t('opp.source')}>
        <Input value={f.source} onChange={(e) => set({ source: e.target.value })} maxLength={60} />
      </Field>
      <CustomInputs record="opportunity" value={custom} onChange={setCustom} />
      {!closed && (
        <Field label={t('record.competitors')}>
          <Select
            mode="tags"
            className="wide"
            value={f.competitors}
            onChange={(competitors) => set({ competitors })}
            options={known.data?.map((c) => ({ value: c.name, label: c.name }))}
          />
        </Field>
      )}
    </Dialog>
  );
}
