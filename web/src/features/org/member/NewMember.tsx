import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { useOrg } from '../../../app/session';
import { Field } from '../../../ui/bits';
import { FromDay, OrgDialog, RoleSelect, TeamSelect, useDay, usePositionName } from '../OrgDialog';
import { Given, PasswordToGive } from './GivenPassword';
import { newPassword } from './password';

/** AddMember adds a person with a place, a role and, where a name is given, a sign-in. */
export function AddMember({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const root = useOrg().data?.teams.find((x) => !x.parentId)?.id ?? '';
  const [from, setFrom] = useDay();
  const position = usePositionName();
  const [f, setF] = useState({ name: '', login: '', password: newPassword(), teamId: root, role: 'rep' });
  const [given, setGiven] = useState(false);
  const leads = f.role === 'manager' || f.role === 'director';
  if (given) return <Given name={f.name} login={f.login} password={f.password} had={false} onClose={onClose} />;
  const login = f.login.trim();
  const body = {
    ...f,
    login,
    password: login ? f.password : '',
    leads,
    from,
    position: position({ leads, role: f.role }),
  };
  return (
    <OrgDialog
      title={t('settings.addMember')}
      ready={!!f.name.trim() && (!login || f.password.length >= 15)}
      save={(_, key) => must(api.POST('/api/members', { body: { id: key(), ...body } }))}
      onSaved={() => {
        setGiven(!!login);
        return !!login;
      }}
      onClose={onClose}
    >
      <div className="grid2">
        <Field label={t('settings.name')} at="name">
          <Input value={f.name} onChange={(e) => setF({ ...f, name: e.target.value })} maxLength={30} />
        </Field>
        <FromDay label={t('settings.from')} value={from} onChange={setFrom} />
        <Field label={t('opp.team')} at="teamId">
          <TeamSelect value={f.teamId} onChange={(teamId) => setF({ ...f, teamId })} />
        </Field>
        <Field label={t('settings.role')} at="role">
          <RoleSelect value={f.role} onChange={(role) => setF({ ...f, role })} />
        </Field>
        <Field label={t('signin.login')} at="login" hint={t('settings.loginHint')}>
          <Input
            value={f.login}
            onChange={(e) => setF({ ...f, login: e.target.value })}
            maxLength={60}
            autoComplete="off"
          />
        </Field>
      </div>
      {login && <PasswordToGive had={false} value={f.password} onChange={(password) => setF({ ...f, password })} />}
    </OrgDialog>
  );
}
