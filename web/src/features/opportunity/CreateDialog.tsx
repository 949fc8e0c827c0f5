import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { CustomInputs } from '../../app/CustomFields';
import { useMe, usePipelines } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { AmountField } from '../../ui/Amount';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { Dialog } from '../../ui/Dialog';
import { Clash, clashOf } from './Clash';
import { asSent, type Customer, CustomerInput } from './CustomerInput';
import { createDeal, ofDeals } from './queries';
import { SameDeals } from './SameDeals';

/** CreateDialog: the customer as he is typed, name, amount. The rest can wait. */
export function CreateDialog({
  onClose,
  accountId,
  accountName,
  pipelineId,
}: {
  onClose: () => void;
  accountId?: string;
  accountName?: string;
  pipelineId?: string;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const pipelines = usePipelines();
  const [name, setName] = useState('');
  const [customer, setCustomer] = useState<Customer>({ id: accountId ?? '', name: accountName ?? '' });
  const [amount, setAmount] = useState<number | null>(null);
  const [pipeline, setPipeline] = useState<string | undefined>(pipelineId);
  const [expected, setExpected] = useState('');
  const [custom, setCustom] = useState<Record<string, string>>({});
  const [reason, setReason] = useState('');
  const create = useWrite(
    (_, key) =>
      createDeal({
        ...{ id: key(), name, pipelineId: pipeline, custom },
        ...(customer.name.trim() ? asSent(customer) : {}),
        ...(reason.trim() ? { clashReason: reason } : {}),
        amountMinor: amount ?? undefined,
        ...(expected ? { expectedOn: expected } : {}),
      }),
    {
      said: t('create.done'),
      done: (r) => {
        onClose();
        navigate(`/opportunities/${r.id}`);
      },
      stale: [...ofDeals, ['accounts']],
    },
  );
  const clash = clashOf(create.error);
  const ready = !!name.trim() && (!clash || !!reason.trim());
  return (
    <Dialog
      title={t('create.title')}
      ready={ready}
      pending={create.isPending}
      error={clash ? null : create.error}
      onOk={() => create.mutate()}
      onClose={onClose}
      footer={(form) => (
        <Button
          type="primary"
          block
          size="large"
          disabled={!ready}
          loading={create.isPending}
          htmlType="submit"
          form={form}
        >
          {clash ? t('clash.anyway') : t('create.go')}
        </Button>
      )}
    >
      <CustomerInput
        value={customer}
        onChange={(c) => {
          setCustomer(c);
          if (clash) create.reset();
        }}
      />
      {clash && <Clash clash={clash} customer={customer.name.trim()} reason={reason} onReason={setReason} />}
      <Field label={t('opp.name')} at="name">
        <Input value={name} onChange={(e) => setName(e.target.value)} maxLength={100} />
      </Field>
      {!clash && <SameDeals customer={customer} name={name} />}
      <Field label={t('common.aside', { name: t('opp.amount'), value: me.currency })} at="amountMinor">
        <AmountField minor={amount} currency={me.currency} onChange={setAmount} />
      </Field>
      <div className="grid2">
        <Field label={t('opp.pipeline')}>
          <Select
            className="wide"
            value={pipeline ?? pipelines.data?.[0]?.id}
            onChange={setPipeline}
            options={pipelines.data?.map((p) => ({ value: p.id, label: p.name }))}
          />
        </Field>
        <Field label={t('opp.expectedOn')}>
          <DateField value={expected} min={me.today} onChange={setExpected} />
        </Field>
      </div>
      <CustomInputs record="opportunity" value={custom} onChange={setCustom} />
    </Dialog>
  );
}
