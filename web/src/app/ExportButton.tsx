import { Button, Popover } from 'antd';
import { useTranslation } from 'react-i18next';
import { under } from '../api/base';
import { exportFormats } from '../api/enums.gen';
import { SaveLink } from './SaveLink';

/** ExportButton saves the list as it is filtered; the server writes and notes it. */
export function ExportButton({
  path,
  params,
}: {
  path: 'opportunities' | 'accounts' | 'contacts' | 'audit';
  params: URLSearchParams;
}) {
  const { t, i18n } = useTranslation();
  const address = (format: string) => {
    const p = new URLSearchParams(params);
    p.delete('cols');
    p.set('format', format);
    p.set('locale', i18n.language);
    return under(`/api/exports/${path}?${p}`);
  };
  return (
    <Popover
      trigger={['hover', 'click']}
      placement="bottom"
      content={exportFormats.map((f) => (
        <SaveLink key={f} className="way" href={address(f)}>
          {f.toUpperCase()}
        </SaveLink>
      ))}
    >
      <Button className="desk-only">{t('list.export')} ▾</Button>
    </Popover>
  );
}
