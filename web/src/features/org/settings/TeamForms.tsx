import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { asRead } from '../../../api/version';
import { useOrg } from '../../../app/session';
import { Field } from '../../../ui/bits';
import { FromDay, OrgDialog, TeamSelect, useDay } from '../OrgDialog';
import type { Team } from '../queries';

export const forms = { describe: DescribeTeam, move: MoveTeam, close: CloseTeam } as const;
export type Form = keyof typeof forms;

/** formsOf is what may be done with a team: a closed one stays as it was, and the company's own hangs nowhere. */
export function formsOf(team: Team, today: string): Form[] {
  if (team.closedOn && team.closedOn <= today) return [];
  return team.parentId ? ['describe', 'move', 'close'] : ['describe'];
}

export function AddTeam({ onClose }: { onClose: () => void }) {
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
