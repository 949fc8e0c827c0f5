import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';
import type { mergeKinds } from '../../api/enums.gen';
import type { Query } from '../../ui/address';

export type MergeKind = (typeof mergeKinds)[number];
export type Mergeable = { id: string; name: string };
export type Look = Schemas['AccountLookBody'];
export type Merge = Schemas['AccountMergeBody'];

export const accountKeys = { all: ['accounts'] as const };
export const contactKeys = { all: ['contacts'] as const };
const keysOf = (kind: MergeKind) => (kind === 'account' ? accountKeys : contactKeys).all;

export const accountOf = (id: string) =>
  queryOptions({
    queryKey: [...accountKeys.all, id],
    queryFn: () => must(api.GET('/api/accounts/{id}', { params: { path: { id } } })),
  });

/** accountsOf is a page of customers; the one before stays until it is there. */
export const accountsOf = (q: Query) =>
  queryOptions({
    queryKey: [...accountKeys.all, q],
    queryFn: ({ signal }) => must(api.GET('/api/accounts', { params: { query: q as never }, signal })),
    placeholderData: (old) => old,
  });

/** accountsLike are some customers by name, pinyin or initials, the likeliest first. */
export const accountsLike = (q: string, limit: number) =>
  queryOptions({
    queryKey: [...accountKeys.all, 'pick', q, limit],
    queryFn: () => must(api.GET('/api/accounts', { params: { query: { q, limit } } })),
  });

export const childrenOf = (parent: string) =>
  queryOptions({
    queryKey: [...accountKeys.all, { parent }],
    queryFn: () => must(api.GET('/api/accounts', { params: { query: { parent, limit: 100 } } })),
  });

/** contactOf is a person as a form opens: never from memory. */
export const contactOf = (id: string) =>
  queryOptions({
    queryKey: [...contactKeys.all, 'one', id],
    queryFn: () => must(api.GET('/api/contacts/{id}', { params: { path: { id } } })),
    gcTime: 0,
  });

/** contactsOf is a page of people; the one before stays until it is there. */
export const contactsOf = (q: Query) =>
  queryOptions({
    queryKey: [...contactKeys.all, 'list', q],
    queryFn: ({ signal }) => must(api.GET('/api/contacts', { params: { query: q as never }, signal })),
    placeholderData: (old) => old,
  });

/** contactsLike are some people by name, pinyin or initials. */
export const contactsLike = (q: string) =>
  queryOptions({
    queryKey: [...contactKeys.all, 'pick', q],
    queryFn: () => must(api.GET('/api/contacts', { params: { query: { q, limit: 20 } } })),
  });

/** peopleOf are those who work for a customer. */
export const peopleOf = (account: string) =>
  queryOptions({
    queryKey: [...contactKeys.all, account],
    queryFn: () => must(api.GET('/api/contacts', { params: { query: { account, limit: 200 } } })),
  });

/** formerOf are those who have left it. */
export const formerOf = (account: string) =>
  queryOptions({
    queryKey: [...contactKeys.all, account, 'left'],
    queryFn: () => must(api.GET('/api/accounts/{id}/left', { params: { path: { id: account } } })),
  });

/** mentionsOf is where others wrote of a person. */
export const mentionsOf = (id: string) =>
  queryOptions({
    queryKey: [...contactKeys.all, 'mentions', id],
    queryFn: () => must(api.GET('/api/contacts/{id}/mentions', { params: { path: { id } } })),
    gcTime: 0,
  });

/** namesakesOf are the people of an account who are called so, asked before another is written down beside them. */
export const namesakesOf = (account: string, name: string) =>
  queryOptions({
    queryKey: [...contactKeys.all, 'called', account, name],
    queryFn: async () => (await must(api.GET('/api/contact-name', { params: { query: { name, account } } }))).people,
    staleTime: 0,
  });

/** lookOf is what putting one record into another would change and move. */
export const lookOf = (kind: MergeKind, id: string, other: string) =>
  queryOptions({
    queryKey: [...keysOf(kind), 'merge', id, other],
    queryFn: (): Promise<Look> => {
      const params = { path: { id }, query: { with: other } };
      return must(
        kind === 'account'
          ? api.GET('/api/accounts/{id}/merge', { params })
          : api.GET('/api/contacts/{id}/merge', { params }),
      );
    },
    gcTime: 0,
    retry: false,
  });

/** mergesOf is what went into a record, the last first. */
export const mergesOf = (kind: MergeKind, id: string) =>
  queryOptions({
    queryKey: [...keysOf(kind), 'merges', id],
    queryFn: async (): Promise<Merge[]> => {
      const params = { path: { id } };
      const list = await must(
        kind === 'account'
          ? api.GET('/api/accounts/{id}/merges', { params })
          : api.GET('/api/contacts/{id}/merges', { params }),
      );
      return list.items;
    },
  });

/** twinsOf are the accounts and people one may change that look the same. */
export const twinsOf = queryOptions({
  queryKey: [...accountKeys.all, 'twins'],
  queryFn: () => must(api.GET('/api/twins')),
});
