import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../../../ui/FormDialog';
import { type RecordBody, useChange } from '../queries';

/** PartDialog is a form over one part of the record; saving answers with the whole. */
export function PartDialog({
  r,
  title,
  hint,
  ready = true,
  ok,
  save,
  onClose,
  children,
}: {
  r: RecordBody;
  title: string;
  hint?: string;
  ready?: boolean;
  /** The act, where it is not to save. */
  ok?: string;
  save: () => Promise<RecordBody>;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const change = useChange(r.id, save, { said: t('common.saved'), done: onClose });
  return (
    <FormDialog title={title} ok={ok} ready={ready} write={change} hint={hint} onClose={onClose}>
      {children}
    </FormDialog>
  );
}

/** Drop takes a row out. */
export function Drop({ onClick, what }: { onClick: () => void; what: string }) {
  const { t } = useTranslation();
  return (
    <Button type="text" aria-label={`${t('common.remove')} ${what}`} onClick={onClick}>
      ×
    </Button>
  );
}

export const without = <T,>(list: T[], i: number) => list.filter((_, j) => j !== i);
export const at = <T,>(list: T[], i: number, patch: Partial<T>) =>
  list.map((x, j) => (j === i ? { ...x, ...patch } : x));
