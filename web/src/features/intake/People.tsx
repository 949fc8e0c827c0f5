import { useQuery } from '@tanstack/react-query';
import { Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { useOrg } from '../../app/session';
import type { Part } from './mapping';
import { type Named, namedIn } from './people';
import { accountNames } from './queries';

/** People says which owners and customers of a file are not there yet, and asks what becomes of them. */
export function People({ p, onChange }: { p: Part; onChange: (p: Part) => void }) {
  const { t } = useTranslation();
  const members = useOrg().data?.members.map((m) => m.name);
  const wantsAccounts = p.spec.kind !== 'account' && !!p.spec.columns.account;
  const accounts = useQuery({ ...accountNames, enabled: wantsAccounts }).data;
  const owners = members && namedIn(p, 'owner', members);
  const names = accounts?.items.map((a) => a.name) ?? [];
  const found = wantsAccounts && accounts ? namedIn(p, 'account', names) : undefined;
  // Where there are more customers here than were asked for, nobody knows which are not.
  const customers = found && { ...found, many: found.many || !!accounts?.next };
  if (!owners?.unknown.length && !customers?.unknown.length && !customers?.many && !owners?.many) return null;
  const said = [owners && line(t, 'owners', owners), customers && line(t, 'customers', customers)].filter(Boolean);
  return (
    <div className="pad line-above" data-testid="people">
      <h3 className="fs-14">{t('import.people')}</h3>
      {said.map((x) => (
        <p key={x as string} className="mb-8">
          {x}
        </p>
      ))}
      <Radio.Group
        aria-label={t('import.people')}
        value={p.spec.unknown || 'create'}
        onChange={(e) => onChange({ ...p, spec: { ...p.spec, unknown: e.target.value as string } })}
        options={['create', 'empty', 'refuse'].map((v) => ({ value: v, label: t(`import.unknown.${v}`) }))}
      />
    </div>
  );
}

function line(t: (k: string, o?: Record<string, unknown>) => string, what: 'owners' | 'customers', n: Named) {
  if (n.many) return t(`import.${what}Many`, { count: n.all });
  if (n.unknown.length === 0) return t(`import.${what}Known`, { count: n.all });
  const some = n.unknown.slice(0, 6).join(t('import.comma')) + (n.unknown.length > 6 ? '…' : '');
  return t(`import.${what}Unknown`, { count: n.all, n: n.unknown.length, some });
}
