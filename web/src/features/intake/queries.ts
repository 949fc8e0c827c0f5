import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';
import { someIssues } from './issues';

export type Batch = Schemas['IntakeBatch'];

/** busy tells whether somebody is at work on it. */
export const busy = (b: Batch) => b.status === 'running' || b.status === 'undoing';

export const importsOf = queryOptions({ queryKey: ['imports'], queryFn: () => must(api.GET('/api/imports')) });

/** importOf is one import, asked again while somebody is at work on it; what it changed is stale once it has ended. */
export const importOf = (id: string, query: QueryClient) =>
  queryOptions({
    queryKey: ['imports', id],
    queryFn: async () => {
      const b = await must(api.GET('/api/imports/{id}', { params: { path: { id } } }));
      if (!busy(b))
        await query.invalidateQueries({ predicate: (x) => x.queryKey[0] !== 'imports' || x.queryKey.length === 1 });
      return b;
    },
    refetchInterval: (x) => (!x.state.data || busy(x.state.data) ? 700 : false),
  });

/** firstIssues are the first thousand of what is wrong with an import. */
export const firstIssues = (id: string) =>
  queryOptions({ queryKey: ['imports', id, 'issues'], queryFn: () => someIssues(id, 1000) });

export const mappingsOf = queryOptions({ queryKey: ['mappings'], queryFn: () => must(api.GET('/api/mappings')) });

/** accountNames are as many customers as a file's names are compared with. */
export const accountNames = queryOptions({
  queryKey: ['accounts', 'names'],
  queryFn: () => must(api.GET('/api/accounts', { params: { query: { limit: 200 } } })),
});

/** readingOf is how the server reads texts as a field's; that never changes. */
export const readingOf = (body: Schemas['IntakeRestated']) =>
  queryOptions({
    queryKey: ['import-reading', body],
    queryFn: () => must(api.POST('/api/imports/readings', { body })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** nameOf is what a record that an undo kept is called. */
export const nameOf = (kind: string, id: string) =>
  queryOptions({
    queryKey: ['import-kept', kind, id],
    queryFn: async () => {
      if (kind === 'opportunity')
        return (await must(api.GET('/api/opportunities/{id}', { params: { path: { id } } }))).name;
      return (await must(api.GET('/api/accounts/{id}', { params: { path: { id } } }))).name;
    },
  });
