import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../ui/problemText';
import { useUnmerge } from './merges';

/** UndoLine says that two became one, and takes it back. */
export function UndoLine({ id, onDone }: { id: string; onDone: () => void }) {
  const { t } = useTranslation();
  const text = useProblemText();
  const undo = useUnmerge();
  return (
    <span>
      {t('merge.done')}{' '}
      <Button type="link" loading={undo.isPending} onClick={() => undo.mutate(id, { onSuccess: onDone })}>
        {t('merge.undo')}
      </Button>
      {undo.error && <span className="bad">{text(undo.error)}</span>}
    </span>
  );
}
