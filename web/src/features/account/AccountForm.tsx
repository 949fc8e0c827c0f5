import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, api, must, type Schemas } from '../../api/client';
import { asRead } from '../../api/version';
import { CustomInputs } from '../../app/CustomFields';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Dialog } from '../../ui/Dialog';
import { Select } from '../../ui/Select';
import { useAsOpened } from '../../ui/useAsOpened';
import { accountsLike } from './queries';

export type Account = Schemas['AccountAccountBody'];

/** AccountSelect finds a customer by name, pinyin or initials. */
export function AccountSelect({
  value,
  known,
  onChange,
  without,
}: {
  value: string;
  /** The name of the present value, before anything is searched. */
  known?: string;
  onChange: (id: string) => void;
  without?: string;
}) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const found = useQuery(accountsLike(search, 20));
  const options = (found.data?.items ?? [])
    .filter((a) => a.id !== without)
    .map((a) => ({ value: a.id, label: a.name }));
  if (value && known && !options.some((o) => o.value === value)) options.unshift({ value, label: known });
  return (
    <Select
      allowClear
      className="wide"
      placeholder={t('common.searchHint')}
      showSearch={{ filterOption: false, onSearch: setSearch }}
      value={value || undefined}
      onChange={(v?: string) => onChange(v ?? '')}
      options={options}
    />
  );
}

/** AccountForm makes a customer or changes one; a name that is taken is said, not whose it is. */
export function AccountForm({
  a: account,
  parent,
  onClose,
  onSaved,
}: {
  a?: Account;
  parent?: string;
  onClose: () => void;
  onSaved?: (a: Account) => void;
}) {
  const { t } = useTranslation();
  const a = useAsOpened(account);
  const [form, setForm] = useState({
    name: a?.name ?? '',
    industry: a?.industry ?? '',
    region: a?.region ?? '',
    class: a?.class ?? '',
  });
  const [parentId, setParent] = useState(a?.parentId ?? '');
  const [custom, setCustom] = useState<Record<string, string>>(a?.custom ?? {});
  const save = useWrite(
    (evenIfTaken: boolean, key) =>
      a
        ? must(
            api.PUT('/api/accounts/{id}', {
              params: asRead(a),
              headers: { 'Yunchou-Path': 'form' },
              body: { ...form, parentId, custom },
            }),
          )
        : must(
            api.POST('/api/accounts', {
              headers: { 'Yunchou-Path': 'form' },
              body: { id: key(), ...form, parentId, custom, evenIfTaken },
            }),
          ),
    {
      done: (made) => {
        onSaved?.(made);
        onClose();
      },
      stale: [['accounts']],
    },
  );
  const taken = save.error instanceof ApiError && save.error.problem.code === 'account.name_taken';
  return (
    <Dialog
      title={a ? t('record.edit') : t('account.create')}
      ok={taken ? t('account.createAnyway') : t('common.save')}
      ready={!!form.name.trim()}
      pending={save.isPending}
      error={save.error}
      onOk={() => save.mutate(taken)}
      onClose={onClose}
    >
      <Field label={t('account.name')} at="name">
        <Input
          value={form.name}
          onChange={(e) => {
            setForm({ ...form, name: e.target.value });
            if (taken) save.reset();
          }}
          maxLength={60}
        />
      </Field>
      <div className="grid2">
        {(['industry', 'region', 'class'] as const).map((k) => (
          <Field key={k} at={k} label={k === 'region' ? t('opp.region') : t(`account.${k}`)}>
            <Input
              value={form[k]}
              onChange={(e) => setForm({ ...form, [k]: e.target.value })}
              maxLength={k === 'class' ? 6 : 30}
            />
          </Field>
        ))}
        <Field label={t('account.parent')}>
          <AccountSelect value={parentId} known={parent} onChange={setParent} without={a?.id} />
        </Field>
      </div>
      <CustomInputs record="account" value={custom} onChange={setCustom} />
    </Dialog>
  );
}
