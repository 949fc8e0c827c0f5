import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SamePeople, samePeople } from '../../app/SamePeople';
import { useWrite } from '../../app/useWrite';
import { Dialog } from '../../ui/Dialog';
import { type Change, changeOf, confirm, ofChange } from './queries';
import { type Somebody, Successor } from './Successor';

/** Follows is the same where the change is only known by its id. */
export function Follows({ id, onClose }: { id: string; onClose: () => void }) {
  const c = useQuery(changeOf(id)).data;
  return c ? <FollowsDialog c={c} onClose={onClose} /> : null;
}

/** FollowsDialog says who follows: of a suspected change it says that it is so. */
export function FollowsDialog({ c, onClose }: { c: Change; onClose: () => void }) {
  const { t } = useTranslation();
  const [successor, setSuccessor] = useState<Somebody>({ id: c.successorId, name: c.successorName });
  const known = c.state === 'confirmed';
  const save = useWrite(
    (evenIfSame: boolean) =>
      confirm(c, {
        successorId: successor.id,
        successorName: successor.id ? '' : successor.name.trim(),
        evenIfSame,
      }),
    { said: t(known ? 'change.followed' : 'change.told.confirmed'), done: onClose, stale: ofChange },
  );
  const same = samePeople(save.error);
  return (
    <Dialog
      title={t('change.followsTitle', { name: c.contactName })}
      ok={t(same ? 'change.stillNew' : known ? 'change.note' : 'change.start')}
      ready={!known || !!successor.name.trim()}
      pending={save.isPending}
      error={same ? null : save.error}
      onOk={() => save.mutate(!!same)}
      onClose={onClose}
    >
      {same && (
        <SamePeople
          people={same}
          choose={t('change.thisOne')}
          onChoose={(p) => {
            setSuccessor({ id: p.id, name: p.name });
            save.reset();
          }}
        />
      )}
      <Successor of={c.contactId} value={successor} onChange={setSuccessor} />
    </Dialog>
  );
}
