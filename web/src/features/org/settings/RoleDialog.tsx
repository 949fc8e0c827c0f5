import { Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { reaches } from '../../../api/enums.gen';
import { asRead } from '../../../api/version';
import type { Write } from '../../../app/useWrite';
import { Field } from '../../../ui/bits';
import { OrgDialog } from '../OrgDialog';
import type { Role } from '../queries';

type Reach = Role['reach'][number];

/** RoleDialog makes a copy of a role, or changes one of the company's own. */
export function RoleDialog({
  role,
  copy,
  permissions,
  onClose,
}: {
  role: Role;
  copy: boolean;
  permissions: string[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const called = role.name || t(`roleKey.${role.key}`);
  const [name, setName] = useState(copy ? t('role.copyOf', { name: called }) : called);
  const [held, setHeld] = useState(role.permissions);
  const [reach, setReach] = useState(role.reach);
  const body = { name, permissions: held, reach };
  const save: Write<void, unknown> = (_, key) =>
    copy
      ? must(api.POST('/api/roles', { body: { id: key(), ...body, from: role.key } }))
      : must(api.PUT('/api/roles/{id}', { params: asRead({ id: role.key, version: role.version }), body }));
  return (
    <OrgDialog
      title={copy ? `${t('role.copy')} · ${called}` : called}
      ready={!!name.trim()}
      save={save}
      onClose={onClose}
    >
      <Field label={t('role.name')} at="name">
        <Input value={name} onChange={(e) => setName(e.target.value)} maxLength={30} />
      </Field>
      {reach.map((r) => (
        <ReachFields key={r.kind} r={r} onChange={(x) => setReach(reach.map((y) => (y.kind === x.kind ? x : y)))} />
      ))}
      <fieldset className="field">
        <legend>{t('role.permissions')}</legend>
        <Checkbox.Group
          value={held}
          onChange={setHeld}
          options={permissions.map((p) => ({ value: p, label: t(`permission.${p}`) }))}
        />
      </fieldset>
    </OrgDialog>
  );
}

function ReachFields({ r, onChange }: { r: Reach; onChange: (r: Reach) => void }) {
  const { t } = useTranslation();
  const options = reaches.map((x) => ({ value: x, label: t(`role.reach.${x}`) }));
  const kind = t(`role.of.${r.kind}`);
  return (
    <div className="grid2">
      <Field label={t('role.seesOf', { kind })}>
        <Select className="wide" value={r.read} onChange={(read) => onChange({ ...r, read })} options={options} />
      </Field>
      {r.kind !== 'credit' && (
        <Field label={t('role.changesOf', { kind })}>
          <Select className="wide" value={r.write} onChange={(write) => onChange({ ...r, write })} options={options} />
        </Field>
      )}
    </div>
  );
}
