import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';
import { asRead } from '../../api/version';
import { type KeyOf, useWrite, type Write } from '../../app/useWrite';

export type TeamTime = Schemas['WorktimeTeamTime'];
export type Way = Schemas['WorktimeWayBody'];
export type Absence = Schemas['WorktimeAbsenceBody'];
export type Entered = Schemas['WorktimeAbsenceIn'];

const key = ['worktime'] as const;

export const teamTimes = queryOptions({
  queryKey: [...key, 'teams'],
  queryFn: () => must(api.GET('/api/working-time')),
});

/** leaveInReach is leave that is not over, of everybody whose leave one may enter. */
export const leaveInReach = queryOptions({
  queryKey: [...key, 'leave'],
  queryFn: () => must(api.GET('/api/absences')),
});

/** useTimeChange runs a change of working time or leave. */
export const useTimeChange = (write: Write<void, unknown>, done: () => void) => useWrite(write, { done, stale: [key] });

export const setTeam = (id: string, from: string, way: Way | null) =>
  must(
    api.POST('/api/teams/{id}/working-time', {
      params: { path: { id } },
      body: way ? { from, way } : { from, inherits: true },
    }),
  );

export const enterLeave = (member: string, body: Entered, key: KeyOf) =>
  must(api.POST('/api/members/{id}/absences', { params: { path: { id: member } }, body: { id: key(), ...body } }));

export const changeLeave = (b: Absence, body: Entered) =>
  must(api.PUT('/api/absences/{id}', { params: asRead(b), body }));

export const withdrawLeave = (b: Absence) => must(api.DELETE('/api/absences/{id}', { params: asRead(b) }));
