import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../../ui/FormDialog';
import { EvidenceFields, filled, handIn, type Milestone, nothing } from './EvidenceFields';
import { useChange } from './queries';

/** EvidenceDialog takes the one kind of evidence a milestone asks for. */
export function EvidenceDialog({
  id,
  accountId,
  stageId,
  milestone,
  onClose,
}: {
  id: string;
  accountId: string;
  stageId: string;
  milestone: Milestone;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const deal = { id, accountId };
  const [given, setGiven] = useState(nothing);
  const save = useChange(id, () => handIn(deal, stageId, milestone, given), {
    said: t(milestone.acceptance ? 'evidence.waiting' : 'evidence.saved'),
    done: onClose,
  });
  return (
    <FormDialog
      title={t('evidence.title', { name: milestone.name })}
      ok={t('evidence.submit')}
      ready={filled(milestone, given)}
      write={save}
      onClose={onClose}
    >
      <EvidenceFields milestone={milestone} deal={deal} value={given} onChange={setGiven} />
    </FormDialog>
  );
}
