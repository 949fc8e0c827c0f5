import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { asRead } from '../../../api/version';
import { MemberSelect } from '../../../app/MemberSelect';
import { Field } from '../../../ui/bits';
import { FromDay, OrgDialog, useDay } from '../OrgDialog';
import type { MemberPage } from '../queries';
import type { FormProps } from './Person';

/** GiveAssistant lets another member type for this one. */
export function GiveAssistant({ m, onClose }: FormProps) {
  const { t } = useTranslation();
  const [assistantId, setAssistant] = useState<string>();
  return (
    <OrgDialog
      title={t('member.assistant')}
      hint={t('settings.assistantHint')}
      ready={!!assistantId}
      save={() =>
        must(api.POST('/api/members/{id}/delegate', { params: asRead(m), body: { assistantId: assistantId ?? '' } }))
      }
      onClose={onClose}
    >
      <Field label={t('settings.assistant')} at="assistantId">
        <MemberSelect value={assistantId} onChange={setAssistant} without={[m.id]} />
      </Field>
    </OrgDialog>
  );
}

export function EndDelegation({ m, assistant, onClose }: { m: MemberPage; assistant: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [on, setOn] = useDay();
  return (
    <OrgDialog
      title={t('member.endDelegation')}
      ok={t('member.endDelegation')}
      save={() =>
        must(api.POST('/api/members/{id}/undelegate', { params: asRead(m), body: { assistantId: assistant, on } }))
      }
      onClose={onClose}
    >
      <FromDay at="on" label={t('member.firstDayWithout')} value={on} onChange={setOn} />
    </OrgDialog>
  );
}
