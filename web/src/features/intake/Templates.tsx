import { Button, Popover } from 'antd';
import { useTranslation } from 'react-i18next';
import { under } from '../../api/base';
import { SaveLink } from '../../app/SaveLink';
import { kinds } from './mapping';

/** Templates offers a table of each kind that says what its columns take, to be filled and dropped here. */
export function Templates() {
  const { t, i18n } = useTranslation();
  const address = (kind: string) => under(`/api/exports/templates/${kind}?locale=${i18n.language}`);
  return (
    <Popover
      trigger={['hover', 'click']}
      placement="bottom"
      content={kinds.map((kind) => (
        <SaveLink key={kind} className="way" href={address(kind)}>
          {t(`import.fileKind.${kind}`)}
        </SaveLink>
      ))}
    >
      <Button>{t('import.template')}</Button>
    </Popover>
  );
}
