import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { base } from '../../api/base';
import { mailSecurities } from '../../api/enums.gen';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Missing, PageForm } from '../../ui/Problem';
import { Select } from '../../ui/Select';
import { choiceOf, type Mail, mailOf, outgoingKeys, setMail, testMail } from './queries';

/** MailForm is by which server mail goes out. */
export function MailForm() {
  const asked = useQuery(mailOf);
  if (!asked.data) return <Missing of={asked} />;
  return <Form said={asked.data} key={asked.data.version} />;
}

const here = () => location.origin + base;

function Form({ said }: { said: Mail }) {
  const { t } = useTranslation();
  const [m, setM] = useState<Mail>({ ...said, site: said.site || (said.ownSite ? '' : here()) });
  const [password, setPassword] = useState('');
  const save = useWrite(() => setMail(m, password), { said: t('common.saved'), stale: [outgoingKeys.all] });
  const own = useQuery(choiceOf);
  const [to, setTo] = useState<string>();
  const test = useWrite(() => testMail(to ?? own.data?.email ?? ''), { said: t('outgoing.tested') });
  const put = (part: Partial<Mail>) => setM({ ...m, ...part });
  const text = (part: 'host' | 'login' | 'sender' | 'site', hint?: string) => (
    <Field label={t(`outgoing.${part}`)} hint={hint} at={part}>
      <Input value={m[part]} maxLength={200} autoComplete="off" onChange={(e) => put({ [part]: e.target.value })} />
    </Field>
  );
  return (
    <div className="card">
      <h2>{t('outgoing.mail')}</h2>
      <PageForm error={save.error ?? test.error}>
        <div className="field">
          <Checkbox checked={m.mail} onChange={(e) => put({ mail: e.target.checked })}>
            {t('outgoing.mailOn')}
          </Checkbox>
        </div>
        <div className="grid2">
          {text('host')}
          <Field label={t('outgoing.port')} at="port">
            <InputNumber<number>
              controls={false}
              value={m.port}
              className="w-110"
              onChange={(p) => put({ port: p ?? 0 })}
            />
          </Field>
          <Field label={t('outgoing.security')} at="security">
            <Select<Mail['security']>
              className="wide"
              value={m.security}
              onChange={(security) => put({ security })}
              aria-label={t('outgoing.security')}
              options={mailSecurities.map((value) => ({
                value,
                label: t(`outgoing.by.${value}`),
              }))}
            />
          </Field>
          {text('login')}
          <Field
            label={t('outgoing.password')}
            hint={said.hasPassword ? t('outgoing.passwordKept') : undefined}
            at="password"
          >
            <Input.Password
              value={password}
              maxLength={500}
              autoComplete="new-password"
              onChange={(e) => setPassword(e.target.value)}
            />
          </Field>
          {text('sender', t('outgoing.senderHint'))}
        </div>
        {said.ownSite ? (
          <p className="ink2">{t('outgoing.ownSite', { site: said.ownSite })}</p>
        ) : (
          text('site', t('outgoing.siteHint'))
        )}
        <div className="rowform">
          <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
            {t('common.save')}
          </Button>
        </div>
        <div className="rowform">
          <Field label={t('outgoing.testTo')} at="to">
            <Input
              value={to ?? own.data?.email ?? ''}
              maxLength={200}
              inputMode="email"
              onChange={(e) => setTo(e.target.value)}
            />
          </Field>
          <Button disabled={!said.host} loading={test.isPending} onClick={() => test.mutate()}>
            {t('outgoing.test')}
          </Button>
        </div>
      </PageForm>
    </div>
  );
}
