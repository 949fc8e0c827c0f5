import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { leaveKinds } from '../../api/enums.gen';
import { MemberSelect } from '../../app/MemberSelect';
import { useMe, useOrg } from '../../app/session';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { FormDialog } from '../../ui/FormDialog';
import { Select } from '../../ui/Select';
import { enteredOf } from './entered';
import { type Absence, changeLeave, type Entered, enterLeave, useTimeChange } from './queries';

// Every half hour of a day.
const clocks = Array.from({ length: 47 }, (_, i) => {
  const m = (i + 1) * 30;
  return `${String(Math.floor(m / 60)).padStart(2, '0')}:${m % 60 ? '30' : '00'}`;
});

/** LeaveForm enters leave, or changes it. */
export function LeaveForm({ was, members, onClose }: { was?: Absence; members: string[]; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const everybody = useOrg().data?.members ?? [];
  const [id, setId] = useState(was?.memberId ?? me.memberId);
  const [f, setF] = useState<Entered>(
    was ? enteredOf(was, was.zone ?? me.timeZone) : { from: me.today, to: me.today, kind: 'annual' },
  );
  const write = useTimeChange(
    (_, key) => (was ? changeLeave(was, f) : enterLeave(id, f, (content) => key(content ?? [id, f]))),
    onClose,
  );
  const put = (part: Partial<Entered>) => setF({ ...f, ...part });
  return (
    <FormDialog
      title={t(was ? 'leave.change' : 'leave.enter')}
      hint={t('leave.formHint')}
      write={write}
      ready={!!f.from && !!f.to}
      onClose={onClose}
    >
      {!was && members.length > 1 && (
        <Field label={t('leave.who')}>
          <MemberSelect
            value={id}
            onChange={(who) => setId(who ?? me.memberId)}
            without={everybody.filter((m) => !members.includes(m.id)).map((m) => m.id)}
          />
        </Field>
      )}
      <div className="grid2">
        <Field label={t('leave.from')} at="from">
          <DateField value={f.from} onChange={(from) => put({ from, to: [f.to, from].sort()[1] ?? from })} />
        </Field>
        <Time at="fromTime" value={f.fromTime} onChange={(fromTime) => put({ fromTime })} />
        <Field label={t('leave.to')} at="to">
          <DateField value={f.to} onChange={(to) => put({ to })} />
        </Field>
        <Time at="toTime" value={f.toTime} onChange={(toTime) => put({ toTime })} />
        <Field label={t('leave.kind')} at="kind">
          <Select
            className="wide"
            value={f.kind}
            onChange={(kind) => put({ kind })}
            options={leaveKinds.map((value) => ({ value, label: t(`leave.kinds.${value}`) }))}
          />
        </Field>
        <Field label={t('leave.deputy')} hint={t('leave.deputyHint')} at="deputyId">
          <MemberSelect
            clearable
            placeholder={t('leave.superior')}
            value={f.deputyId}
            onChange={(deputyId) => put({ deputyId })}
            without={[id]}
          />
        </Field>
      </div>
      <Field label={t('leave.note')} hint={t('leave.noteHint')} at="note">
        <Input value={f.note ?? ''} maxLength={200} onChange={(e) => put({ note: e.target.value })} />
      </Field>
    </FormDialog>
  );
}

/** Time is a time of the first or the last day: all of it, half, or by the clock. */
function Time({
  at,
  value = '',
  onChange,
}: {
  at: 'fromTime' | 'toTime';
  value?: string;
  onChange: (v: string) => void;
}) {
  const { t } = useTranslation();
  const times = value && value !== 'noon' && !clocks.includes(value) ? [value, ...clocks] : clocks;
  return (
    <Field label={t(`leave.${at}`)} at={at}>
      <Select
        showSearch
        className="wide"
        value={value}
        onChange={onChange}
        options={[
          { value: '', label: t(`leave.${at}Whole`) },
          { value: 'noon', label: t(`leave.${at}Noon`) },
          ...times.map((c) => ({ value: c, label: c })),
        ]}
      />
    </Field>
  );
}
