import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, useOrg } from '../../app/session';
import { DataTable } from '../../ui/DataTable';
import { type TeamTime, teamTimes } from './queries';
import { SetTime } from './SetTime';
import { useWayText } from './way';

/** TeamTimes is how each team works today, where it has that from, and what is stated of days to come. */
export function TeamTimes({ edit }: { edit: boolean }) {
  const { t } = useTranslation();
  const times = useQuery(teamTimes);
  const teams = useOrg().data?.teams ?? [];
  const [open, setOpen] = useState<TeamTime>();
  const text = useWayText();
  const name = (id: string) => teams.find((x) => x.id === id)?.name ?? '';
  const at = (id: string) => teams.findIndex((x) => x.id === id);
  return (
    <div className="card">
      <h2>
        {t('worktime.title')} <span>{t('worktime.hint')}</span>
      </h2>
      <DataTable
        label={t('worktime.title')}
        asked={times}
        rows={times.data && [...times.data].sort((a, b) => at(a.teamId) - at(b.teamId))}
        id={(x) => x.teamId}
        cards
        columns={[
          { name: t('opp.team'), of: (x) => name(x.teamId) },
          { name: t('worktime.days'), of: (x) => text.days(x.way), left: true },
          { name: t('worktime.hours'), of: (x) => text.hours(x.way), left: true },
          { name: t('worktime.source'), of: (x) => <Source of={x} name={name} />, left: true },
          ...(edit
            ? [
                {
                  name: '',
                  of: (x: TeamTime) => (
                    <Button
                      size="small"
                      aria-label={t('worktime.setFor', { name: name(x.teamId) })}
                      onClick={() => setOpen(x)}
                    >
                      {t('record.edit')}
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
      />
      {open && <SetTime of={open} name={name(open.teamId)} onClose={() => setOpen(undefined)} />}
    </div>
  );
}

/** Source says where a team has its working time from, and from which day another holds. */
function Source({ of, name }: { of: TeamTime; name: (id: string) => string }) {
  const { t } = useTranslation();
  const { today } = useMe();
  const next = of.stated.find((s) => s.from > today);
  const since = of.stated.filter((s) => s.from <= today).at(-1);
  const said = of.own
    ? t('worktime.own', { on: since?.from })
    : of.inheritedFrom
      ? t('worktime.inherited', { team: name(of.inheritedFrom) })
      : t('worktime.usual');
  return (
    <>
      {said} {next && <span className="chip b">{t('worktime.changes', { on: next.from })}</span>}
    </>
  );
}
