import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas, setCsrf } from '../api/client';

/** a minute is how long what all pages share is taken as it is. */
const minute = 60_000;

export const sessionOf = queryOptions({
  queryKey: ['session'],
  queryFn: async () => {
    const me = await must(api.GET('/api/session'));
    setCsrf(me.csrfToken);
    return me;
  },
  retry: false,
  staleTime: minute,
});

export const setupOf = queryOptions({ queryKey: ['setup'], queryFn: () => must(api.GET('/api/setup')) });

export const orgOf = queryOptions({ queryKey: ['org'], queryFn: () => must(api.GET('/api/org')), staleTime: minute });

export const pipelinesOf = queryOptions({
  queryKey: ['pipelines'],
  queryFn: () => must(api.GET('/api/pipelines')),
  staleTime: minute,
});

/** stagesOf names every stage there ever was. */
export const stagesOf = queryOptions({
  queryKey: ['pipelines', 'stages'],
  queryFn: () => must(api.GET('/api/stages')),
  staleTime: minute,
});

export const pipelineOf = (id: string) =>
  queryOptions({
    queryKey: ['pipelines', id],
    queryFn: () => must(api.GET('/api/pipelines/{id}', { params: { path: { id } } })),
  });

export const fieldsOf = queryOptions({
  queryKey: ['fields'],
  queryFn: () => must(api.GET('/api/fields')),
  staleTime: minute,
});

export type Screen = Schemas['SaveViewRequest']['screen'];

export const viewsOf = (screen: Screen) =>
  queryOptions({
    queryKey: ['views', screen],
    queryFn: () => must(api.GET('/api/views', { params: { query: { screen } } })),
    staleTime: minute,
  });

/** filesOf are a record's files: evidence among them, so that a change of the record makes them stale. */
export const filesOf = (kind: 'opportunity' | 'account', id: string) =>
  queryOptions({
    queryKey: [kind === 'account' ? 'accounts' : kind, 'files', id],
    queryFn: () => must(api.GET('/api/files', { params: { query: { kind, id } } })),
  });

export const guidanceKeys = { all: ['guidance'] as const };

/** waitingOf is how much waits for the reader, and how long the oldest has waited; the navigation asks it, too. */
export const waitingOf = queryOptions({
  queryKey: [...guidanceKeys.all, 'waiting'],
  refetchInterval: 6 * minute, // a tenth of an hour; what others do the open line tells
  queryFn: ({ signal }) => must(api.GET('/api/guidance-waiting', { signal })),
});
