import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Input, Modal, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../../api/client';
import { MemberSelect } from '../../../app/MemberSelect';
import { useOrg } from '../../../app/session';
import { Field } from '../../../ui/bits';
import { useProblemText } from '../../../ui/Problem';

type Member = Schemas['OrgMemberBody'];

/** People is who works here, in which team, in which role. */
export function People({ edit }: { edit: boolean }) {
  const { t } = useTranslation();
  const org = useOrg();
  const query = useQueryClient();
  const { message } = App.useApp();
  const text = useProblemText();
  const [q, setQ] = useState('');
  const [dialog, setDialog] = useState<'member' | 'team' | 'moveTeam' | Member | null>(null);
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
            <Button onClick={() => setDialog('moveTeam')}>{t('settings.moveTeam')}</Button>
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
      {dialog === 'moveTeam' && <MoveTeam org={org.data} run={run} onClose={() => setDialog(null)} />}
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

/** MoveTeam puts a team under another from today on; what was won before stays where it was credited. */
function MoveTeam({ org, run, onClose }: Props) {
  const { t } = useTranslation();
  const [team, setTeam] = useState<string>();
  const [parent, setParent] = useState<string>();
  const options = org.teams.map((x) => ({ value: x.id, label: x.name }));
  return (
    <Modal
      open
      title={t('settings.moveTeam')}
      onCancel={onClose}
      okText={t('common.save')}
      okButtonProps={{ disabled: !team || !parent || team === parent }}
      onOk={() =>
        run(
          must(
            api.POST('/api/teams/{id}/move', {
              params: { path: { id: team ?? '' } },
              body: { parentId: parent ?? '' },
            }),
          ),
        )
      }
    >
      <p className="ink2">{t('settings.moveTeamHint')}</p>
      <Field label={t('opp.team')}>
        <Select style={{ width: '100%' }} value={team} onChange={setTeam} options={options} />
      </Field>
      <Field label={t('settings.under')}>
        <Select
          style={{ width: '100%' }}
          value={parent}
          onChange={setParent}
          options={options.filter((o) => o.value !== team)}
        />
      </Field>
    </Modal>
  );
}

function EditMember({ m, org, run, onClose }: Props & { m: Member }) {
  const { t } = useTranslation();
  const [team, setTeam] = useState(m.teamId);
  const [leads, setLeads] = useState(m.leads);
  const [role, setRole] = useState<string>(m.role);
  const [login, setLogin] = useState(m.login);
  const [password, setPassword] = useState('');
  const [heir, setHeir] = useState<string>();
  const [assistant, setAssistant] = useState<string>();
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
          <Checkbox checked={leads} onChange={(e) => setLeads(e.target.checked)}>
            {t('settings.leads')}
          </Checkbox>
          <Button
            disabled={!team || (team === m.teamId && leads === m.leads)}
            onClick={() =>
              run(must(api.POST('/api/members/{id}/transfer', { ...path, body: { teamId: team, leads } })))
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
      <Field label={t('settings.assistant')} hint={t('settings.assistantHint')}>
        <div style={{ display: 'flex', gap: 8 }}>
          <MemberSelect value={assistant} onChange={setAssistant} without={[m.id]} style={{ flex: 1 }} />
          <Button
            disabled={!assistant}
            onClick={() =>
              run(must(api.POST('/api/members/{id}/delegate', { ...path, body: { assistantId: assistant ?? '' } })))
            }
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
