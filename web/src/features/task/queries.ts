import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';

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
export function useTaskChange<V>(fn: (v: V) => Promise<Task>) {
  const query = useQueryClient();
  return useMutation({
    mutationFn: fn,
    onSuccess: async () => {
      await query.invalidateQueries({ queryKey: taskKeys.all });
      await query.invalidateQueries({ queryKey: ['opportunity'] });
    },
  });
}

export const addTask = (body: { what: string; dueOn: string; memberId?: string }) =>
  must(api.POST('/api/tasks', { body }));

/** asRead names a task at the version it was read at. */
const asRead = (x: Task) => ({ path: { id: x.id }, header: { 'If-Match': `"${x.version}"` } });

export const finishTask = (x: Task) => must(api.POST('/api/tasks/{id}/finish', { params: asRead(x), body: {} }));

export const redateTask = ({ task, dueOn }: { task: Task; dueOn: string }) =>
  must(api.POST('/api/tasks/{id}/redate', { params: asRead(task), body: { dueOn } }));
