import { useTranslation } from 'react-i18next';
import { taskParts } from '../../api/enums.gen';
import { MembersSelect } from '../../app/MemberSelect';
import { Field } from '../../ui/bits';
import type { Party } from './queries';

/** PartyFields choose who else has a part in a task: one each, and whose task it is none. */
export function PartyFields({
  value,
  without,
  onChange,
}: {
  value: Party[];
  without?: string[];
  onChange: (all: Party[]) => void;
}) {
  const { t } = useTranslation();
  const setOf = (part: Party['part'], ids: string[]) =>
    onChange([
      ...value.filter((p) => p.part !== part && !ids.includes(p.memberId)),
      ...ids.map((memberId) => ({ memberId, part })),
    ]);
  return taskParts.map((part) => (
    <Field
      key={part}
      label={t(`task.part.${part}`)}
      at={part === 'partner' ? 'parties' : undefined}
      hint={part === 'partner' ? t('task.partHint') : undefined}
    >
      <MembersSelect
        without={without}
        value={value.filter((p) => p.part === part).map((p) => p.memberId)}
        onChange={(ids) => setOf(part, ids)}
      />
    </Field>
  ));
}
