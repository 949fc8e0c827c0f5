import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas, upload } from '../../api/client';
import { type Outcome, useWrite, type Write } from '../../app/useWrite';

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

/** chartOf is the organisation of today, and what of it a text finds. */
export const chartOf = (q: string) =>
  queryOptions({
    queryKey: ['org', 'chart', q],
    queryFn: ({ signal }) => must(api.GET('/api/org/chart', { params: { query: q ? { q } : {} }, signal })),
  });

export const rolesOf = queryOptions({ queryKey: ['org', 'roles'], queryFn: () => must(api.GET('/api/roles')) });

export const settingsOf = queryOptions({ queryKey: ['settings'], queryFn: () => must(api.GET('/api/settings')) });

export type YearLook = Schemas['OrgLook'];

/** lookAtYear tells what a year file would change. */
export const lookAtYear = (f: File) => upload<YearLook>('/api/settings/holidays/look', f);

/** productsOf are the lines the company sells; whoever names or chooses them shares one answer. */
export const productsOf = queryOptions({
  queryKey: ['products'],
  queryFn: () => must(api.GET('/api/product-lines')),
  staleTime: 60_000,
});

/** expertsOf are who is asked about which product today. */
export const expertsOf = queryOptions({
  queryKey: ['products', 'experts'],
  queryFn: () => must(api.GET('/api/product-experts')),
});

const expert = (id: string, memberId: string) => ({ params: { path: { id, memberId } } });
export const nameExpert = (product: string, member: string) =>
  must(api.PUT('/api/product-lines/{id}/experts/{memberId}', expert(product, member)));
export const endExpert = (product: string, member: string) =>
  must(api.DELETE('/api/product-lines/{id}/experts/{memberId}', expert(product, member)));

/** touchesOf is what changing a field touches; of choices it might be given, what is held beside them. */
export const touchesOf = (id: string, offered: string[]) =>
  queryOptions({
    queryKey: ['fields', id, 'touches', offered],
    queryFn: () => must(api.GET('/api/fields/{id}/touches', { params: { path: { id }, query: { offered } } })),
    placeholderData: keepPreviousData,
  });

export const addProduct = (body: Schemas['AddProductLineRequest']) => must(api.POST('/api/product-lines', { body }));

/** useOrgChange runs a change of the organisation; whatever names people or teams is stale then. */
export const useOrgChange = <R>(write: Write<void, R>, outcome: Omit<Outcome<void, R>, 'stale'>) =>
  useWrite(write, { ...outcome, stale: [['org']] });
