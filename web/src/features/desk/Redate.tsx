import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { useMe } from '../../app/session';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { FormDialog } from '../../ui/FormDialog';
import { redate } from './queries';
import { useActed } from './useActed';

/** Redate says on which day a deal is expected now, and why: the timeline keeps both. */
export function Redate({ o, onClose }: { o: Schemas['OpportunityOppBody']; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [expectedOn, setOn] = useState(o.expectedOn < me.today ? '' : o.expectedOn);
  const [reason, setReason] = useState('');
  const save = useActed(() => redate(o, { expectedOn, reason }), onClose);
  return (
    <FormDialog
      title={`${t('desk.redate')} · ${o.name}`}
      ready={!!expectedOn && expectedOn !== o.expectedOn && !!reason.trim()}
      write={save}
      onClose={onClose}
    >
      <Field label={t('opp.expectedOn')} at="expectedOn">
        <DateField value={expectedOn} min={me.today} onChange={setOn} />
      </Field>
      <Field label={t('desk.redateWhy')} at="reason">
        <Input value={reason} onChange={(e) => setReason(e.target.value)} maxLength={300} />
      </Field>
    </FormDialog>
  );
}
