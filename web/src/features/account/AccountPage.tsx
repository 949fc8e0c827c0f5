import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { api, must, type Schemas } from '../../api/client';
import { useCan, useMe, useNames } from '../../app/session';
import { Empty, Field, Money } from '../../ui/bits';
import { day } from '../../ui/format';
import { ProblemBox } from '../../ui/Problem';

/** AccountPage: one customer with its people and opportunities. */
export default function AccountPage() {
  const { id = '' } = useParams();
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const navigate = useNavigate();
  const query = useQueryClient();
  const { message } = App.useApp();
  const canWrite = useCan('account.write');
  const [editing, setEditing] = useState(false);
  const [person, setPerson] = useState(false);
  const account = useQuery({
    queryKey: ['accounts', id],
    queryFn: () => must(api.GET('/api/accounts/{id}', { params: { path: { id } } })),
  });
  const people = useQuery({
    queryKey: ['contacts', id],
    queryFn: () => must(api.GET('/api/contacts', { params: { query: { account: id, limit: 100 } } })),
  });
  const opps = useQuery({
    queryKey: ['opportunity', 'list', { account: id }],
    queryFn: () => must(api.GET('/api/opportunities', { params: { query: { account: id, limit: 100 } } })),
  });
  const fields = useQuery({ queryKey: ['fields'], queryFn: () => must(api.GET('/api/fields')) });
  if (account.isPending) return <Skeleton active style={{ marginTop: 24 }} />;
  if (account.isError) return <ProblemBox error={account.error} retry={account.refetch} />;
  const a = account.data;
  const remove = async () => {
    await must(api.POST('/api/accounts/{id}/delete', { params: { path: { id } } }));
    await query.invalidateQueries({ queryKey: ['accounts'] });
    const key = `undo-${id}`;
    message.open({
      key,
      duration: 8,
      content: (
        <span>
          {t('account.deleted')}{' '}
          <Button
            type="link"
            onClick={async () => {
              await must(api.POST('/api/accounts/{id}/restore', { params: { path: { id } } }));
              message.destroy(key);
              navigate(`/accounts/${id}`);
            }}
          >
            {t('common.undo')}
          </Button>
        </span>
      ),
    });
    navigate('/accounts');
  };
  return (
    <>
      <div className="top">
        <div className="sp" />
        {canWrite && !a.deleted && (
          <>
            <Button onClick={() => setEditing(true)}>{t('record.edit')}</Button>
            <Button onClick={remove}>{t('common.delete')}</Button>
          </>
        )}
      </div>
      <div className="head">
        <div>
          <h1>{a.name}</h1>
          <div className="ink2">
            {[a.industry, a.region, a.class && `${t('account.class')} ${a.class}`, names.member(a.ownerId)]
              .filter(Boolean)
              .join(' · ')}
          </div>
        </div>
      </div>
      <div className="cols">
        <div className="card">
          <h2>
            {t('account.opportunities')}
            <span>{opps.data?.totals.reduce((n, x) => n + x.count, 0)}</span>
          </h2>
          {opps.data?.items.length === 0 && <Empty title={t('list.empty')} />}
          <div className="scroll">
            <table className="t">
              <tbody>
                {opps.data?.items.map((o) => (
                  <tr key={o.id}>
                    <td>
                      <Link to={`/opportunities/${o.id}`}>{o.name}</Link>
                    </td>
                    <td>{t(`state.${o.state}`)}</td>
                    <td>{day(o.closedOn || o.expectedOn || o.createdOn, me.today)}</td>
                    <td>
                      <Money minor={o.amountMinor} currency={o.currency} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
        <div>
          <div className="card">
            <h2>
              {t('account.people')}
              {canWrite && (
                <Button size="small" onClick={() => setPerson(true)}>
                  {t('account.addPerson')}
                </Button>
              )}
            </h2>
            {people.data?.items.map((c) => (
              <div className="ms" key={c.id} style={{ gridTemplateColumns: 'minmax(0,1fr) auto' }}>
                <div>
                  <b>{c.name}</b>
                  <small>{c.title}</small>
                </div>
                {c.mobile && <a href={`tel:${c.mobile}`}>{c.mobile}</a>}
              </div>
            ))}
            {people.data?.items.length === 0 && <div className="pad ink2">{t('account.noPeople')}</div>}
          </div>
          {(Object.keys(a.custom).length > 0 || a.external.length > 0) && (
            <div className="card">
              <h2>{t('record.facts')}</h2>
              <div style={{ padding: '8px 0' }}>
                {Object.entries(a.custom).map(([k, v]) => (
                  <div className="kv" key={k}>
                    <span>{fields.data?.find((f) => f.record === 'account' && f.key === k)?.label ?? k}</span>
                    <b>{v}</b>
                  </div>
                ))}
                {a.external.map((e) => (
                  <div className="kv" key={e.source + e.id}>
                    <span>{e.source}</span>
                    <b>{e.id}</b>
                  </div>
                ))}
              </div>
            </div>
          )}
        </div>
      </div>
      {editing && (
        <Edit
          a={a}
          fields={fields.data?.filter((f) => f.record === 'account') ?? []}
          onClose={() => setEditing(false)}
        />
      )}
      {person && <AddPerson account={id} onClose={() => setPerson(false)} />}
    </>
  );
}

function Edit({
  a,
  fields,
  onClose,
}: {
  a: Schemas['AccountAccountBody'];
  fields: Schemas['FieldField'][];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const query = useQueryClient();
  const [form, setForm] = useState({ name: a.name, industry: a.industry, region: a.region, class: a.class });
  const [custom, setCustom] = useState<Record<string, string>>(a.custom);
  const save = useMutation({
    mutationFn: () =>
      must(
        api.PUT('/api/accounts/{id}', {
          params: { path: { id: a.id }, header: { 'If-Match': `"${a.version}"` } },
          headers: { 'Yunchou-Path': 'form' },
          body: { ...form, parentId: a.parentId, custom },
        }),
      ),
    onSuccess: async () => {
      await query.invalidateQueries({ queryKey: ['accounts'] });
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t('record.edit')}
      onCancel={onClose}
      okText={t('common.save')}
      confirmLoading={save.isPending}
      onOk={() => save.mutate()}
    >
      {save.error && <ProblemBox error={save.error} />}
      {(['name', 'industry', 'region', 'class'] as const).map((k) => (
        <Field key={k} label={k === 'region' ? t('opp.region') : t(`account.${k}`)}>
          <Input value={form[k]} onChange={(e) => setForm({ ...form, [k]: e.target.value })} maxLength={60} />
        </Field>
      ))}
      {fields.map((f) => (
        <Field key={f.key} label={f.label}>
          <Input
            value={custom[f.key] ?? ''}
            onChange={(e) => setCustom({ ...custom, [f.key]: e.target.value })}
            maxLength={200}
          />
        </Field>
      ))}
    </Modal>
  );
}

function AddPerson({ account, onClose }: { account: string; onClose: () => void }) {
  const { t } = useTranslation();
  const query = useQueryClient();
  const [id] = useState(() => crypto.randomUUID());
  const [form, setForm] = useState({ name: '', title: '', mobile: '', wechat: '' });
  const save = useMutation({
    mutationFn: () =>
      must(
        api.POST('/api/contacts', { headers: { 'Yunchou-Path': 'form' }, body: { id, accountId: account, ...form } }),
      ),
    onSuccess: async () => {
      await query.invalidateQueries({ queryKey: ['contacts'] });
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t('account.addPerson')}
      onCancel={onClose}
      okText={t('common.save')}
      confirmLoading={save.isPending}
      onOk={() => save.mutate()}
      okButtonProps={{ disabled: !form.name.trim() }}
    >
      {save.error && <ProblemBox error={save.error} />}
      {(['name', 'title', 'mobile', 'wechat'] as const).map((k) => (
        <Field key={k} label={t(`contact.${k}`)}>
          <Input value={form[k]} onChange={(e) => setForm({ ...form, [k]: e.target.value })} maxLength={40} />
        </Field>
      ))}
    </Modal>
  );
}
