import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, must, type Schemas, upload } from '../../api/client';
import { newId } from '../../api/newId';
import { asRead } from '../../api/version';

export type Thread = Schemas['ConversationThreadBody'];
export type Message = Schemas['ConversationMessageBody'];

/** On is the record that is talked about. */
export type On = { kind: 'opportunity' | 'account' | 'contact' | 'follow_up' | 'task' | 'import'; id: string };

/** Draft is a message while it is written; its ids make that trying again says it once. */
export type Draft = {
  threadId: string;
  id: string;
  note: boolean;
  text: string;
  /** Members who were chosen after an @; named are those whose name still stands in the text. */
  chosen: { id: string; name: string }[];
  files: File[];
};

export const fresh = (): Draft => ({ threadId: newId(), id: newId(), note: false, text: '', chosen: [], files: [] });

/** named are the ids of whom a text names. */
export const named = (d: Pick<Draft, 'text' | 'chosen'>) => [
  ...new Set(d.chosen.filter((m) => d.text.includes(`@${m.name}`)).map((m) => m.id)),
];

export const threadKeys = { all: ['thread'] as const };

/** Whose timeline tells of a talk, by the beginning of its key. */
const tells = { opportunity: 'opportunity', account: 'accounts', contact: 'contacts' } as const;
export const staleOf = (on: On) => [
  threadKeys.all,
  ...(on.kind in tells ? [[tells[on.kind as keyof typeof tells], 'timeline', on.id]] : []),
];

/** threadsOn is what is said about a record, a page at a time, the last spoken in first. */
export const threadsOn = (on: On) =>
  infiniteQueryOptions({
    queryKey: ['thread', 'on', on.kind, on.id] as const,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = { kind: on.kind, id: on.id, limit: 10, ...(pageParam ? { cursor: pageParam } : {}) };
      return must(api.GET('/api/threads', { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next || undefined,
  });

/** messagesOf is a thread's messages, a page at a time, the last first. */
export const messagesOf = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['thread', 'messages', id] as const,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 30, ...(pageParam ? { cursor: pageParam } : {}) };
      return must(api.GET('/api/threads/{id}/messages', { params: { path: { id }, query }, signal }));
    },
    getNextPageParam: (page) => page.next || undefined,
  });

/** say says a draft: in a thread, or in one that begins with it. Files come after; what is there is not sent again. */
export async function say(on: On, thread: string | undefined, d: Draft, sent: (f: File) => void) {
  const message = { id: d.id, text: d.text, mentionIds: named(d), files: d.files.length > 0 };
  if (thread) await must(api.POST('/api/threads/{id}/messages', { params: { path: { id: thread } }, body: message }));
  else {
    const kind = d.note ? 'note' : 'discussion';
    await must(api.POST('/api/threads', { body: { id: d.threadId, kind, on, message } }));
  }
  for (const f of d.files) {
    await upload(`/api/files?kind=message&id=${d.id}&name=${encodeURIComponent(f.name)}`, f);
    sent(f);
  }
}

export const edit = (m: Message, text: string, mentionIds: string[]) =>
  must(api.PATCH('/api/messages/{id}', { params: asRead(m), body: { text, mentionIds } }));

export const takeBack = (m: Message) => must(api.POST('/api/messages/{id}/take-back', { params: asRead(m) }));

export const readTo = (id: string, upTo: number) =>
  must(api.POST('/api/threads/{id}/read', { params: { path: { id } }, body: { upTo } }));
