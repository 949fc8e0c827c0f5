import { Button, Popover } from 'antd';
import { useTranslation } from 'react-i18next';

/** Rule says why lines stand in this order, and when they come and go. */
export function Rule({ untouched }: { untouched: number }) {
  const { t } = useTranslation();
  const rules = (
    <ol className="rules">
      {(['late', 'weight', 'one', 'back', 'up'] as const).map((one) => (
        <li key={one}>{t(`desk.rule.${one}`, { count: untouched })}</li>
      ))}
    </ol>
  );
  return (
    <Popover trigger="click" placement="topLeft" content={rules}>
      <Button size="small">{t('desk.rule.title')}</Button>
    </Popover>
  );
}
