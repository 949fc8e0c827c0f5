import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, must } from '../../../api/client';
import { type Locale, setLocale } from '../../../app/i18n';
import { useCan, useMe } from '../../../app/session';
import { Field } from '../../../ui/bits';
import { device, instant } from '../../../ui/format';
import { ProblemBox } from '../../../ui/Problem';

/** Mine is one's own language, password and signed-in devices. */
export function Mine() {
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
              {s.current ? <b>{t('settings.thisDevice')}</b> : device(s.agent)}
              <small>{instant(s.createdAt, me.timeZone, me.today)}</small>
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
