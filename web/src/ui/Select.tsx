import { CloseCircleFilled } from '@ant-design/icons';
import { Select as AntSelect, type SelectProps } from 'antd';
import { useTranslation } from 'react-i18next';

/** Select is Ant Design's, which may be emptied in the reader's language: its own mark says "Clear" whoever reads. */
export function Select<V>({ allowClear, ...props }: SelectProps<V>) {
  const { t } = useTranslation();
  const clear = { label: t('common.empty'), clearIcon: <CloseCircleFilled /> };
  return <AntSelect<V> {...props} allowClear={allowClear ? clear : false} />;
}
