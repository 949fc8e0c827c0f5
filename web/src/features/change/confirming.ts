import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';

export type Question = Schemas['ConfirmQuestion'];
export type Confirmation = Schemas['ConfirmConfirmationBody'];
export type Answered = Schemas['AnswerConfirmationRequest'];

/** confirmedIn is when the key persons of a deal were last confirmed; it is stale with the deals. */
export const confirmedIn = (id: string) =>
  queryOptions({
    queryKey: ['opportunity', 'confirmations', id],
    queryFn: async ({ signal }) =>
      (await must(api.GET('/api/opportunities/{id}/confirmations', { params: { path: { id } }, signal }))).items,
  });

/** answer says what was asked. */
export const answer = (id: string, body: Answered) =>
  must(api.POST('/api/confirmations', { headers: { 'Yunchou-Path': 'form' }, body: { id, ...body } }));

/** takeBack takes an answer back. */
export const takeBack = (id: string) => must(api.POST('/api/confirmations/{id}/undo', { params: { path: { id } } }));
