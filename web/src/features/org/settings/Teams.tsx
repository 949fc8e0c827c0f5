import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { asRead } from '../../../api/version';
import { useMe, useOrg } from '../../../app/session';
import { Field } from '../../../ui/bits';
import { Missing } from '../../../ui/Problem';
import { FromDay, OrgDialog, TeamSelect, useDay } from '../OrgDialog';
import type { Team } from '../queries';

const forms = { describe: DescribeTeam, move: MoveTeam, close: CloseTeam } as const;
type Form = keyof typeof forms;

/** Teams is the tree of today, and what may be done with each team. */
export function Teams() {
  const { t } = useTranslation();
  const org = useOrg();
  const me = useMe();
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState<{ form: Form; team: Team } | null>(null);
  if (!org.data) return <Missing of={org} />;
  const { teams, members } = org.data;
  const Shown = open && forms[open.form];
  return (
    <>
      <div className="filters">
        <Button type="primary" onClick={() => setAdding(true)}>
          {t('settings.addTeam')}
        </Button>
      </div>
      <div className="card scroll">
        <table className="t">
          <thead>
            <tr>
              <th>{t('settings.teamName')}</th>
              <th className="l">{t('opp.region')}</th>
              <th>{t('team.people')}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {inOrder(teams, '', 0).map(({ team, depth }) => (
              <tr key={team.id}>
                <td style={{ paddingLeft: 16 + depth * 20 }}>
                  {team.name} {team.closedOn && <span className="chip">{t('team.closed', { on: team.closedOn })}</span>}
                </td>
                <td className="l">{team.region}</td>
                <td>{members.filter((m) => m.teamId === team.id).length}</td>
                <td>
                  {formsOf(team, me.today).map((form) => (
                    <Button key={form} size="small" onClick={() => setOpen({ form, team })}>
                      {t(`team.${form}`)}
                    </Button>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {adding && <AddTeam onClose={() => setAdding(false)} />}
      {open && Shown && <Shown team={open.team} onClose={() => setOpen(null)} />}
    </>
  );
}

/** formsOf is what may be done with a team: a closed one stays as it was, and the company's own hangs nowhere. */
function formsOf(team: Team, today: string): Form[] {
  if (team.closedOn && team.closedOn <= today) return [];
  return team.parentId ? ['describe', 'move', 'close'] : ['describe'];
}

/** inOrder walks the tree from the top, each team under the one above it. */
function inOrder(teams: Team[], parent: string, depth: number): { team: Team; depth: number }[] {
  return teams
    .filter((x) => x.parentId === parent)
    .flatMap((team) => [{ team, depth }, ...inOrder(teams, team.id, depth + 1)]);
}

function AddTeam({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const root = useOrg().data?.teams.find((x) => !x.parentId)?.id ?? '';
  const [from, setFrom] = useDay();
  const [f, setF] = useState({ name: '', parentId: root, region: '' });
  return (
    <OrgDialog
      title={t('settings.addTeam')}
      ready={!!f.name.trim()}
      save={(_, key) => must(api.POST('/api/teams', { body: { id: key(), ...f, from } }))}
      onClose={onClose}
    >
      <div className="grid2">
        <Field label={t('settings.teamName')} at="name">
          <Input value={f.name} onChange={(e) => setF({ ...f, name: e.target.value })} maxLength={30} />
        </Field>
        <Field label={t('opp.region')} at="region">
          <Input value={f.region} onChange={(e) => setF({ ...f, region: e.target.value })} maxLength={30} />
        </Field>
        <Field label={t('settings.under')} at="parentId">
          <TeamSelect value={f.parentId} onChange={(parentId) => setF({ ...f, parentId })} />
        </Field>
        <FromDay label={t('settings.from')} value={from} onChange={setFrom} />
      </div>
    </OrgDialog>
  );
}

type TeamProps = { team: Team; onClose: () => void };

function DescribeTeam({ team, onClose }: TeamProps) {
  const { t } = useTranslation();
  const [f, setF] = useState({ name: team.name, region: team.region });
  return (
    <OrgDialog
      title={t('team.describe')}
      ready={!!f.name.trim()}
      save={() => must(api.PUT('/api/teams/{id}', { params: asRead(team), body: f }))}
      onClose={onClose}
    >
      <Field label={t('settings.teamName')} at="name">
        <Input value={f.name} onChange={(e) => setF({ ...f, name: e.target.value })} maxLength={30} />
      </Field>
      <Field label={t('opp.region')} at="region">
        <Input value={f.region} onChange={(e) => setF({ ...f, region: e.target.value })} maxLength={30} />
      </Field>
    </OrgDialog>
  );
}

/** MoveTeam puts a team under another from a day on; what was won before stays where it was credited. */
function MoveTeam({ team, onClose }: TeamProps) {
  const { t } = useTranslation();
  const [parentId, setParent] = useState(team.parentId);
  const [from, setFrom] = useDay();
  return (
    <OrgDialog
      title={`${t('team.move')} · ${team.name}`}
      hint={t('team.moveHint')}
      ready={parentId !== team.parentId}
      save={() => must(api.POST('/api/teams/{id}/move', { params: asRead(team), body: { parentId, from } }))}
      onClose={onClose}
    >
      <Field label={t('settings.under')} at="parentId">
        <TeamSelect value={parentId} onChange={setParent} without={team.id} />
      </Field>
      <FromDay label={t('settings.from')} value={from} onChange={setFrom} />
    </OrgDialog>
  );
}

/** CloseTeam closes a team nobody sits in and nothing belongs to any more. */
function CloseTeam({ team, onClose }: TeamProps) {
  const { t } = useTranslation();
  const [on, setOn] = useDay();
  return (
    <OrgDialog
      title={`${t('team.close')} · ${team.name}`}
      hint={t('team.closeHint')}
      danger
      ok={t('team.close')}
      save={() => must(api.POST('/api/teams/{id}/close', { params: asRead(team), body: { on } }))}
      onClose={onClose}
    >
      <FromDay at="on" label={t('member.firstDayWithout')} value={on} onChange={setOn} />
    </OrgDialog>
  );
}
