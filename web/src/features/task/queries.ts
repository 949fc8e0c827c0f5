import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';
import { asRead } from '../../api/version';
import { type KeyOf, useWrite, type Write } from '../../app/useWrite';

export type Task = Schemas['TaskTaskBody'];
export type View = 'mine' | 'handed' | 'done';

export const taskKeys = { all: ['task'] as const, list: (view: View) => ['task', 'list', view] as const };

export const tasksOf = (view: View) =>
  queryOptions({
    queryKey: taskKeys.list(view),
    queryFn: () =>
      must(api.GET('/api/tasks', { params: { query: { handed: view === 'handed', done: view === 'done' } } })),
  });

/** useTaskChange runs a change and reads what it may have touched again. */
export const useTaskChange = <V>(write: Write<V, Task>, done?: () => void) =>
  useWrite(write, { done, stale: [taskKeys.all, ['opportunity']] });

export const addTask = (task: { what: string; dueOn: string; memberId?: string }, key: KeyOf) =>
  must(api.POST('/api/tasks', { body: { id: key(), ...task } }));

export const finishTask = (x: Task) => must(api.POST('/api/tasks/{id}/finish', { params: asRead(x), body: {} }));

export const redateTask = ({ task, dueOn }: { task: Task; dueOn: string }) =>
  must(api.POST('/api/tasks/{id}/redate', { params: asRead(task), body: { dueOn } }));
