import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';

export type Member = Schemas['OrgMemberBody'];
export type MemberPage = Schemas['OrgMemberPage'];
export type Team = Schemas['OrgTeamBody'];
export type Seat = Schemas['OrgSeatBody'];
export type Role = Schemas['OrgRoleBody'];

export const memberOf = (id: string) =>
  queryOptions({
    queryKey: ['org', 'member', id],
    queryFn: ({ signal }) => must(api.GET('/api/members/{id}', { params: { path: { id } }, signal })),
  });

export const seatsOf = queryOptions({ queryKey: ['org', 'seats'], queryFn: () => must(api.GET('/api/seats')) });

export const rolesOf = queryOptions({ queryKey: ['org', 'roles'], queryFn: () => must(api.GET('/api/roles')) });

/** asRead names what is changed and the version it was read at. */
export const asRead = (x: { id: string; version: number }) => ({
  path: { id: x.id },
  header: { 'If-Match': `"${x.version}"` },
});

/** useOrgChange runs a change of the organisation; whatever names people or teams is stale then. */
export function useOrgChange<A>(fn: () => Promise<A>) {
  const q = useQueryClient();
  return useMutation({ mutationFn: fn, onSuccess: () => q.invalidateQueries({ queryKey: ['org'] }) });
}
