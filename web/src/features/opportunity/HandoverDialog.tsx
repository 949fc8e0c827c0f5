import { Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { MemberSelect } from '../../app/MemberSelect';
import { useNames } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { FormDialog } from '../../ui/FormDialog';
import { handOver, ofDeals } from './queries';

/** HandoverDialog gives records to a colleague, or without ids everything their owner holds: history and clocks stay, open next steps go along. */
export function HandoverDialog({
  kind = 'opportunity',
  ids,
  ownerId,
  held = [],
  onClose,
}: {
  kind?: 'opportunity' | 'account';
  ids: string[];
  /** Of a single record, or whose everything is given: he is not offered as the receiver. */
  ownerId?: string;
  /** What he holds: each kind may go to somebody else. */
  held?: Schemas['OrgHeld'][];
  onClose: (done: boolean) => void;
}) {
  const { t } = useTranslation();
  const [to, setTo] = useState<string>();
  const [reason, setReason] = useState('');
  const names = useNames();
  // Delegations end with the post; they go to nobody.
  const offered = held.filter((h) => h.kind !== 'delegation' && h.count > 0);
  const [kinds, setKinds] = useState(() => offered.map((h) => h.kind));
  const ready = !!to && !!reason.trim() && (offered.length === 0 || kinds.length > 0);
  const save = useWrite(
    (_, key) => handOver({ id: key(), kind, ids, kinds, fromId: ownerId ?? '', toId: to ?? '', reason }),
    { said: t('handover.done'), done: () => onClose(true), stale: [...ofDeals, ['accounts']] },
  );
  return (
    <FormDialog
      title={
        ids.length > 1
          ? t('handover.many', { count: ids.length })
          : t(ids.length === 0 ? 'handover.everything' : 'handover.title', { name: names.member(ownerId ?? '') })
      }
      ok={t('handover.go')}
      ready={ready}
      write={save}
      hint={t('handover.hint')}
      onClose={() => onClose(false)}
    >
      {offered.length > 0 && (
        <Field label={t('handover.what')} at="kinds" hint={t('handover.whatHint')}>
          <Checkbox.Group
            value={kinds}
            onChange={setKinds}
            options={offered.map((h) => ({ value: h.kind, label: t(`handover.kind.${h.kind}`, { count: h.count }) }))}
          />
        </Field>
      )}
      <Field label={t('handover.to')} at="toId">
        <MemberSelect value={to} onChange={setTo} without={ownerId ? [ownerId] : []} />
      </Field>
      <Field label={t('move.reason')} at="reason">
        <Input value={reason} onChange={(e) => setReason(e.target.value)} maxLength={300} />
      </Field>
    </FormDialog>
  );
}
