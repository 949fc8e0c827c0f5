import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { useMe } from '../../app/session';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { Dialog } from '../../ui/Dialog';
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
    <Dialog
      title={`${t('desk.redate')} · ${o.name}`}
      ok={t('common.save')}
      ready={!!expectedOn && expectedOn !== o.expectedOn && !!reason.trim()}
      pending={save.isPending}
      error={save.error}
      onClose={onClose}
      onOk={() => save.mutate()}
    >
      <Field label={t('opp.expectedOn')} at="expectedOn">
        <DateField value={expectedOn} min={me.today} onChange={setOn} />
      </Field>
      <Field label={t('desk.redateWhy')} at="reason">
        <Input value={reason} onChange={(e) => setReason(e.target.value)} maxLength={300} />
      </Field>
    </Dialog>
  );
}
