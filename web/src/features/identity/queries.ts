import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';

export type Factors = Schemas['IdentityMyFactorsBody'];

/** myFactors is what one signs in with besides the password. */
export const myFactors = queryOptions({
  queryKey: ['factors'],
  queryFn: () => must(api.GET('/api/session/factors')),
});

export const memberFactors = (id: string) =>
  queryOptions({
    queryKey: ['members', id, 'factors'],
    queryFn: () => must(api.GET('/api/members/{id}/factors', { params: { path: { id } } })),
    retry: false,
  });

/** fewCodes: so few are left that one makes new ones. */
export const fewCodes = 3;
