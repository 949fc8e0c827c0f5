import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { CopyButton } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';

/** RecoveryCodes shows a new set, this once. */
export function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const text = codes.join('\n');
  const download = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(
      new Blob([`Yunchou · ${me.company} · ${me.name}\n\n${text}\n`], { type: 'text/plain' }),
    );
    link.download = t('identity.codesFile');
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <Dialog
      title={t('identity.codes')}
      width={460}
      held
      onOk={onClose}
      onClose={onClose}
      footer={(form) => (
        <>
          <Button onClick={download}>{t('identity.download')}</Button>
          <CopyButton text={text} />
          <Button type="primary" htmlType="submit" form={form}>
            {t('identity.codesKept')}
          </Button>
        </>
      )}
    >
      <p>{t('identity.codesLead')}</p>
      <ul className="codes" data-testid="codes">
        {codes.map((c) => (
          <li key={c}>{c}</li>
        ))}
      </ul>
    </Dialog>
  );
}
