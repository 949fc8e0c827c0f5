import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { asRead } from '../../../api/version';
import { Field } from '../../../ui/bits';
import { OrgDialog, RoleSelect } from '../OrgDialog';
import { productsOf, rolesOf } from '../queries';
import type { FormProps } from './Person';

export type Given = { role: string; productLines: string[]; regions: string[] };

/** RoleFields ask for the role, and for the lines or regions it reaches by. */
export function RoleFields({ given, onChange }: { given: Given; onChange: (g: Given) => void }) {
  const { t } = useTranslation();
  const role = useQuery(rolesOf).data?.roles.find((r) => r.key === given.role);
  const products = useQuery(productsOf);
  const reaches = (how: string) => role?.reach.some((r) => r.read === how || r.write === how);
  return (
    <>
      <Field label={t('settings.role')} at="role">
        <RoleSelect value={given.role} onChange={(r) => onChange({ ...given, role: r })} />
      </Field>
      {reaches('lines') && (
        <Field label={t('settings.products')}>
          <Select
            mode="multiple"
            className="wide"
            value={given.productLines}
            onChange={(productLines) => onChange({ ...given, productLines })}
            options={products.data?.map((p) => ({ value: p.id, label: p.name }))}
          />
        </Field>
      )}
      {reaches('regions') && (
        <Field label={t('opp.region')} at="region">
          <Select
            mode="tags"
            className="wide"
            value={given.regions}
            onChange={(regions) => onChange({ ...given, regions })}
          />
        </Field>
      )}
    </>
  );
}

/** SetRole puts a role in the place of the one there is, from today. */
export function SetRole({ m, onClose }: FormProps) {
  const { t } = useTranslation();
  const [given, setGiven] = useState<Given>({ role: m.role, productLines: m.productLines, regions: m.regions });
  return (
    <OrgDialog
      title={t('member.role')}
      hint={t('member.roleHint')}
      ready={!!given.role}
      save={() => must(api.POST('/api/members/{id}/role', { params: asRead(m), body: given }))}
      onClose={onClose}
    >
      <RoleFields given={given} onChange={setGiven} />
    </OrgDialog>
  );
}
