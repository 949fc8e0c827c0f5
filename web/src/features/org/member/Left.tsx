import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../api/client';
import { useCan } from '../../../app/session';
import { HandoverDialog } from '../../opportunity/dialogs';
import type { MemberPage } from '../queries';

/** StillHolds says what somebody who leaves still holds, and offers to hand it over. */
export function StillHolds({ m, held, onClose }: { m: MemberPage; held: Schemas['OrgHeld'][]; onClose: () => void }) {
  const { t } = useTranslation();
  const may = useCan('opportunity.handover');
  const [handing, setHanding] = useState(false);
  if (handing) return <HandoverDialog ids={[]} ownerId={m.id} held={held} onClose={onClose} />;
  const movable = held.some((h) => h.kind !== 'delegation');
  return (
    <Modal
      open
      title={t('member.stillHolds', { name: m.name })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('member.understood')}</Button>
          {may && movable && (
            <Button type="primary" onClick={() => setHanding(true)}>
              {t('handover.title')}
            </Button>
          )}
        </>
      }
    >
      {held
        .map((h) => t(`held.${h.kind}`, { count: h.count, defaultValue: `${h.kind} ${h.count}` }))
        .join(t('common.comma'))}
    </Modal>
  );
}
