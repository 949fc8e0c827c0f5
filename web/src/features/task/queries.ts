import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';
import { asRead } from '../../api/version';
import { type KeyOf, useWrite, type Write } from '../../app/useWrite';

export type Task = Schemas['TaskTaskBody'];
export type Whole = Task & Omit<Schemas['TaskWholeBody'], 'task'>;
export type Repeat = Schemas['TaskRepeatBody'];
export type Party = Schemas['TaskPartyBody'];
export type Promises = Schemas['TaskPromisesBody'];
export type View = 'mine' | 'handed' | 'done';

export const taskKeys = {
  all: ['task'] as const,
  list: (view: View) => ['task', 'list', view] as const,
  one: (id: string) => ['task', 'one', id] as const,
  promises: (of: { member?: string; team?: string }) => ['task', 'promises', of] as const,
};

export const tasksOf = (view: View) =>
  queryOptions({
    queryKey: taskKeys.list(view),
    queryFn: () =>
      must(api.GET('/api/tasks', { params: { query: { handed: view === 'handed', done: view === 'done' } } })),
  });

export const taskOf = (id: string) =>
  queryOptions({
    queryKey: taskKeys.one(id),
    queryFn: async (): Promise<Whole> => {
      const { task, ...more } = await must(api.GET('/api/tasks/{id}', { params: { path: { id } } }));
      return { ...task, ...more };
    },
  });

/** promisesOf are the counts of everybody in sight, and the promises of a member or a team. */
export const promisesOf = (of: { member?: string; team?: string }) =>
  queryOptions({
    queryKey: taskKeys.promises(of),
    queryFn: () => must(api.GET('/api/promises', { params: { query: of } })),
  });

/** useTaskChange runs a change and reads what it may have touched again. */
export const useTaskChange = <V>(write: Write<V, Task>, done?: (answer: Task) => void, told?: boolean) =>
  useWrite(write, { done, told, stale: [taskKeys.all, ['opportunity']] });

export interface NewTask {
  what: string;
  dueOn: string;
  memberId?: string;
  customerAgreed?: boolean;
  parties?: Party[];
  repeat?: Repeat;
  on?: { kind: string; id: string }[];
}

export const addTask = (task: NewTask, key: KeyOf) => must(api.POST('/api/tasks', { body: { id: key(), ...task } }));

type Said<T> = { task: Pick<Task, 'id' | 'version'> } & T;

export const finishTask = ({ task, result }: Said<{ result?: string }>) =>
  must(api.POST('/api/tasks/{id}/finish', { params: asRead(task), body: { result } }));

export const sayResult = ({ task, result }: Said<{ result: string }>) =>
  must(api.POST('/api/tasks/{id}/result', { params: asRead(task), body: { result } }));

export const setParties = ({ task, parties }: Said<{ parties: Party[] }>) =>
  must(api.PUT('/api/tasks/{id}/parties', { params: asRead(task), body: { parties } }));

export const reopenTask = (task: Task) => must(api.POST('/api/tasks/{id}/reopen', { params: asRead(task) }));

export const redateTask = ({ task, ...body }: Said<{ dueOn: string; reason?: string; customerAgreed?: boolean }>) =>
  must(api.POST('/api/tasks/{id}/redate', { params: asRead(task), body }));

export const dropTask = (task: Task) => must(api.POST('/api/tasks/{id}/drop', { params: asRead(task) }));

export const receiveTask = (task: Task) => must(api.POST('/api/tasks/{id}/receive', { params: asRead(task) }));

export const planTask = ({ task, words }: Said<{ words: string }>) =>
  must(api.POST('/api/tasks/{id}/plan', { params: asRead(task), body: { words } }));

export const progressTask = ({ task, words }: Said<{ words: string }>) =>
  must(api.POST('/api/tasks/{id}/progress', { params: asRead(task), body: { words } }));

export const reviewTask = ({ task, ...body }: Said<{ accepted: boolean; reason?: string }>) =>
  must(api.POST('/api/tasks/{id}/review', { params: asRead(task), body }));

export const offerTask = ({ task, ...body }: Said<{ toId: string; words?: string }>) =>
  must(api.POST('/api/tasks/{id}/offer', { params: asRead(task), body }));

export const answerOffer = ({ task, ...body }: Said<{ accepted: boolean; reason?: string }>) =>
  must(api.POST('/api/tasks/{id}/offer/answer', { params: asRead(task), body }));

export const withdrawOffer = (task: Task) => must(api.POST('/api/tasks/{id}/offer/withdraw', { params: asRead(task) }));

export const endSeries = (task: Task) => must(api.POST('/api/tasks/{id}/series/end', { params: asRead(task) }));
