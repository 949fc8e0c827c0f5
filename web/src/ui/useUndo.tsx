import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';

/** useUndo says over the page what was done, and offers for a while to take it back. */
export function useUndo() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return (of: string, said: string, undo: () => void) => {
    const key = `undo-${of}`;
    const back = () => {
      message.destroy(key);
      undo();
    };
    message.open({
      key,
      duration: 10,
      content: (
        <span>
          {said}{' '}
          <Button type="link" onClick={back}>
            {t('common.undo')}
          </Button>
        </span>
      ),
    });
  };
}
