import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { copyText } from './copy';

/** CopyButton copies a text, and says whether it did. */
export function CopyButton({ text }: { text: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const copy = async () => {
    if (await copyText(text)) message.success(t('common.copied'));
    else message.warning(t('common.copyByHand'));
  };
  return <Button onClick={copy}>{t('common.copy')}</Button>;
}
