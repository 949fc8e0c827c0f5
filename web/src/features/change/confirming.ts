import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';

export type Question = Schemas['ConfirmQuestionBody'];
export type Confirmation = Schemas['ConfirmConfirmationBody'];
export type Answered = Schemas['AnswerConfirmationRequest'];

export const confirmKeys = { all: ['opportunity', 'confirmations'] as const };

/** askedAfter is after whom the reader is asked today. It is stale with the deals. */
export const askedAfter = queryOptions({
  queryKey: [...confirmKeys.all, 'today'],
  queryFn: async ({ signal }) => (await must(api.GET('/api/confirmations', { signal }))).items,
});

/** confirmedIn is when the key persons of a deal were last confirmed. */
export const confirmedIn = (id: string) =>
  queryOptions({
    queryKey: [...confirmKeys.all, id],
    queryFn: async ({ signal }) =>
      (await must(api.GET('/api/opportunities/{id}/confirmations', { params: { path: { id } }, signal }))).items,
  });

/** answer says what was asked. */
export const answer = (id: string, body: Answered) =>
  must(api.POST('/api/confirmations', { headers: { 'Yunchou-Path': 'form' }, body: { id, ...body } }));

/** takeBack takes an answer back. */
export const takeBack = (id: string) => must(api.POST('/api/confirmations/{id}/undo', { params: { path: { id } } }));
