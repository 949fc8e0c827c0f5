import { queryOptions } from '@tanstack/react-query';
import { App } from 'antd';
import { createElement } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../api/client';
import { useWrite } from '../../app/useWrite';
import { UndoLine } from './UndoLine';

export type MergeKind = 'account' | 'contact';
export type Mergeable = { id: string; name: string };
export type Look = Schemas['AccountLookBody'];
export type Merge = Schemas['AccountMergeBody'];

/** lookOf is what putting one record into another would change and move. */
export const lookOf = (kind: MergeKind, id: string, other: string) =>
  queryOptions({
    queryKey: [kind === 'account' ? 'accounts' : 'contacts', 'merge', id, other],
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
    queryKey: [kind === 'account' ? 'accounts' : 'contacts', 'merges', id],
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
  queryKey: ['accounts', 'twins'],
  queryFn: () => must(api.GET('/api/twins')),
});

/** moved is what a merge makes stale. */
const moved = [['accounts'], ['contacts'], ['opportunity'], ['tasks'], ['funnel'], ['files']];

/** useUnmerge takes a merge back, and says what stayed because it was changed since. */
export function useUnmerge() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return useWrite((id: string) => must(api.POST('/api/merges/{id}/undo', { params: { path: { id } } })), {
    done: (u) => {
      const stayed = u.stayed + u.fields.length;
      message.success(stayed ? t('merge.undoneBut', { count: stayed }) : t('merge.undone'), stayed ? 8 : 3);
    },
    stale: moved,
  });
}

/** useMerge puts one record into another, and offers to take it back at once. */
export function useMerge(kind: MergeKind, onDone: (m: Merge) => void) {
  const { message } = App.useApp();
  return useWrite(
    ({ id, kept, gone, look, take }: Choice) => {
      const params = { path: { id: kept } };
      const body = { id, with: gone, version: look.version, withVersion: look.goneVersion, take };
      return must(
        kind === 'account'
          ? api.POST('/api/accounts/{id}/merge', { params, body })
          : api.POST('/api/contacts/{id}/merge', { params, body }),
      );
    },
    {
      done: (m) => {
        onDone(m);
        const key = `merge-${m.id}`;
        const content = createElement(UndoLine, { id: m.id, onDone: () => message.destroy(key) });
        message.open({ key, type: 'success', duration: 12, content });
      },
      stale: moved,
    },
  );
}
type Choice = { id: string; kept: string; gone: string; look: Look; take: string[] };
