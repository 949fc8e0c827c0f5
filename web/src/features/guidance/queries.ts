import { infiniteQueryOptions, type QueryKey, queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';
import type { guidanceBoxes, guidanceFigures } from '../../api/enums.gen';
import type { paths } from '../../api/schema.gen';
import { guidanceKeys } from '../../app/queries';
import { type KeyOf, useWrite, type Write } from '../../app/useWrite';
import { type Draft, named, staleOf } from '../conversation/queries';

type Body = Schemas['GuidanceNoteBody'];
type Parts = 'answer' | 'outcome' | 'check';

/** Note is one 锦囊: its talk is the thread of the same id. The parts are null until there is something. */
export type Note = Omit<Body, Parts> & { [part in Parts]: Body[part] | null };
export type Kind = Note['kind'];
export type Turn = Note['turns'][number];
export type Helper = Schemas['GuidanceHelperBody'];
export type Piece = Schemas['GuidancePieceBody'];
export type Rules = Schemas['GuidanceRulesBody'];
export type Box = (typeof guidanceBoxes)[number];

type Query = NonNullable<paths['/api/guidance']['get']['parameters']['query']>;
/** On is the record a note is about. */
export type On = Parameters<typeof staleOf>[0];
export type Ask = { on: On; kind: Kind; toId: string; fact: string; checkOn: string } & Pick<Draft, 'text' | 'chosen'>;

const pages = (name: readonly unknown[], query: Query) =>
  infiniteQueryOptions({
    queryKey: [...guidanceKeys.all, ...name],
    initialPageParam: '',
    refetchInterval: 60_000, // what is left is counted by the server
    queryFn: ({ pageParam, signal }) => {
      const asked = { ...query, ...(pageParam ? { cursor: pageParam } : {}) };
      return must(api.GET('/api/guidance', { params: { query: asked }, signal }));
    },
    getNextPageParam: (page) => page.next || undefined,
  });

/** notesOn are the notes of a record, the newest first. */
export const notesOn = ({ kind, id }: On) => pages(['on', kind, id], { kind, id, limit: 10 });

/** notesIn are those of a box of the reader's. */
export const notesIn = (box: Box) => pages(['box', box], { box, limit: 20 });

/** whomOf is who would answer now, and until when; toId '' is whoever answers for the record, of help the superior. */
export const whomOf = (note: Kind, { kind, id }: On, toId: string) =>
  queryOptions({
    queryKey: [...guidanceKeys.all, 'whom', note, kind, id, toId],
    queryFn: ({ signal }) => {
      const query = { note, kind, id, ...(toId ? { toId } : {}) };
      return must(api.GET('/api/guidance-whom', { params: { query }, signal }));
    },
  });

/** helpersOf are who can help with a record, the superior in front. */
export const helpersOf = ({ kind, id }: On) =>
  queryOptions({
    queryKey: [...guidanceKeys.all, 'helpers', kind, id],
    queryFn: ({ signal }) => must(api.GET('/api/guidance-helpers', { params: { query: { kind, id } }, signal })),
  });

/** piecesOf are the words that may be said again in the reader's teams, the most used in front. */
export const piecesOf = queryOptions({
  queryKey: [...guidanceKeys.all, 'pieces'],
  queryFn: ({ signal }) => must(api.GET('/api/guidance-pieces', { signal })),
});

/** rulesOf is how long there is to answer, and how often a week each team's deals are looked at. */
export const rulesOf = queryOptions({
  queryKey: [...guidanceKeys.all, 'rules'],
  queryFn: ({ signal }) => must(api.GET('/api/guidance-rules', { signal })),
});

export const setRules = ({ version, ...body }: Rules) =>
  must(api.PUT('/api/guidance-rules', { params: { header: { 'If-Match': `"${version}"` } }, body }));

/** useGuidance sends a change of notes, and asks anew for what it may have touched. */
export const useGuidance = <V = void>(
  on: On | Note['on'],
  write: Write<V, unknown>,
  { stale = [], ...more }: { done?: () => void; told?: boolean; said?: string; stale?: readonly QueryKey[] } = {},
) => useWrite(write, { ...more, stale: [guidanceKeys.all, ...staleOf(on as On), ...stale] });

const of = ({ id }: Note) => ({ params: { path: { id } } });

export const ask = (a: Ask, key: KeyOf) => {
  const { kind, on, toId, fact, checkOn } = a;
  const text = a.text.trim();
  const check = kind === 'correction' ? { check: { fact, on: checkOn } } : {};
  return must(
    api.POST('/api/guidance', { body: { id: key(a), kind, on, toId, text, mentionIds: named(a), ...check } }),
  );
};
export const receive = (n: Note) => must(api.POST('/api/guidance/{id}/receive', of(n)));
export const recall = (n: Note) => must(api.POST('/api/guidance/{id}/recall', of(n)));
export const settle = (n: Note) => must(api.POST('/api/guidance/{id}/settle', of(n)));
export const askCustomer = (n: Note, on: string) =>
  must(api.POST('/api/guidance/{id}/ask-customer', { ...of(n), body: { on } }));

type Said = { text: string; mentionIds?: string[]; wantsOutcome: boolean; pieceId?: string };
export const answer = (n: Note, said: Said, key: KeyOf) =>
  must(api.POST('/api/guidance/{id}/answer', { ...of(n), body: { id: key(said), ...said } }));

/** words are what is said with an act, where anything is. */
const words = (text: string, key: KeyOf) => (text ? { id: key(text), text } : {});

export const reject = (n: Note, text: string, key: KeyOf) =>
  must(api.POST('/api/guidance/{id}/reject', { ...of(n), body: words(text, key) }));
export const sayUse = (n: Note, used: Schemas['UseGuidanceRequest']['used'], text: string, key: KeyOf) =>
  must(api.POST('/api/guidance/{id}/use', { ...of(n), body: { used, ...words(text, key) } }));
export const sayResult = (n: Note, text: string, key: KeyOf) =>
  must(api.POST('/api/guidance/{id}/result', { ...of(n), body: words(text, key) }));
export const sayCheck = (n: Note, worked: boolean, text: string, key: KeyOf) =>
  must(api.POST('/api/guidance/{id}/check', { ...of(n), body: { worked, ...words(text, key) } }));
export const keep = (text: string, key: KeyOf) =>
  must(api.POST('/api/guidance-pieces', { body: { id: key(text), text } }));
export const drop = (id: string) => must(api.DELETE('/api/guidance-pieces/{id}', { params: { path: { id } } }));

export type ToLook = Schemas['GuidanceToLookBody'];
export type What = ToLook['news'][number];

/** reviewsOf are the opportunities with something new that the reader is to look at, what is due first in front. */
export const reviewsOf = queryOptions({
  queryKey: [...guidanceKeys.all, 'reviews'],
  queryFn: ({ signal }) => must(api.GET('/api/reviews', { params: { query: { limit: 200 } }, signal })),
});

/** looksAt are who looked at an opportunity, the last in front. */
export const looksAt = (id: string) =>
  queryOptions({
    queryKey: [...guidanceKeys.all, 'looks', id],
    queryFn: ({ signal }) => must(api.GET('/api/looks', { params: { query: { id } }, signal })),
  });

export const lookAt = (opportunityId: string, facts: What[], text: string, key: KeyOf) => {
  const said = { opportunityId, facts, ...(text ? { text } : {}) };
  return must(api.POST('/api/looks', { body: { id: key(said), ...said } }));
};

export const lookAtMany = (ids: string[]) => must(api.POST('/api/looks/many', { body: { ids } }));

/** measuresOf is how those who report to the reader answered in the last four weeks, and he himself. */
export const measuresOf = queryOptions({
  queryKey: [...guidanceKeys.all, 'measures'],
  queryFn: ({ signal }) => must(api.GET('/api/guidance-measures', { signal })),
});

/** callsForHelp are the oldest open calls for help below those who lead others that lead. */
export const callsForHelp = queryOptions({
  queryKey: [...guidanceKeys.all, 'calls'],
  refetchInterval: 60_000, // what was waited is counted by the server
  queryFn: ({ signal }) => must(api.GET('/api/guidance-calls', { signal })),
});

export type Figure = (typeof guidanceFigures)[number];

/** behind are the notes a figure of a member is made of. */
export const behind = (member: string, measure: Figure) =>
  queryOptions({
    queryKey: [...guidanceKeys.all, 'measures', member, measure],
    queryFn: ({ signal }) =>
      must(api.GET('/api/guidance-measures/notes', { params: { query: { member, measure } }, signal })),
  });

/** behindAdvised are the opportunities a member advised on. */
export const behindAdvised = (member: string) =>
  queryOptions({
    queryKey: [...guidanceKeys.all, 'advised', member],
    queryFn: ({ signal }) =>
      must(api.GET('/api/guidance-measures/opportunities', { params: { query: { member } }, signal })),
  });

/** behindCoverage are the opportunities a member was to look at. */
export const behindCoverage = (member: string) =>
  queryOptions({
    queryKey: [...guidanceKeys.all, 'coverage', member],
    queryFn: ({ signal }) =>
      must(api.GET('/api/guidance-coverage/opportunities', { params: { query: { member } }, signal })),
  });

/** coverageOf is what they were to look at in these weeks. */
export const coverageOf = queryOptions({
  queryKey: [...guidanceKeys.all, 'coverage'],
  queryFn: ({ signal }) => must(api.GET('/api/guidance-coverage', { signal })),
});
