import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';
import { asRead } from '../../api/version';
import { accountKeys, contactKeys } from '../account/queries';
import { ofDeals } from '../opportunity/queries';

export type Change = Schemas['ChangeChangeBody'];
export type ChangedDeal = Schemas['ChangeDealBody'];

export const changeKeys = { all: ['contact-changes'] as const };

/** ofChange are the keys of what a change makes stale: roles, posts, tasks and what waits. */
export const ofChange = [changeKeys.all, ...ofDeals, contactKeys.all, accountKeys.all, ['task']] as const;

/** changesOf are those of a deal or of a customer that are open. */
export const changesOf = (of: { opportunity?: string; account?: string }) =>
  queryOptions({
    queryKey: [...changeKeys.all, of],
    queryFn: async () =>
      (await must(api.GET('/api/contact-changes', { params: { query: { ...of, open: true } } }))).items,
  });

/** proposedBy are those an import proposed, however they stand. */
export const proposedBy = (batch: string) =>
  queryOptions({
    queryKey: [...changeKeys.all, { batch }],
    queryFn: async () => (await must(api.GET('/api/contact-changes', { params: { query: { import: batch } } }))).items,
  });

/** oneChange is one as it stands now. */
export const oneChange = (id: string) => must(api.GET('/api/contact-changes/{id}', { params: { path: { id } } }));

/** changeOf is one as a form opens it. */
export const changeOf = (id: string) =>
  queryOptions({ queryKey: [...changeKeys.all, 'one', id], queryFn: () => oneChange(id), gcTime: 0 });

/** Told is what a change is told by. */
export type Told = {
  contactId: string;
  kind: Change['kind'];
  on: string;
  successorId: string;
  successorName: string;
  title: string;
  source: Change['source'];
  suspect: boolean;
  evenIfSame: boolean;
  opportunityId: string;
  toAccountId?: string;
  department?: string;
};

/** tell notes that somebody changed. */
export const tell = (id: string, told: Told) =>
  must(api.POST('/api/contact-changes', { headers: { 'Yunchou-Path': 'form' }, body: { id, ...told } }));

export type Follows = { successorId: string; successorName: string; evenIfSame: boolean };

/** confirm says that a suspected change is so, or who follows. */
export const confirm = (c: Change, follows: Follows) =>
  must(api.POST('/api/contact-changes/{id}/confirm', { params: asRead(c), body: follows }));

/** refute says that it did not hold. */
export const refute = (c: Change) => must(api.POST('/api/contact-changes/{id}/refute', { params: asRead(c) }));

/** toPlace tells whether it is known where somebody went, or only his title. */
export const toPlace = (c: Change) => c.kind !== 'retitled' && !!(c.toAccountName || c.department);

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
