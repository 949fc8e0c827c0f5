import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { useOrg } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { ProblemBox } from '../../ui/Problem';
import { affectedBy, factorPolicy } from './queries';

/** FactorPolicy is whose roles need a second factor. */
export function FactorPolicy() {
  const policy = useQuery(factorPolicy);
  if (!policy.data) return policy.error && <ProblemBox error={policy.error} retry={policy.refetch} />;
  return <PolicyForm key={policy.data.etag} {...policy.data} />;
}

function PolicyForm(p: { roles: string[]; etag: string }) {
  const { t } = useTranslation();
  const org = useOrg().data;
  const [roles, setRoles] = useState(p.roles);
  const changed = roles.length !== p.roles.length || roles.some((r) => !p.roles.includes(r));
  const affected = useQuery({ ...affectedBy(roles), enabled: roles.length > 0 });
  const save = useWrite(
    () => must(api.PUT('/api/settings/second-factor', { params: { header: { 'If-Match': p.etag } }, body: { roles } })),
    { said: t('common.saved'), stale: [['second-factor-policy'], ['session']] },
  );
  return (
    <div className="card">
      <h2>{t('identity.factors')}</h2>
      <div className="pad">
        {save.error && <ProblemBox error={save.error} />}
        <Field label={t('identity.required')} hint={t('identity.requiredHint')}>
          <Select
            mode="multiple"
            className="wide"
            value={roles}
            onChange={setRoles}
            optionFilterProp="label"
            placeholder={t('identity.requiredNone')}
            options={org?.roles.map((r) => ({ value: r.key, label: r.name || t(`roleKey.${r.key}`) })) ?? []}
          />
        </Field>
        {roles.length > 0 && affected.data && (
          <p className={affected.data.without ? 'warn' : 'ink2'} role="status">
            {t(affected.data.without ? 'identity.affected' : 'identity.affectedAll', {
              members: affected.data.members,
              without: affected.data.without,
            })}
          </p>
        )}
        <Button type="primary" disabled={!changed} loading={save.isPending} onClick={() => save.mutate()}>
          {t('common.save')}
        </Button>
      </div>
    </div>
  );
}
