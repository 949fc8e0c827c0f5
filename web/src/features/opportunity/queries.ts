import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, must, reading, type Schemas } from '../../api/client';
import { asRead } from '../../api/version';
import { type KeyOf, type Outcome, useWrite, type Write } from '../../app/useWrite';
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

/** recordOf asks for the whole record of a deal. */
export const recordOf = (id: string, signal?: AbortSignal) =>
  must(api.GET('/api/opportunities/{id}', { params: { path: { id } }, signal }));

export const opportunityDetail = (id: string) =>
  queryOptions({
    queryKey: opportunityKeys.detail(id),
    queryFn: ({ signal }) => recordOf(id, signal),
    refetchInterval: (q) => again(q.state.data?.computing),
  });

export const competitorsOf = queryOptions({
  queryKey: ['competitors'],
  queryFn: () => must(api.GET('/api/competitors')),
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

/** dealsOf are the deals of a customer. */
export const dealsOf = (account: string) =>
  queryOptions({
    queryKey: opportunityKeys.list({ account }),
    queryFn: () => must(api.GET('/api/opportunities', { params: { query: { account, limit: 100 } } })),
  });

/** withoutStep are the deals without a next step, the largest first: asked for once, what is filled in stays in sight. */
export const withoutStep = infiniteQueryOptions({
  queryKey: ['fill-steps'],
  initialPageParam: '',
  gcTime: 0,
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ pageParam }) =>
    listPage({ noNextStep: 'true', sort: 'amount', desc: 'true', limit: '50', cursor: pageParam || undefined }),
  getNextPageParam: (last) => last.next || undefined,
});

/** listPage asks for one page of a list. */
export const listPage = (f: Filter) => must(api.GET('/api/opportunities', { params: { query: f as never } }));

/** teamOf is how the deals of a team stand, by what is right below it. */
export const teamOf = (team: string) =>
  queryOptions({
    queryKey: ['opportunity', 'team', team] as const,
    queryFn: ({ signal }) => must(api.GET('/api/desk/team', { params: { query: { team } }, signal })),
  });

/** stepsShown is how many next steps a record comes with at most, open ones in front. */
export const stepsShown = 200;

/** openSteps are the open next steps of a deal, a page at a time, those due first in front. */
export const openSteps = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...opportunityKeys.all, 'steps', id] as const,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: stepsShown, ...(pageParam ? { cursor: pageParam } : {}) };
      return must(api.GET('/api/opportunities/{id}/next-steps', { params: { path: { id }, query }, signal }));
    },
    getNextPageParam: (page) => page.next || undefined,
  });

type NewStep = { what: string; dueOn: string; customerAgreed?: boolean };

/** addStep says what comes next in a deal; the key lets a retry add it once. */
export const addStep = (deal: string, step: NewStep, key: string) =>
  must(api.POST('/api/opportunities/{id}/next-steps', { params: { path: { id: deal } }, body: { id: key, ...step } }));

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

/** ofDeals are the keys of what shows or counts deals. */
export const ofDeals = [opportunityKeys.all, ['funnel'], ['analysis']] as const;

/** useChange runs a change of one record and takes its answer, the whole record, into the cache. */
export function useChange<V = void>(
  id: string,
  write: Write<V, RecordBody>,
  { done, ...more }: Omit<Outcome<V, RecordBody>, 'stale'> = {},
) {
  const query = useQueryClient();
  return useWrite(write, {
    ...more,
    stale: ofDeals,
    done: (r, v) => {
      query.setQueryData(opportunityKeys.detail(id), r);
      return done?.(r, v);
    },
  });
}

/** move sends one move; its key lets a retry return the first answer. */
export const move = (id: string, body: MoveBody, key: KeyOf, path: 'form' | 'board' = 'form') =>
  must(
    api.POST('/api/opportunities/{id}/move', {
      params: { path: { id }, header: { 'Idempotency-Key': key(body) } },
      headers: { 'Yunchou-Path': path },
      body,
    }),
  );

/** moveStep puts a step on another day. */
export const moveStep = (s: { id: string; version: number }, body: { dueOn: string }) =>
  must(api.POST('/api/next-steps/{id}/finish', { params: asRead(s), body }));

export const acceptWin = (id: string) =>
  must(api.POST('/api/opportunities/{id}/accept-win', { params: { path: { id } } }));

/** removeDeal deletes softly, restoreDeal takes that back. */
export const removeDeal = (r: { id: string; version: number }) =>
  must(api.POST('/api/opportunities/{id}/delete', { params: asRead(r) }));
export const restoreDeal = (r: { id: string; version: number }) =>
  must(api.POST('/api/opportunities/{id}/restore', { params: asRead(r) }));

/** decide accepts or rejects what was handed in for a milestone. */
export const decide = (id: string, { evidence, ...body }: { evidence: string; accept: boolean; note: string }) =>
  must(api.POST('/api/opportunities/{id}/evidence/{evidence}/decision', { params: { path: { id, evidence } }, body }));

/** handOver gives records, or without ids everything somebody holds, to a colleague. */
export const handOver = (body: Schemas['HandOverRequest']) => must(api.POST('/api/handovers', { body }));

/** createDeal makes a deal under an id its form chose. */
export const createDeal = (body: Schemas['CreateOpportunityRequest']) =>
  must(api.POST('/api/opportunities', { headers: { 'Yunchou-Path': 'form' }, body }));

/** moveMany moves each of some deals through the gate, and says of each what became of it. */
export const moveMany = (ids: string[], to: string) =>
  must(api.POST('/api/bulk/move', { headers: { 'Yunchou-Path': 'bulk' }, body: { ids, to } }));
