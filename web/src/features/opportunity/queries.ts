import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError, api, must, reading, type Schemas } from '../../api/client';
import { newId } from '../../api/newId';
import type { Query } from '../../ui/address';

export type Opp = Schemas['OpportunityOppBody'];
export type Card = Schemas['OpportunityCardBody'];
export type RecordBody = Schemas['OpportunityRecordBody'];
export type MoveBody = Schemas['OpportunityMoveBody'];

/** Filter is what lists and boards take from the URL. */
export type Filter = Query;

export const opportunityKeys = {
  all: ['opportunity'] as const,
  board: (f: Filter) => ['opportunity', 'board', f] as const,
  list: (f: Filter) => ['opportunity', 'list', f] as const,
  detail: (id: string) => ['opportunity', 'detail', id] as const,
  desk: ['opportunity', 'desk'] as const,
};

/** again asks anew, a little later, while something of an answer is still being computed. */
const again = (computing: boolean | undefined) => (computing ? 2000 : false);

export const opportunityDetail = (id: string) =>
  queryOptions({
    queryKey: opportunityKeys.detail(id),
    queryFn: ({ signal }) => must(api.GET('/api/opportunities/{id}', { params: { path: { id } }, signal })),
    refetchInterval: (q) => again(q.state.data?.computing),
  });

/** unfinished tells that totals or limits of a list are still being computed. */
const unfinished = (list: { counting: boolean; items: { computing: boolean }[] }) =>
  list.counting || list.items.some((o) => o.computing);

export const boardOf = (f: Filter) =>
  queryOptions({
    queryKey: opportunityKeys.board(f),
    queryFn: ({ signal }) => must(api.GET('/api/board', { params: { query: f as never }, signal })),
    refetchInterval: ({ state }) => again(reading(state.error) || state.data?.some(unfinished)),
  });

/** listPage asks for one page of a list. */
export const listPage = (f: Filter) => must(api.GET('/api/opportunities', { params: { query: f as never } }));

/** teamOf is how the deals of a team stand, by what is right below it. */
export const teamOf = (team: string) =>
  queryOptions({
    queryKey: ['opportunity', 'team', team] as const,
    queryFn: ({ signal }) => must(api.GET('/api/desk/team', { params: { query: { team } }, signal })),
  });

/** addStep says what comes next in a deal; the id lets a retry add it once. */
export const addStep = (id: string, step: { what: string; dueOn: string; customerAgreed?: boolean }) =>
  must(api.POST('/api/opportunities/{id}/next-steps', { params: { path: { id } }, body: { id: newId(), ...step } }));

export const listOf = (f: Filter) =>
  queryOptions({
    queryKey: opportunityKeys.list(f),
    queryFn: ({ signal }) => must(api.GET('/api/opportunities', { params: { query: f as never }, signal })),
    refetchInterval: ({ state }) => again(reading(state.error) || (state.data && unfinished(state.data))),
  });

/** deskOf is all the desk shows; while something of it is on its way it asks again, less and less often. */
export const deskOf = queryOptions({
  queryKey: opportunityKeys.desk,
  queryFn: ({ signal }) => must(api.GET('/api/desk', { signal })),
  refetchInterval: ({ state }) =>
    state.data?.computing ? Math.min(500 * 2 ** Math.min(state.dataUpdateCount, 6), 30_000) : false,
});

/** useChange runs a change of one record and takes its answer, the whole record, into the cache. */
export function useChange<V>(id: string, fn: (v: V) => Promise<RecordBody>) {
  const q = useQueryClient();
  return useMutation({
    mutationFn: fn,
    onSuccess: async (r) => {
      q.setQueryData(opportunityKeys.detail(id), r);
      await q.invalidateQueries({ queryKey: opportunityKeys.all });
      await q.invalidateQueries({ queryKey: ['funnel'] });
    },
    // The page behind shows what the other wrote.
    onError: (err) => isStale(err) && q.invalidateQueries({ queryKey: opportunityKeys.detail(id) }),
  });
}

/** move sends one move; the key lets a retry return the first answer. */
export const move = (id: string, body: MoveBody, path: 'form' | 'board' = 'form') =>
  must(
    api.POST('/api/opportunities/{id}/move', {
      params: { path: { id }, header: { 'Idempotency-Key': newId() } },
      headers: { 'Yunchou-Path': path },
      body,
    }),
  );

/** asRead names a record at the version it was read at: a write to it is refused where somebody was quicker. */
export const asRead = (r: { id: string; version: number }) => ({
  path: { id: r.id },
  header: { 'If-Match': `"${r.version}"` },
});

/** isStale tells that somebody else was quicker. */
export const isStale = (err: unknown) => err instanceof ApiError && err.problem.code === 'record.stale';

/** acceptWin accepts a win by exception: from then on it is as good as any. */
export const acceptWin = (id: string) =>
  must(api.POST('/api/opportunities/{id}/accept-win', { params: { path: { id } } }));
