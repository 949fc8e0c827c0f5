import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';

export type Hit = Schemas['SearchHitBody'];
export type Kind = Schemas['SearchGroupBody']['kind'];

export const searchKeys = { all: ['search'] as const, of: (q: string) => ['search', q] as const };

/** found is the best of each kind; what was found before stays until the next is there. */
export const found = (q: string) =>
  queryOptions({
    queryKey: searchKeys.of(q),
    queryFn: ({ signal }) => must(api.GET('/api/search', { params: { query: { q, limit: 5 } }, signal })),
    enabled: q !== '',
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
