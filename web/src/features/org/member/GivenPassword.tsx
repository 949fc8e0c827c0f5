import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from '../../../ui/bits';
import { CopyButton } from '../../../ui/CopyButton';
import { Dialog } from '../../../ui/Dialog';
import { newPassword } from './password';

/** PasswordToGive is a password for somebody else: made here, to be read and handed on, or written by hand. */
export function PasswordToGive({
  value,
  had,
  onChange,
}: {
  value: string;
  had: boolean;
  onChange: (v: string) => void;
}) {
  const { t } = useTranslation();
  const hint = useHint(had);
  return (
    <div className="given">
      <Field label={t('signin.password')} at="password" hint={hint}>
        <Input
          className="mono"
          value={value}
          onChange={(e) => onChange(e.target.value)}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <div className="row-8">
        <CopyButton text={value} />
        <Button onClick={() => onChange(newPassword())}>{t('member.anotherPassword')}</Button>
      </div>
    </div>
  );
}

/** Given shows what has to be handed on once it is in force: it cannot be read again. */
export function Given({ name, login, password, had, onClose }: GivenProps) {
  const { t } = useTranslation();
  const hint = useHint(had);
  const named = (what: string, value: string) => t('common.named', { name: what, value });
  return (
    <Dialog
      title={t('member.given', { name })}
      width={460}
      held
      onOk={onClose}
      onClose={onClose}
      footer={(form) => (
        <>
          <CopyButton text={`${named(t('signin.login'), login)}\n${named(t('signin.password'), password)}`} />
          <Button type="primary" htmlType="submit" form={form}>
            {t('member.givenDone')}
          </Button>
        </>
      )}
    >
      <p>{hint}</p>
      <div className="kv">
        <span>{t('signin.login')}</span>
        <b className="mono">{login}</b>
      </div>
      <div className="kv">
        <span>{t('signin.password')}</span>
        <b className="mono" data-testid="given">
          {password}
        </b>
      </div>
    </Dialog>
  );
}
type GivenProps = { name: string; login: string; password: string; had: boolean; onClose: () => void };

/** useHint says how long the password is good; and that sessions end, to whom could sign in before. */
function useHint(had: boolean) {
  const { t, i18n } = useTranslation();
  const gap = i18n.language === 'zh-CN' ? '' : ' ';
  return had ? t('member.givenHint') + gap + t('member.givenEnds') : t('member.givenHint');
}
