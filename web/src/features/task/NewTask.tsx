import { Checkbox, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { holidayWays } from '../../api/enums.gen';
import { MemberSelect } from '../../app/MemberSelect';
import { useMe } from '../../app/session';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { FormDialog } from '../../ui/FormDialog';
import { Select } from '../../ui/Select';
import { OnRecord } from './OnRecord';
import { PartyFields } from './PartyFields';
import { addTask, type NewTask as Content, type Repeat, useTaskChange } from './queries';

/** NewTask writes down what is to be done, by whom, with whom, and whether it comes again. */
export function NewTask({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [x, setX] = useState<Content>({ what: '', dueOn: me.today });
  const set = (patch: Partial<Content>) => setX({ ...x, ...patch });
  const add = useTaskChange(addTask, onClose);
  const [on, setOn] = useState<{ kind: string; id: string; name: string }>();
  return (
    <FormDialog
      title={t('task.new')}
      ready={!!x.what.trim()}
      write={{
        ...add,
        error: add.error,
        mutate: () => add.mutate(on ? { ...x, on: [{ kind: on.kind, id: on.id }] } : x),
      }}
      onClose={onClose}
    >
      <Field label={t('task.what')} at="what">
        <Input value={x.what} onChange={(e) => set({ what: e.target.value })} maxLength={1000} />
      </Field>
      <Field label={t('nextStep.due')} at="dueOn">
        <DateField label={t('nextStep.due')} value={x.dueOn} min={me.today} onChange={(dueOn) => set({ dueOn })} />
      </Field>
      <Field label={t('task.whose')} at="memberId" hint={t('task.whoseHint')}>
        <MemberSelect clearable value={x.memberId} onChange={(memberId) => set({ memberId })} />
      </Field>
      <OnRecord value={on} onChange={setOn} />
      <PartyFields
        value={x.parties ?? []}
        without={[x.memberId ?? me.memberId]}
        onChange={(parties) => set({ parties })}
      />
      <p>
        <Checkbox checked={x.customerAgreed} onChange={(e) => set({ customerAgreed: e.target.checked })}>
          {t('nextStep.agreed')}
        </Checkbox>
      </p>
      <RepeatFields value={x.repeat} onChange={(repeat) => set({ repeat })} />
    </FormDialog>
  );
}

const weekdays = [1, 2, 3, 4, 5, 6, 7];

function RepeatFields({ value, onChange }: { value?: Repeat; onChange: (r?: Repeat) => void }) {
  const { t } = useTranslation();
  const set = (patch: Partial<Repeat>) => value && onChange({ ...value, ...patch });
  return (
    <>
      <Field label={t('task.repeat')} at="repeat">
        <Select<string>
          value={value?.every ?? 'never'}
          onChange={(every: string) =>
            onChange(
              every === 'never'
                ? undefined
                : { every: every as Repeat['every'], holidays: 'move', weekdays: every === 'week' ? [1] : undefined },
            )
          }
          options={['never', 'day', 'week', 'month'].map((v) => ({ value: v, label: t(`task.every.${v}`) }))}
        />
      </Field>
      {value?.every === 'week' && (
        <Field label={t('task.weekdays')} at="repeat/weekdays">
          <Select<number[]>
            mode="multiple"
            value={value.weekdays ?? []}
            onChange={(days: number[]) => set({ weekdays: days })}
            options={weekdays.map((d) => ({ value: d, label: t(`task.weekday.${d}`) }))}
          />
        </Field>
      )}
      {value?.every === 'month' && (
        <Field label={t('task.monthDay')} at="repeat/monthDay" hint={t('task.monthDayHint')}>
          <InputNumber
            min={0}
            max={31}
            precision={0}
            value={value.monthDay ?? 0}
            onChange={(n) => set({ monthDay: n ?? 0 })}
          />
        </Field>
      )}
      {value && (
        <>
          <Field label={t('task.holidays')}>
            <Select<string>
              value={value.holidays}
              onChange={(h: string) => set({ holidays: h as Repeat['holidays'] })}
              options={holidayWays.map((v) => ({ value: v, label: t(`task.holiday.${v}`) }))}
            />
          </Field>
          <Field label={t('task.count')} at="repeat/count" hint={t('task.countHint')}>
            <InputNumber
              min={0}
              max={1000}
              precision={0}
              value={value.count ?? 0}
              onChange={(n) => set({ count: n ?? 0 })}
            />
          </Field>
        </>
      )}
    </>
  );
}
