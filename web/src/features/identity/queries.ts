import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas, tagged } from '../../api/client';

export type Factors = Schemas['IdentityMyFactorsBody'];

/** myFactors is what one signs in with besides the password. */
export const myFactors = queryOptions({
  queryKey: ['factors'],
  queryFn: () => must(api.GET('/api/session/factors')),
});

export const mySessions = queryOptions({ queryKey: ['sessions'], queryFn: () => must(api.GET('/api/sessions')) });

/** ofMember is the beginning of the keys of how a member signs in. */
export const ofMember = (id: string) => ['members', id] as const;

export const memberSessions = (id: string) =>
  queryOptions({
    queryKey: [...ofMember(id), 'sessions'],
    queryFn: () => must(api.GET('/api/members/{id}/sessions', { params: { path: { id } } })),
  });

export const memberFactors = (id: string) =>
  queryOptions({
    queryKey: [...ofMember(id), 'factors'],
    queryFn: () => must(api.GET('/api/members/{id}/factors', { params: { path: { id } } })),
    retry: false,
  });

/** fewCodes: so few are left that one makes new ones. */
export const fewCodes = 3;

export const sessionPolicy = queryOptions({
  queryKey: ['sign-in-policy'],
  queryFn: () => tagged(api.GET('/api/settings/sign-in')),
});

export const factorPolicy = queryOptions({
  queryKey: ['second-factor-policy'],
  queryFn: () => tagged(api.GET('/api/settings/second-factor')),
});

/** affectedBy are those who would have to add a second factor if these roles needed one. */
export const affectedBy = (roles: string[]) =>
  queryOptions({
    queryKey: ['second-factor-affected', roles],
    queryFn: () => must(api.GET('/api/settings/second-factor/affected', { params: { query: { roles } } })),
  });
