import { useTranslation } from 'react-i18next';
import { useUndo } from '../../ui/useUndo';
import { useAfterwards } from './Afterwards';
import { finishTask, reopenTask, useTaskChange } from './queries';

/** useFinish finishes a task, or one's part of it, at once, and offers to take that back and to say what came of it. */
export function useFinish(told = false) {
  const { t } = useTranslation();
  const undo = useUndo();
  const say = useAfterwards();
  const reopen = useTaskChange(reopenTask, undefined, true); // told: true, since the row may be gone
  return useTaskChange(
    finishTask,
    (x) => {
      const more = { name: t('task.sayResult'), run: () => say(x) };
      undo(x.id, t('task.finished', { what: x.what }), () => reopen.mutate(x), more);
    },
    told,
  );
}
