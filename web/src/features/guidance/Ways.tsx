import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AskDialog } from './AskDialog';
import './guidance.css';
import { HelpDialog } from './HelpDialog';
import type { On } from './queries';

/** Ways are how one begins on a record: to ask or advise its owner, and to call for help. */
export function Ways({ kind, id, ownerId }: On & { ownerId?: string }) {
  const { t } = useTranslation();
  const [form, setForm] = useState<'ask' | 'help'>();
  const on = { kind, id };
  const close = () => setForm(undefined);
  return (
    <span className="ways">
      <Button size="small" onClick={() => setForm('ask')}>
        {t('guidance.ask')}
      </Button>
      <Button size="small" onClick={() => setForm('help')}>
        {t('guidance.askHelp')}
      </Button>
      {form === 'ask' && <AskDialog on={on} ownerId={ownerId} onClose={close} />}
      {form === 'help' && <HelpDialog on={on} onClose={close} />}
    </span>
  );
}
