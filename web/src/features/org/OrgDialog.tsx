import { App, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, useOrg } from '../../app/session';
import type { Write } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { FormDialog } from '../../ui/FormDialog';
import { useOrgChange } from './queries';

/** OrgDialog is a form that changes the organisation: one request, and what went wrong beside it. */
export function OrgDialog<A>({
  title,
  hint,
  ready = true,
  ok,
  danger,
  save,
  onSaved,
  onClose,
  children,
}: {
  title: string;
  hint?: string;
  ready?: boolean;
  ok?: string;
  danger?: boolean;
  save: Write<void, A>;
  /** Says whether the form stays, because something follows. */
  onSaved?: (answer: A) => boolean;
  onClose: () => void;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const change = useOrgChange(save, {
    done: (answer) => {
      if (onSaved?.(answer)) return;
      if (!onSaved) message.success(t('common.saved'));
      onClose();
    },
  });
  return (
    <FormDialog title={title} ok={ok} ready={ready} danger={danger} write={change} hint={hint} onClose={onClose}>
      {children}
    </FormDialog>
  );
}

/** FromDay asks from which day something holds; today is filled in. */
export function FromDay({ label, hint, at, value, onChange }: DayProps) {
  return (
    <Field label={label} hint={hint} at={at ?? 'from'}>
      <DateField value={value} onChange={onChange} />
    </Field>
  );
}
type DayProps = { label: string; hint?: string; at?: string; value: string; onChange: (day: string) => void };

/** useDay is a day that begins as today. */
export function useDay() {
  return useState(useMe().today);
}

/** TeamSelect offers the teams that are not closed, each under its name and the one above. */
export function TeamSelect({
  value,
  onChange,
  without,
}: {
  value: string | undefined;
  onChange: (id: string) => void;
  without?: string;
}) {
  const org = useOrg().data;
  const me = useMe();
  const name = (id: string) => org?.teams.find((x) => x.id === id)?.name;
  const open = org?.teams.filter((x) => x.id !== without && (!x.closedOn || x.closedOn > me.today)) ?? [];
  return (
    <Select
      className="wide"
      value={value || undefined}
      onChange={onChange}
      showSearch={{ optionFilterProp: 'label' }}
      options={open.map((x) => ({ value: x.id, label: x.parentId ? `${x.name} · ${name(x.parentId) ?? ''}` : x.name }))}
    />
  );
}

/** useRoleName words a role: a preset by its key, the company's own by its name. */
export function useRoleName() {
  const { t } = useTranslation();
  const org = useOrg().data;
  return (key: string) => (key && (org?.roles.find((r) => r.key === key)?.name || t(`roleKey.${key}`))) || '';
}

export function RoleSelect({ value, onChange }: { value: string; onChange: (key: string) => void }) {
  const org = useOrg().data;
  const name = useRoleName();
  return (
    <Select
      className="wide"
      value={value || undefined}
      onChange={onChange}
      options={org?.roles.map((r) => ({ value: r.key, label: name(r.key) }))}
    />
  );
}

/** usePositionName is what a post is called that nobody named, in the words of who makes it: by the role it begins in. */
export function usePositionName() {
  const { t } = useTranslation();
  const role = useRoleName();
  return (post: { position?: string; leads?: boolean; seatId?: string; role?: string }) => {
    if (post.position || post.seatId) return post.position ?? '';
    const sells = !post.role || post.role === 'rep' || post.role === 'manager';
    return sells ? t(`member.asPosition.${post.leads ? 'lead' : 'rep'}`) : role(post.role ?? '');
  };
}
