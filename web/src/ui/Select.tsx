import { CloseCircleFilled } from '@ant-design/icons';
import { Select as AntSelect, type SelectProps } from 'antd';
import { useTranslation } from 'react-i18next';

const TALL = 400; // pixels of a list that is opened: nine options of a finger's height

/** Select is Ant Design's, which may be emptied in the reader's language: its own mark says "Clear" whoever reads. */
export function Select<V>({ allowClear, ...props }: SelectProps<V>) {
  const { t } = useTranslation();
  const clear = { label: t('common.empty'), clearIcon: <CloseCircleFilled /> };
  return <AntSelect<V> listHeight={TALL} {...props} allowClear={allowClear ? clear : false} />;
}
