import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { useMe, useNames } from '../../app/session';
import { day } from '../../ui/format';
import { HandoverDialog } from '../opportunity/dialogs';
import { Item } from './Item';

/** Leaver is what somebody who left, or will, still holds. */
export function Leaver({ l }: { l: Schemas['HandoverLeaverBody'] }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const [giving, setGiving] = useState(false);
  return (
    <>
      <Item
        kind="w"
        title={t(l.leftOn <= me.today ? 'desk.left' : 'desk.leaving', {
          name: names.member(l.memberId),
          on: day(l.leftOn, me.today),
        })}
        actions={
          <Button type="primary" onClick={() => setGiving(true)}>
            {t('handover.go')}
          </Button>
        }
      >
        {t('desk.stillHolds')} {l.held.map((h) => t(`handover.kind.${h.kind}`, { count: h.count })).join(' · ')}
      </Item>
      {giving && <HandoverDialog ids={[]} ownerId={l.memberId} held={l.held} onClose={() => setGiving(false)} />}
    </>
  );
}
