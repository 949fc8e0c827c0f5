import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { ApiError, api, must } from '../../api/client';
import { useCan, useNames } from '../../app/session';
import { Empty, Field } from '../../ui/bits';
import { ProblemBox } from '../../ui/Problem';

/** AccountsPage: customers by name, pinyin or initials. */
export default function AccountsPage() {
  const { t } = useTranslation();
  const names = useNames();
  const [params, setParams] = useSearchParams();
  const [cursors, setCursors] = useState<string[]>([]);
  const [creating, setCreating] = useState(false);
  const canWrite = useCan('account.write');
  const q = { ...Object.fromEntries(params), cursor: cursors.at(-1) };
  const list = useQuery({
    queryKey: ['accounts', q],
    queryFn: () => must(api.GET('/api/accounts', { params: { query: q as never } })),
    placeholderData: (old) => old,
  });
  return (
    <>
      <div className="top">
        <h1>{t('account.title')}</h1>
        <span className="stamp">{list.data && t('account.count', { count: list.data.total })}</span>
        <div className="sp" />
        {canWrite && (
          <Button type="primary" onClick={() => setCreating(true)}>
            {t('account.create')}
          </Button>
        )}
      </div>
      <div className="filters">
        <Input.Search
          allowClear
          aria-label={t('common.search')}
          placeholder={t('common.searchHint')}
          defaultValue={params.get('q') ?? ''}
          style={{ width: 260 }}
          onChange={(e) => {
            setCursors([]);
            setParams(e.target.value ? { q: e.target.value } : {}, { replace: true });
          }}
        />
      </div>
      {list.isError && <ProblemBox error={list.error} retry={list.refetch} />}
      <div className="card scroll">
        {list.isPending && <Skeleton active className="pad" />}
        {list.data?.items.length === 0 && (
          <Empty title={t('account.empty')}>
            <p>{t('account.emptyHint')}</p>
          </Empty>
        )}
        {(list.data?.items.length ?? 0) > 0 && (
          <table className="t">
            <thead>
              <tr>
                <th>{t('account.name')}</th>
                <th className="l">{t('account.industry')}</th>
                <th className="l">{t('opp.region')}</th>
                <th className="l">{t('account.class')}</th>
                <th className="l">{t('opp.owner')}</th>
              </tr>
            </thead>
            <tbody>
              {list.data?.items.map((a) => (
                <tr key={a.id}>
                  <td>
                    <Link to={`/accounts/${a.id}`}>
                      <b>{a.name}</b>
                    </Link>
                  </td>
                  <td className="l">{a.industry}</td>
                  <td className="l">{a.region}</td>
                  <td className="l">{a.class}</td>
                  <td className="l">{names.member(a.ownerId)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      <div className="filters" style={{ marginTop: 12, justifyContent: 'flex-end' }}>
        <Button disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>
          {t('common.previous')}
        </Button>
        <Button disabled={!list.data?.next} onClick={() => setCursors([...cursors, list.data?.next ?? ''])}>
          {t('common.next')}
        </Button>
      </div>
      {creating && <Create onClose={() => setCreating(false)} />}
    </>
  );
}

function Create({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const query = useQueryClient();
  const [id] = useState(() => crypto.randomUUID());
  const [name, setName] = useState('');
  const [industry, setIndustry] = useState('');
  const [region, setRegion] = useState('');
  const save = useMutation({
    mutationFn: (evenIfTaken: boolean) =>
      must(
        api.POST('/api/accounts', {
          headers: { 'Yunchou-Path': 'form' },
          body: { id, name, industry, region, evenIfTaken },
        }),
      ),
    onSuccess: async (a) => {
      await query.invalidateQueries({ queryKey: ['accounts'] });
      navigate(`/accounts/${a.id}`);
    },
  });
  const taken = save.error instanceof ApiError && save.error.problem.code === 'account.name_taken';
  return (
    <Modal
      open
      title={t('account.create')}
      onCancel={onClose}
      okText={taken ? t('account.createAnyway') : t('common.save')}
      confirmLoading={save.isPending}
      onOk={() => save.mutate(taken)}
      okButtonProps={{ disabled: !name.trim() }}
    >
      {save.error && <ProblemBox error={save.error} />}
      <Field label={t('account.name')}>
        <Input
          value={name}
          onChange={(e) => {
            setName(e.target.value);
            save.reset();
          }}
          maxLength={60}
        />
      </Field>
      <div className="grid2">
        <Field label={t('account.industry')}>
          <Input value={industry} onChange={(e) => setIndustry(e.target.value)} maxLength={40} />
        </Field>
        <Field label={t('opp.region')}>
          <Input value={region} onChange={(e) => setRegion(e.target.value)} maxLength={40} />
        </Field>
      </div>
    </Modal>
  );
}
