import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { under } from '../../../api/base';
import { api, must } from '../../../api/client';
import type { Locale } from '../../../app/device';
import { leaveWord } from '../../../app/farewell';
import { setLocale } from '../../../app/i18n';
import { useMe, useSignOut } from '../../../app/session';
import { useWrite } from '../../../app/useWrite';
import { Field } from '../../../ui/bits';
import { ProblemBox } from '../../../ui/Problem';
import { MyEvents } from '../../audit/MyEvents';
import { useConfirmed } from '../../identity/Confirmed';
import { FactorCards } from '../../identity/FactorCards';
import { mySessions } from '../../identity/queries';
import { Sessions } from '../../identity/Sessions';
import { MyBackground } from '../../tie/later';

/** Mine is one's own sign-in: second factors, signed-in devices, password; and the language. */
export function Mine() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const signOut = useSignOut();
  const query = useQueryClient();
  const [form, setForm] = useState({ current: '', next: '' });
  const sessions = useQuery(mySessions);
  const { run, dialog } = useConfirmed();
  const [refused, setRefused] = useState<unknown>(null);
  const ending = (call: () => Promise<unknown>) =>
    run(async () => {
      setRefused(null);
      await call();
      await query.invalidateQueries({ queryKey: mySessions.queryKey });
    }).catch(setRefused);
  const change = useWrite(() => must(api.POST('/api/session/password', { body: form })), {
    done: () => {
      leaveWord('passwordChanged');
      location.assign(under('/'));
    },
  });
  return (
    <div className="cols">
      <div>
        <div className="card">
          <h2>
            {t('identity.factors')} <span>{t('identity.factorsHint')}</span>
          </h2>
          <FactorCards />
        </div>
        <MyBackground />
        <div className="card">
          <h2>{t('settings.sessions')}</h2>
          {sessions.isError && <ProblemBox error={sessions.error} retry={sessions.refetch} />}
          {refused !== null && <ProblemBox error={refused} />}
          {dialog}
          <Sessions
            list={sessions.data ?? []}
            end={(id) => ending(() => must(api.DELETE('/api/sessions/{id}', { params: { path: { id } } })))}
          />
          <div className="pad actions">
            {(sessions.data?.length ?? 0) > 1 && (
              <Button onClick={() => ending(() => must(api.DELETE('/api/sessions')))}>{t('identity.endOthers')}</Button>
            )}
            <Button onClick={signOut}>{t('nav.signOut')}</Button>
          </div>
        </div>
      </div>
      <div className="card">
        <h2>
          {me.name} <span>{me.company}</span>
        </h2>
        <div className="pad">
          <Field label={t('settings.language')}>
            <Select
              value={i18n.language as Locale}
              onChange={setLocale}
              className="w-200"
              options={[
                { value: 'zh-CN', label: '中文' },
                { value: 'en-US', label: 'English' },
              ]}
            />
          </Field>
        </div>
        <form
          className="pad"
          aria-label={t('settings.changePassword')}
          onSubmit={(e) => {
            e.preventDefault();
            if (form.next.length >= 15) change.mutate();
          }}
        >
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
          <Button htmlType="submit" disabled={form.next.length < 15} loading={change.isPending}>
            {t('settings.changePassword')}
          </Button>
        </form>
      </div>
      <MyEvents />
    </div>
  );
}
