import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { foundBy } from '../../../app/MemberSelect';
import { useOrg } from '../../../app/session';
import { matches } from '../../../ui/match';
import { Missing } from '../../../ui/Problem';
import { useUrl } from '../../../ui/useUrl';
import { MemberDialog } from '../member/MemberDialog';
import { AddMember } from '../member/NewMember';
import { useRoleName } from '../OrgDialog';
import { chartOf, type Member } from '../queries';

/** Going says that somebody has left, is to leave or is to come back. */
export function Going({ m }: { m: Member }) {
  const { t } = useTranslation();
  if (!m.leftOn) return null;
  return (
    <>
      <span className="chip">{t(m.gone ? 'settings.left' : 'settings.leaving', { on: m.leftOn })}</span>{' '}
      {m.backOn && <span className="chip g">{t('settings.back', { on: m.backOn })}</span>}
    </>
  );
}

/** useUnder are the people who sit in a team or below it today, as the chart counts them. */
function useUnder(team: string | undefined) {
  const chart = useQuery({ ...chartOf(''), enabled: !!team }).data;
  if (!team || !chart) return null;
  const out = new Set<string>();
  const add = (id: string) => {
    for (const m of chart.teams.find((x) => x.id === id)?.members ?? []) out.add(m);
    for (const x of chart.teams) if (x.parentId === id) add(x.id);
  };
  add(team);
  return out;
}

/** People is who works here, in which team, in which role. */
export function People({ edit }: { edit: boolean }) {
  const { t } = useTranslation();
  const org = useOrg();
  const role = useRoleName();
  const { get, set } = useUrl();
  const [q, setQ] = useState('');
  const [adding, setAdding] = useState(false);
  const open = get('member');
  const team = get('team');
  const under = useUnder(team);
  if (!org.data) return <Missing of={org} />;
  const list = org.data.members.filter((m) => (!under || under.has(m.id)) && matches(q, [m.name, ...foundBy(m)]));
  return (
    <>
      <div className="filters">
        <Input.Search
          allowClear
          aria-label={t('common.search')}
          placeholder={t('common.searchHint')}
          onChange={(e) => setQ(e.target.value)}
          className="w-240"
        />
        {team && (
          <Button onClick={() => set({ team: undefined })}>
            {t('chart.only', { name: org.data.teams.find((x) => x.id === team)?.name ?? '' })} ✕
          </Button>
        )}
        {edit && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {t('settings.addMember')}
          </Button>
        )}
      </div>
      <div className="card scroll">
        <table className="t stack">
          <thead>
            <tr>
              <th>{t('settings.name')}</th>
              <th className="l">{t('opp.team')}</th>
              <th className="l">{t('settings.position')}</th>
              <th className="l">{t('settings.role')}</th>
              {edit && <th className="l">{t('signin.login')}</th>}
              {edit && <th />}
            </tr>
          </thead>
          <tbody>
            {list.map((m) => (
              <tr key={m.id}>
                <td>
                  {m.name} <Going m={m} />
                </td>
                <td className="l">{m.team || '—'}</td>
                <td className="l">{m.position || '—'}</td>
                <td className="l">{role(m.role)}</td>
                {edit && <td className="l">{m.login || <span className="ink3">{t('settings.noLogin')}</span>}</td>}
                {edit && (
                  <td className="acts">
                    <Button size="small" onClick={() => set({ member: m.id })}>
                      {t('record.edit')}
                    </Button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {adding && <AddMember onClose={() => setAdding(false)} />}
      {edit && open && <MemberDialog id={open} onClose={() => set({ member: undefined })} />}
    </>
  );
}
