import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';

/** useUndo says over the page what was done, and offers for a while to take it back, or to say more of it. */
export function useUndo() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return (of: string, said: string, undo: () => void, more?: { name: string; run: () => void }) => {
    const key = `undo-${of}`;
    const then = (run: () => void) => () => {
      message.destroy(key);
      run();
    };
    message.open({
      key,
      duration: 10,
      content: (
        <span>
          {said}{' '}
          {more && (
            <Button type="link" onClick={then(more.run)}>
              {more.name}
            </Button>
          )}
          <Button type="link" onClick={then(undo)}>
            {t('common.undo')}
          </Button>
        </span>
      ),
    });
  };
}
