import { App } from 'antd';
import { createElement } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { useWrite } from '../../app/useWrite';
import { accountKeys, contactKeys, type Look, type Merge, type MergeKind } from './queries';
import { UndoLine } from './UndoLine';

/** moved is what a merge makes stale. */
const moved = [accountKeys.all, contactKeys.all, ['opportunity'], ['tasks'], ['funnel'], ['files']];

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
