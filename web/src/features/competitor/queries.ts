import { infiniteQueryOptions, queryOptions, useQueries } from '@tanstack/react-query';
import { api, must, reading, type Schemas } from '../../api/client';
import { asRead } from '../../api/version';
import { usePipelines } from '../../app/session';
import { competitorsOf, ofDeals } from '../opportunity/queries';

export type Line = Schemas['CompetitorLineBody'];
export type Profile = Schemas['CompetitorProfileBody'];
export type Sighting = Schemas['CompetitorSightingBody'];
export type Entry = Schemas['CompetitorEntryBody'];
export type Person = Schemas['CompetitorPersonBody'];
export type Named = Schemas['AccountCompetitor'];

export const rivalKeys = { all: ['competitor'] as const, seen: ['sightings'] as const };

/** ofSighting are the keys of what a sighting makes stale: who is on which opportunity, and what is known of whom. */
export const ofSighting = [rivalKeys.all, rivalKeys.seen, competitorsOf.queryKey, ...ofDeals] as const;

/** ofName are the keys of what another name, or two that are one, make stale. */
export const ofName = [...ofSighting, ['analysis'], ['funnel'], ['search']] as const;

/** linesOf are all competitors a text finds, with what is known of them; the ones before stay until they are there. */
export const linesOf = (q: string) =>
  queryOptions({
    queryKey: [...rivalKeys.all, 'standing', q],
    queryFn: ({ signal }) => must(api.GET('/api/competitors/standing', { params: { query: q ? { q } : {} }, signal })),
    placeholderData: (old) => old,
  });

export const profileOf = (id: string) =>
  queryOptions({
    queryKey: [...rivalKeys.all, 'profile', id],
    queryFn: ({ signal }) => must(api.GET('/api/competitors/{id}', { params: { path: { id } }, signal })),
  });

export type Where = { competitor?: string; account?: string; opportunity?: string };

/** sightingsOf are those of a competitor, a customer or a deal, page by page. */
export const sightingsOf = (of: Where) =>
  infiniteQueryOptions({
    queryKey: [...rivalKeys.seen, of],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      must(
        api.GET('/api/sightings', {
          params: { query: { ...of, limit: 50, ...(pageParam && { after: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (last) => (last.more ? last.items.at(-1)?.id : undefined),
  });

export type Went = { won: number; lost: number; lostTo: number };

/** useWent is how often each was won and lost against, over all processes; undefined until it is known. */
export function useWent(wanted: boolean): Map<string, Went> | undefined {
  const pipelines = usePipelines().data;
  return useQueries({
    queries: (wanted ? (pipelines ?? []) : []).map((p) => ({
      queryKey: [...rivalKeys.all, 'went', p.id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        must(api.GET('/api/reports/rivals', { params: { query: { pipeline: p.id } }, signal })),
      refetchInterval: (q: { state: { error: unknown } }) => (reading(q.state.error) ? 2000 : (false as const)),
    })),
    combine: (all) => {
      if (!pipelines || all.length === 0 || all.some((a) => !a.data)) return undefined;
      const by = new Map<string, Went>();
      for (const x of all.flatMap((a) => a.data?.rows ?? [])) {
        const was = by.get(x.competitorId) ?? { won: 0, lost: 0, lostTo: 0 };
        by.set(x.competitorId, {
          won: was.won + x.winRate.won,
          lost: was.lost + x.winRate.lost,
          lostTo: was.lostTo + x.lostTo,
        });
      }
      return by;
    },
  });
}

export type Group = Schemas['FunnelAgainstGroup'];

/** segments are by what the record against a competitor is split. */
export const segments = ['account-industry', 'account-class', 'region', 'product', 'source', 'team'] as const;

/** recordAgainst is how what closed went where a competitor was present, in a process, split by a segment. */
export const recordAgainst = (id: string, pipeline: string, groupBy: (typeof segments)[number]) =>
  queryOptions({
    queryKey: [...rivalKeys.all, 'record', id, pipeline, groupBy],
    queryFn: ({ signal }) =>
      must(api.GET('/api/competitors/{id}/record', { params: { path: { id }, query: { pipeline, groupBy } }, signal })),
    placeholderData: (old) => old,
    refetchInterval: (q) => (reading(q.state.error) ? 2000 : false),
  });

export type Said = Schemas['CompetitorSightingSaid'];
export type Noted = Said & { competitorId?: string; competitor?: string; accountId?: string; opportunityId?: string };

export const note = (id: string, body: Noted) => must(api.POST('/api/sightings', { body: { id, ...body } }));
export const correct = (x: Sighting, body: Said) => must(api.PUT('/api/sightings/{id}', { params: asRead(x), body }));
export const takeBack = (x: Sighting) => must(api.DELETE('/api/sightings/{id}', { params: asRead(x) }));
