import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { asRead } from '../../../api/version';
import { Missing } from '../../../ui/Problem';
import { OrgDialog } from '../OrgDialog';
import { type Role, rolesOf } from '../queries';
import { RoleDialog } from './RoleDialog';

type Open = { role: Role; form: 'copy' | 'edit' | 'retire' };

/** Roles is a table in words: how far each role sees and changes each kind of record. */
export function Roles({ edit }: { edit: boolean }) {
  const { t } = useTranslation();
  const roles = useQuery(rolesOf);
  const [open, setOpen] = useState<Open | null>(null);
  if (!roles.data) return <Missing of={roles} />;
  const kinds = roles.data.roles[0]?.reach.map((r) => r.kind) ?? [];
  const close = () => setOpen(null);
  return (
    <>
      <p className="ink2">{t('role.hint')}</p>
      <div className="card scroll">
        <table className="t" style={{ minWidth: 120 * (kinds.length + 2) }}>
          <thead>
            <tr>
              <th>{t('settings.role')}</th>
              {kinds.map((k) => (
                <th key={k} className="l">
                  {t(`role.of.${k}`)}
                </th>
              ))}
              <th>{t('role.members')}</th>
              {edit && <th />}
            </tr>
          </thead>
          <tbody>
            {roles.data.roles
              .filter((r) => !r.retired)
              .map((r) => (
                <RoleRow key={r.key} r={r} open={edit ? (form) => setOpen({ role: r, form }) : undefined} />
              ))}
          </tbody>
        </table>
      </div>
      {open?.form === 'retire' && <RetireRole role={open.role} onClose={close} />}
      {open && open.form !== 'retire' && (
        <RoleDialog role={open.role} copy={open.form === 'copy'} permissions={roles.data.permissions} onClose={close} />
      )}
    </>
  );
}

function RoleRow({ r, open }: { r: Role; open?: (form: Open['form']) => void }) {
  const { t } = useTranslation();
  return (
    <tr>
      <td>{r.name || t(`roleKey.${r.key}`)}</td>
      {r.reach.map((x) => (
        <td key={x.kind} className="l">
          {t('role.sees', { what: t(`role.reach.${x.read}`) })}
          {x.kind !== 'credit' && (
            <>
              <br />
              <span className="ink2">{t('role.changes', { what: t(`role.reach.${x.write}`) })}</span>
            </>
          )}
        </td>
      ))}
      <td>{r.members}</td>
      {open && (
        <td className="acts">
          <Button size="small" onClick={() => open('copy')}>
            {t('role.copy')}
          </Button>
          {!r.preset && (
            <>
              <Button size="small" onClick={() => open('edit')}>
                {t('record.edit')}
              </Button>
              <Button size="small" onClick={() => open('retire')}>
                {t('role.retire')}
              </Button>
            </>
          )}
        </td>
      )}
    </tr>
  );
}

function RetireRole({ role, onClose }: { role: Role; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <OrgDialog
      title={`${t('role.retire')} · ${role.name}`}
      hint={t('role.retireHint')}
      ok={t('role.retire')}
      danger
      save={() => must(api.POST('/api/roles/{id}/retire', { params: asRead({ id: role.key, version: role.version }) }))}
      onClose={onClose}
    />
  );
}
