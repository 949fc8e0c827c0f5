import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './Dialog';

type Props = Omit<ComponentProps<typeof Dialog>, 'pending' | 'error' | 'onOk'> & {
  /** The change it sends. */
  write: { isPending: boolean; error: unknown; mutate: () => void };
  hint?: string;
};

/** FormDialog is a form that sends one change: it waits for the answer, and shows what was refused. */
export function FormDialog({ write, ok, hint, children, ...more }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog
      {...more}
      ok={ok ?? t('common.save')}
      pending={write.isPending}
      error={write.error}
      onOk={() => write.mutate()}
    >
      {hint && <p className="ink2">{hint}</p>}
      {children}
    </Dialog>
  );
}
