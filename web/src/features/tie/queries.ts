import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';
import { deskOf } from '../opportunity/queries';

export type Known = Schemas['TieKnownBody'];
export type Way = Known['ways'][number];
export type Introduction = Schemas['TieIntroductionBody'];
export type Around = Schemas['TieAroundBody'];
export type Tie = Schemas['TieTieBody'];
export type Mine = Schemas['TieMineBody'];
export type Background = Schemas['TieItemBody'];

/** Somebody is asked for by id, or by name and a firm he was at. */
export type Whom = { id?: string; name: string; former?: string };

export const tieKeys = { all: ['tie'] as const };

/** ofTies are the keys of what shows who knows whom; the desk counts what one is asked. */
export const ofTies = [tieKeys.all, deskOf.queryKey] as const;

/** knowersOf are who of us knows somebody, worked out now. */
export const knowersOf = ({ id, name, former }: Whom) =>
  queryOptions({
    queryKey: [...tieKeys.all, 'knowers', id || name, former ?? ''] as const,
    retry: false,
    queryFn: ({ signal }) =>
      id
        ? must(api.GET('/api/contacts/{id}/knowers', { params: { path: { id } }, signal }))
        : must(api.GET('/api/knowers', { params: { query: { name, former } }, signal })),
  });

export const introductionsOf = queryOptions({
  queryKey: [...tieKeys.all, 'introductions'] as const,
  queryFn: ({ signal }) => must(api.GET('/api/introductions', { signal })),
});

export const aroundsOf = queryOptions({
  queryKey: [...tieKeys.all, 'ask-arounds'] as const,
  queryFn: ({ signal }) => must(api.GET('/api/ask-arounds', { signal })),
});

/** whomOf is to how many it would be put, and why to them. */
export const whomOf = ({ id, name, former }: Whom) =>
  queryOptions({
    queryKey: [...tieKeys.all, 'whom', id ?? '', name, former ?? ''] as const,
    retry: false,
    queryFn: ({ signal }) =>
      must(api.GET('/api/ask-arounds/whom', { params: { query: { name, former, contact: id } }, signal })),
  });

export const introduce = (id: string, body: { contactId: string; token: string; sentence: string }) =>
  must(api.POST('/api/introductions', { body: { id, ...body } }));

export const askAround = (id: string, { id: contactId, name, former }: Whom) =>
  must(api.POST('/api/ask-arounds', { body: { id, name, former, contactId } }));

export const agree = (id: string, yes: boolean) =>
  must(api.POST('/api/introductions/{id}/answer', { params: { path: { id } }, body: { agree: yes } }));

export type Answer = Schemas['AnswerAskAroundRequest']['answer'];
export const answer = (id: string, said: Answer) =>
  must(api.POST('/api/ask-arounds/{id}/answer', { params: { path: { id } }, body: { answer: said } }));

export const tiesOf = (contact: string) =>
  queryOptions({
    queryKey: [...tieKeys.all, 'of', contact] as const,
    queryFn: async ({ signal }) => (await must(api.GET('/api/ties', { params: { query: { contact } }, signal }))).items,
  });

/** tiesBetween are how some people stand to each other, as far as the reader may know. */
export const tiesBetween = (people: readonly string[]) => {
  const between = [...people].sort().slice(0, 100); // in whatever order they stand it is one question
  return queryOptions({
    queryKey: [...tieKeys.all, 'between', ...between] as const,
    enabled: between.length > 1,
    retry: false,
    queryFn: async ({ signal }) => (await must(api.GET('/api/ties', { params: { query: { between } }, signal }))).items,
  });
};

export const mineOf = queryOptions({
  queryKey: [...tieKeys.all, 'mine'] as const,
  queryFn: ({ signal }) => must(api.GET('/api/me/background', { signal })),
});

export const backgroundOf = (id: string) =>
  queryOptions({
    queryKey: [...tieKeys.all, 'background', id] as const,
    queryFn: ({ signal }) => must(api.GET('/api/contacts/{id}/background', { params: { path: { id } }, signal })),
  });

export const giveMine = (body: Schemas['SetMyBackgroundRequest']) => must(api.PUT('/api/me/background', { body }));
