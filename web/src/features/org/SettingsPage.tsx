import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Modal, Select, Skeleton, Tabs } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, must, type Schemas } from '../../api/client';
import { type Locale, setLocale } from '../../app/i18n';
import { useCan, useMe, useOrg } from '../../app/session';
import { Field } from '../../ui/bits';
import { ProblemBox, useProblemText } from '../../ui/Problem';

/** SettingsPage: one's own sign-in, and, for administrators, people, fields and the calendar. */
export default function SettingsPage() {
  const { t } = useTranslation();
  const canOrg = useCan('org.edit');
  const canFields = useCan('field.edit');
  const tabs = [
    { key: 'mine', label: t('settings.mine'), children: <Mine /> },
    { key: 'people', label: t('settings.people'), children: <People edit={canOrg} /> },
    ...(canFields ? [{ key: 'fields', label: t('settings.fields'), children: <Fields /> }] : []),
    { key: 'calendar', label: t('settings.calendar'), children: <Calendar /> },
  ];
  return (
    <>
      <div className="top">
        <h1>{t('nav.settings')}</h1>
      </div>
      <Tabs items={tabs} />
    </>
  );
}

function Mine() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const query = useQueryClient();
  const { message } = App.useApp();
  const [form, setForm] = useState({ current: '', next: '' });
  const canImport = useCan('import.run');
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: () => must(api.GET('/api/sessions')) });
  const change = useMutation({
    mutationFn: () => must(api.POST('/api/session/password', { body: form })),
    onSuccess: () => {
      message.success(t('settings.passwordDone'));
      setTimeout(() => location.reload(), 800);
    },
  });
  return (
    <div className="cols">
      <div className="card">
        <h2>
          {me.name} <span>{me.company}</span>
        </h2>
        <div className="pad">
          <Field label={t('settings.language')}>
            <Select
              value={i18n.language as Locale}
              onChange={setLocale}
              style={{ width: 200 }}
              options={[
                { value: 'zh-CN', label: '中文' },
                { value: 'en-US', label: 'English' },
              ]}
            />
          </Field>
          {change.error && <ProblemBox error={change.error} />}
          <Field label={t('settings.currentPassword')}>
            <Input.Password
              autoComplete="current-password"
              value={form.current}
              onChange={(e) => setForm({ ...form, current: e.target.value })}
            />
          </Field>
          <Field label={t('settings.nextPassword')} hint={t('setup.passwordHint')}>
            <Input.Password
              autoComplete="new-password"
              value={form.next}
              onChange={(e) => setForm({ ...form, next: e.target.value })}
            />
          </Field>
          <Button disabled={form.next.length < 10} loading={change.isPending} onClick={() => change.mutate()}>
            {t('settings.changePassword')}
          </Button>
          {canImport && (
            <p>
              <Link to="/import">{t('nav.import')}</Link> · <Link to="/settings/pipelines">{t('nav.pipelines')}</Link>
            </p>
          )}
        </div>
      </div>
      <div className="card">
        <h2>{t('settings.sessions')}</h2>
        {sessions.data?.map((s) => (
          <div className="ms" key={s.id} style={{ gridTemplateColumns: 'minmax(0,1fr) auto' }}>
            <div>
              {s.current ? <b>{t('settings.thisDevice')}</b> : s.agent || '—'}
              <small>{s.createdAt.slice(0, 16).replace('T', ' ')}</small>
            </div>
            {!s.current && (
              <Button
                size="small"
                onClick={async () => {
                  await must(api.DELETE('/api/sessions/{id}', { params: { path: { id: s.id } } }));
                  await query.invalidateQueries({ queryKey: ['sessions'] });
                }}
              >
                {t('settings.revoke')}
              </Button>
            )}
          </div>
        ))}
        <div className="pad">
          <Button
            onClick={async () => {
              await api.DELETE('/api/session');
              location.assign('/');
            }}
          >
            {t('nav.signOut')}
          </Button>
        </div>
      </div>
    </div>
  );
}

type Member = Schemas['OrgMemberBody'];

function People({ edit }: { edit: boolean }) {
  const { t } = useTranslation();
  const org = useOrg();
  const query = useQueryClient();
  const { message } = App.useApp();
  const text = useProblemText();
  const [q, setQ] = useState('');
  const [dialog, setDialog] = useState<'member' | 'team' | Member | null>(null);
  if (!org.data) return <Skeleton active />;
  const list = org.data.members.filter((m) =>
    `${m.name} ${m.pinyin} ${m.initials} ${m.team}`.toLowerCase().includes(q.toLowerCase()),
  );
  const run = async (call: Promise<unknown>) => {
    try {
      await call;
      message.success(t('common.saved'));
      setDialog(null);
      await query.invalidateQueries({ queryKey: ['org'] });
    } catch (e) {
      message.error(text(e));
    }
  };
  return (
    <>
      <div className="filters">
        <Input.Search
          allowClear
          aria-label={t('common.search')}
          placeholder={t('common.searchHint')}
          onChange={(e) => setQ(e.target.value)}
          style={{ width: 240 }}
        />
        {edit && (
          <>
            <Button type="primary" onClick={() => setDialog('member')}>
              {t('settings.addMember')}
            </Button>
            <Button onClick={() => setDialog('team')}>{t('settings.addTeam')}</Button>
          </>
        )}
      </div>
      <div className="card scroll">
        <table className="t">
          <thead>
            <tr>
              <th>{t('settings.name')}</th>
              <th className="l">{t('opp.team')}</th>
              <th className="l">{t('settings.position')}</th>
              <th className="l">{t('settings.role')}</th>
              {edit && <th className="l">{t('signin.login')}</th>}
              {edit && <th />}
            </tr>
          </thead>
          <tbody>
            {list.map((m) => (
              <tr key={m.id}>
                <td>
                  {m.name} {m.leftOn && <span className="chip">{t('settings.left', { on: m.leftOn })}</span>}
                </td>
                <td className="l">{m.team || '—'}</td>
                <td className="l">{m.position}</td>
                <td className="l">{m.role && t(`roleKey.${m.role}`)}</td>
                {edit && <td className="l">{m.login || <span className="ink3">{t('settings.noLogin')}</span>}</td>}
                {edit && (
                  <td>
                    {!m.leftOn && (
                      <Button size="small" onClick={() => setDialog(m)}>
                        {t('record.edit')}
                      </Button>
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {dialog === 'member' && <AddMember org={org.data} run={run} onClose={() => setDialog(null)} />}
      {dialog === 'team' && <AddTeam org={org.data} run={run} onClose={() => setDialog(null)} />}
      {dialog !== null && typeof dialog === 'object' && (
        <EditMember m={dialog} org={org.data} run={run} onClose={() => setDialog(null)} />
      )}
    </>
  );
}

type Props = { org: Schemas['OrgStructureBody']; run: (c: Promise<unknown>) => Promise<void>; onClose: () => void };

function AddMember({ org, run, onClose }: Props) {
  const { t } = useTranslation();
  const [f, setF] = useState({
    name: '',
    login: '',
    password: '',
    teamId: org.teams.find((x) => !x.parentId)?.id ?? '',
    role: 'rep',
    leads: false,
  });
  return (
    <Modal
      open
      title={t('settings.addMember')}
      onCancel={onClose}
      onOk={() =>
        run(must(api.POST('/api/members', { body: { ...f, leads: f.role === 'manager' || f.role === 'director' } })))
      }
      okButtonProps={{ disabled: !f.name.trim() }}
    >
      <Field label={t('settings.name')}>
        <Input value={f.name} onChange={(e) => setF({ ...f, name: e.target.value })} maxLength={30} />
      </Field>
      <div className="grid2">
        <Field label={t('opp.team')}>
          <Select
            style={{ width: '100%' }}
            value={f.teamId}
            onChange={(v) => setF({ ...f, teamId: v })}
            options={org.teams.map((x) => ({ value: x.id, label: x.name }))}
          />
        </Field>
        <Field label={t('settings.role')}>
          <Select
            style={{ width: '100%' }}
            value={f.role}
            onChange={(v) => setF({ ...f, role: v })}
            options={org.roles.map((r) => ({ value: r, label: t(`roleKey.${r}`) }))}
          />
        </Field>
        <Field label={t('signin.login')} hint={t('settings.loginHint')}>
          <Input
            value={f.login}
            onChange={(e) => setF({ ...f, login: e.target.value })}
            maxLength={60}
            autoComplete="off"
          />
        </Field>
        <Field label={t('signin.password')} hint={t('setup.passwordHint')}>
          <Input.Password
            value={f.password}
            onChange={(e) => setF({ ...f, password: e.target.value })}
            autoComplete="new-password"
          />
        </Field>
      </div>
    </Modal>
  );
}

function AddTeam({ org, run, onClose }: Props) {
  const { t } = useTranslation();
  const [f, setF] = useState({ name: '', parentId: org.teams.find((x) => !x.parentId)?.id ?? '', region: '' });
  return (
    <Modal
      open
      title={t('settings.addTeam')}
      onCancel={onClose}
      onOk={() => run(must(api.POST('/api/teams', { body: f })))}
      okButtonProps={{ disabled: !f.name.trim() }}
    >
      <Field label={t('settings.teamName')}>
        <Input value={f.name} onChange={(e) => setF({ ...f, name: e.target.value })} maxLength={30} />
      </Field>
      <div className="grid2">
        <Field label={t('settings.under')}>
          <Select
            style={{ width: '100%' }}
            value={f.parentId}
            onChange={(v) => setF({ ...f, parentId: v })}
            options={org.teams.map((x) => ({ value: x.id, label: x.name }))}
          />
        </Field>
        <Field label={t('opp.region')}>
          <Input value={f.region} onChange={(e) => setF({ ...f, region: e.target.value })} maxLength={30} />
        </Field>
      </div>
    </Modal>
  );
}

function EditMember({ m, org, run, onClose }: Props & { m: Member }) {
  const { t } = useTranslation();
  const [team, setTeam] = useState(m.teamId);
  const [role, setRole] = useState<string>(m.role);
  const [login, setLogin] = useState(m.login);
  const [password, setPassword] = useState('');
  const [heir, setHeir] = useState<string>();
  const path = { params: { path: { id: m.id } } };
  const others = org.members.filter((x) => x.id !== m.id && !x.leftOn);
  return (
    <Modal open title={m.name} onCancel={onClose} footer={null}>
      <Field label={t('opp.team')} hint={t('settings.transferHint')}>
        <div style={{ display: 'flex', gap: 8 }}>
          <Select
            style={{ flex: 1 }}
            value={team || undefined}
            onChange={setTeam}
            options={org.teams.map((x) => ({ value: x.id, label: x.name }))}
          />
          <Button
            disabled={!team || team === m.teamId}
            onClick={() =>
              run(must(api.POST('/api/members/{id}/transfer', { ...path, body: { teamId: team, leads: m.leads } })))
            }
          >
            {t('settings.transfer')}
          </Button>
        </div>
      </Field>
      <Field label={t('settings.role')}>
        <div style={{ display: 'flex', gap: 8 }}>
          <Select
            style={{ flex: 1 }}
            value={role}
            onChange={setRole}
            options={org.roles.map((r) => ({ value: r, label: t(`roleKey.${r}`) }))}
          />
          <Button
            disabled={role === m.role}
            onClick={() => run(must(api.POST('/api/members/{id}/role', { ...path, body: { role } })))}
          >
            {t('common.save')}
          </Button>
        </div>
      </Field>
      <Field label={t('signin.login')} hint={t('settings.newPasswordHint')}>
        <div style={{ display: 'flex', gap: 8 }}>
          <Input value={login} onChange={(e) => setLogin(e.target.value)} maxLength={60} autoComplete="off" />
          <Input.Password
            value={password}
            onChange={(e) => setPassword(e.target.value)}
            autoComplete="new-password"
            placeholder={t('signin.password')}
          />
          <Button
            disabled={password.length < 10 || !login}
            onClick={() => run(must(api.POST('/api/members/{id}/login', { ...path, body: { login, password } })))}
          >
            {t('common.save')}
          </Button>
        </div>
      </Field>
      <Field label={t('settings.leaver')} hint={t('settings.leaverHint')}>
        <div style={{ display: 'flex', gap: 8 }}>
          <Select
            style={{ flex: 1 }}
            allowClear
            placeholder={t('handover.to')}
            value={heir}
            onChange={setHeir}
            showSearch={{ optionFilterProp: 'label' }}
            options={others.map((x) => ({ value: x.id, label: `${x.name} · ${x.team}` }))}
          />
          <Button
            danger
            disabled={!heir}
            onClick={() =>
              run(
                (async () => {
                  await must(
                    api.POST('/api/handovers', {
                      body: { fromId: m.id, toId: heir ?? '', reason: t('settings.leaver') },
                    }),
                  );
                  await must(api.POST('/api/members/{id}/leave', { ...path, body: {} }));
                })(),
              )
            }
          >
            {t('settings.leave')}
          </Button>
        </div>
      </Field>
    </Modal>
  );
}

function Fields() {
  const { t } = useTranslation();
  const query = useQueryClient();
  const list = useQuery({ queryKey: ['fields'], queryFn: () => must(api.GET('/api/fields')) });
  const empty = { record: 'opportunity' as const, key: '', label: '', type: 'text' as const, options: '' };
  const [f, setF] = useState<{
    record: 'account' | 'contact' | 'opportunity';
    key: string;
    label: string;
    type: Schemas['FieldField']['type'];
    options: string;
  }>(empty);
  const add = useMutation({
    mutationFn: () =>
      must(
        api.POST('/api/fields', {
          body: {
            ...f,
            options: f.options
              .split(/[,,\n]/)
              .map((x) => x.trim())
              .filter(Boolean),
          },
        }),
      ),
    onSuccess: async () => {
      setF(empty);
      await query.invalidateQueries({ queryKey: ['fields'] });
    },
  });
  return (
    <div className="cols">
      <div className="card scroll">
        <table className="t">
          <thead>
            <tr>
              <th>{t('settings.fieldLabel')}</th>
              <th className="l">{t('settings.fieldRecord')}</th>
              <th className="l">{t('settings.fieldKey')}</th>
              <th className="l">{t('settings.fieldType')}</th>
            </tr>
          </thead>
          <tbody>
            {list.data?.map((x) => (
              <tr key={x.id}>
                <td>{x.label}</td>
                <td className="l">{t(`record.of.${x.record}`)}</td>
                <td className="l">
                  <code>{x.key}</code>
                </td>
                <td className="l">{t(`fieldType.${x.type}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {list.data?.length === 0 && <div className="pad ink2">{t('settings.noFields')}</div>}
      </div>
      <div className="card pad">
        {add.error && <ProblemBox error={add.error} />}
        <Field label={t('settings.fieldLabel')}>
          <Input value={f.label} onChange={(e) => setF({ ...f, label: e.target.value })} maxLength={40} />
        </Field>
        <Field label={t('settings.fieldKey')} hint={t('settings.fieldKeyHint')}>
          <Input value={f.key} onChange={(e) => setF({ ...f, key: e.target.value })} maxLength={40} />
        </Field>
        <div className="grid2">
          <Field label={t('settings.fieldRecord')}>
            <Select
              style={{ width: '100%' }}
              value={f.record}
              onChange={(v) => setF({ ...f, record: v })}
              options={(['account', 'contact', 'opportunity'] as const).map((v) => ({
                value: v,
                label: t(`record.of.${v}`),
              }))}
            />
          </Field>
          <Field label={t('settings.fieldType')}>
            <Select
              style={{ width: '100%' }}
              value={f.type}
              onChange={(v) => setF({ ...f, type: v })}
              options={(['text', 'number', 'money', 'date', 'choice', 'person'] as const).map((v) => ({
                value: v,
                label: t(`fieldType.${v}`),
              }))}
            />
          </Field>
        </div>
        {f.type === 'choice' && (
          <Field label={t('settings.options')}>
            <Input.TextArea value={f.options} onChange={(e) => setF({ ...f, options: e.target.value })} />
          </Field>
        )}
        <Button type="primary" loading={add.isPending} disabled={!f.label || !f.key} onClick={() => add.mutate()}>
          {t('settings.addField')}
        </Button>
      </div>
    </div>
  );
}

function Calendar() {
  const { t } = useTranslation();
  const query = useQueryClient();
  const canEdit = useCan('settings.edit');
  const { message } = App.useApp();
  const text = useProblemText();
  const s = useQuery({ queryKey: ['settings'], queryFn: () => must(api.GET('/api/settings')) });
  const load = async (f: File | undefined) => {
    if (!f) return;
    try {
      await must(api.POST('/api/settings/holidays', { body: JSON.parse(await f.text()) as never }));
      message.success(t('common.saved'));
      await query.invalidateQueries({ queryKey: ['settings'] });
    } catch (e) {
      message.error(e instanceof SyntaxError ? t('problem.calendar.bad_file') : text(e));
    }
  };
  return (
    <div className="card">
      <h2>{t('settings.calendar')}</h2>
      <table className="t">
        <thead>
          <tr>
            <th>{t('settings.year')}</th>
            <th className="l">{t('settings.status')}</th>
            <th>{t('settings.workingDays')}</th>
          </tr>
        </thead>
        <tbody>
          {s.data?.calendarYears.map((y) => (
            <tr key={y.year}>
              <td>{y.year}</td>
              <td className="l">
                <span className={y.status === 'missing' ? 'chip b' : 'chip g'}>{t(`calendarStatus.${y.status}`)}</span>
              </td>
              <td>{y.status === 'missing' ? '—' : y.workingDays}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {canEdit && (
        <div className="pad">
          <Field label={t('settings.loadYear')} hint={t('settings.loadYearHint')}>
            <input type="file" accept=".json" onChange={(e) => load(e.target.files?.[0])} />
          </Field>
        </div>
      )}
    </div>
  );
}
