import { Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { asRead } from '../../../api/version';
import { Field } from '../../../ui/bits';
import { OrgDialog } from '../OrgDialog';
import type { MemberPage } from '../queries';
import { Given, PasswordToGive } from './GivenPassword';
import { newPassword } from './password';

export type FormProps = { m: MemberPage; onClose: () => void };

/** Describe changes what a member is called and reached by. */
export function Describe({ m, onClose }: FormProps) {
  const { t } = useTranslation();
  const [f, setF] = useState({ name: m.name, email: m.email, phone: m.phone, locale: m.locale });
  return (
    <OrgDialog
      title={t('member.describe')}
      ready={!!f.name.trim()}
      save={() => must(api.PUT('/api/members/{id}', { params: asRead(m), body: f }))}
      onClose={onClose}
    >
      <div className="grid2">
        <Field label={t('settings.name')} at="name">
          <Input value={f.name} onChange={(e) => setF({ ...f, name: e.target.value })} maxLength={30} />
        </Field>
        <Field label={t('settings.language')}>
          <Select
            className="wide"
            value={f.locale}
            onChange={(locale) => setF({ ...f, locale })}
            options={[
              { value: '', label: t('member.companyLanguage') },
              { value: 'zh-CN', label: '中文' },
              { value: 'en-US', label: 'English' },
            ]}
          />
        </Field>
        <Field label={t('contact.email')}>
          <Input value={f.email} onChange={(e) => setF({ ...f, email: e.target.value })} maxLength={200} />
        </Field>
        <Field label={t('contact.mobile')}>
          <Input value={f.phone} onChange={(e) => setF({ ...f, phone: e.target.value })} maxLength={40} />
        </Field>
      </div>
    </OrgDialog>
  );
}

/** GiveLogin lets a member sign in, or gives another name and password. */
export function GiveLogin({ m, onClose }: FormProps) {
  const { t } = useTranslation();
  const [f, setF] = useState({ login: m.login, password: newPassword() });
  const [given, setGiven] = useState(false);
  if (given) return <Given name={m.name} login={f.login} password={f.password} had={!!m.login} onClose={onClose} />;
  return (
    <OrgDialog
      title={t('member.login')}
      hint={t('settings.newPasswordHint')}
      ready={f.login.trim().length > 1 && f.password.length >= 15}
      save={() => must(api.POST('/api/members/{id}/login', { params: asRead(m), body: f }))}
      onSaved={() => {
        setGiven(true);
        return true;
      }}
      onClose={onClose}
    >
      <Field label={t('signin.login')} at="login">
        <Input
          value={f.login}
          onChange={(e) => setF({ ...f, login: e.target.value })}
          maxLength={60}
          autoComplete="off"
        />
      </Field>
      <PasswordToGive had={!!m.login} value={f.password} onChange={(password) => setF({ ...f, password })} />
    </OrgDialog>
  );
}
