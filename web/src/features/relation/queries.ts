import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';
import { asRead } from '../../api/version';
import { opportunityKeys } from '../opportunity/queries';

export type Relations = Schemas['OpportunityRelationsBody'];
export type Related = Relations['people'][number];
export type Gap = Relations['gaps'][number];
export type Thread = Relations['threads'][number];
export type Carrying = Schemas['OpportunityCarriersBody'];

/** relationsOf are the people of a deal, with the cover before a day beside that of today. */
export const relationsOf = (id: string, before = '') =>
  queryOptions({
    queryKey: [...opportunityKeys.all, 'roles', id, before] as const,
    queryFn: ({ signal }) =>
      must(
        api.GET('/api/opportunities/{id}/roles', {
          params: { path: { id }, query: before ? { before } : {} },
          signal,
        }),
      ),
  });

/** carriersOf are who of ours alone has met key people. */
export const carriersOf = queryOptions({
  queryKey: [...opportunityKeys.all, 'carriers'] as const,
  queryFn: ({ signal }) => must(api.GET('/api/carriers', { signal })),
});

/** Judgement is what of a person can be said in the table. */
export type Judgement = Partial<Pick<Related, 'role' | 'attitude' | 'influence' | 'coverage'>>;

/** judge says something of a person in a deal; what is not said stays. */
export const judge = (deal: { id: string; version: number }, p: Related, say: Judgement) => {
  const { path, header } = asRead(deal);
  const { role, attitude, influence, coverage } = { ...p, ...say };
  return must(
    api.PUT('/api/opportunities/{id}/contacts/{contactId}', {
      params: { path: { ...path, contactId: p.contactId }, header },
      body: { role, attitude, influence, coverage },
    }),
  );
};
