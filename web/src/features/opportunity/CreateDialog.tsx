import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, must } from '../../api/client';
import { newId } from '../../api/newId';
import { CustomInputs } from '../../app/CustomFields';
import { useMe, usePipelines } from '../../app/session';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { Dialog } from '../../ui/Dialog';
import { toMinor } from '../../ui/format';
import { opportunityKeys } from './queries';

/** CreateDialog: account, name, amount. The rest can wait. */
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
  const { message } = App.useApp();
  const navigate = useNavigate();
  const query = useQueryClient();
  const pipelines = usePipelines();
  const [id] = useState(newId);
  const [name, setName] = useState('');
  const [account, setAccount] = useState<string | undefined>(accountId);
  const [amount, setAmount] = useState<number | null>(null);
  const [pipeline, setPipeline] = useState<string | undefined>(pipelineId);
  const [expected, setExpected] = useState('');
  const [custom, setCustom] = useState<Record<string, string>>({});
  const [search, setSearch] = useState('');
  const accounts = useQuery({
    queryKey: ['accounts', 'pick', search],
    queryFn: () => must(api.GET('/api/accounts', { params: { query: { q: search, limit: 20 } } })),
  });
  // The same new name keeps its id, so that trying again makes one account.
  const [newIds] = useState(() => new Map<string, string>());
  const accountIdFor = (newName: string) => {
    const made = newIds.get(newName) ?? newId();
    newIds.set(newName, made);
    return made;
  };
  const exists = accounts.data?.items.some((a) => a.name === search.trim());
  const create = useMutation({
    mutationFn: async () => {
      let accountId = account;
      if (account?.startsWith('new:')) {
        const made = await must(
          api.POST('/api/accounts', {
            headers: { 'Yunchou-Path': 'form' },
            body: { id: accountIdFor(account.slice(4)), name: account.slice(4) },
          }),
        );
        accountId = made.id;
      }
      return must(
        api.POST('/api/opportunities', {
          headers: { 'Yunchou-Path': 'form' },
          body: {
            id,
            name,
            accountId,
            pipelineId: pipeline,
            amountMinor: toMinor(amount, me.currency),
            custom,
            ...(expected ? { expectedOn: expected } : {}),
          },
        }),
      );
    },
    onSuccess: async (r) => {
      await query.invalidateQueries({ queryKey: opportunityKeys.all });
      await query.invalidateQueries({ queryKey: ['accounts'] });
      message.success(t('create.done'));
      onClose();
      navigate(`/opportunities/${r.id}`);
    },
  });
  return (
    <Dialog
      title={t('create.title')}
      ready={!!name.trim()}
      pending={create.isPending}
      error={create.error}
      onOk={() => create.mutate()}
      onClose={onClose}
      footer={(form) => (
        <Button
          type="primary"
          block
          size="large"
          disabled={!name.trim()}
          loading={create.isPending}
          htmlType="submit"
          form={form}
        >
          {t('create.go')}
        </Button>
      )}
    >
      <Field label={t('opp.account')}>
        <Select
          showSearch={{ filterOption: false, onSearch: setSearch }}
          className="wide"
          value={account}
          onChange={setAccount}
          placeholder={t('common.searchHint')}
          options={[
            ...(accountId && accountName && !search ? [{ value: accountId, label: accountName }] : []),
            ...(accounts.data?.items
              .filter((a) => search || a.id !== accountId)
              .map((a) => ({ value: a.id, label: a.name })) ?? []),
            ...(search.trim() && !exists
              ? [{ value: `new:${search.trim()}`, label: t('create.newAccount', { name: search.trim() }) }]
              : []),
          ]}
        />
      </Field>
      <Field label={t('opp.name')} at="name">
        <Input value={name} onChange={(e) => setName(e.target.value)} maxLength={100} />
      </Field>
      <Field label={`${t('opp.amount')} (${me.currency})`} at="amountMinor">
        <InputNumber<number> min={0} value={amount} onChange={setAmount} className="wide" />
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
