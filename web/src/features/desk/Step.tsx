import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { useMe } from '../../app/session';
import { day } from '../../ui/format';
import { LinkButton } from '../../ui/LinkButton';
import { Item } from './Item';

/** Step is a next step that is due. */
export function Step({ s }: { s: Schemas['FunnelDeskBody']['steps'][number] }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Item
      kind={s.overdue ? 'w' : 'i'}
      title={s.what}
      em={s.opportunity}
      actions={
        <LinkButton to={s.opportunity ? `/opportunities/${s.opportunityId}` : '/tasks'} type="primary">
          {t('desk.open')}
        </LinkButton>
      }
    >
      {s.overdue ? <b className="bad">{t('desk.due', { on: day(s.dueOn, me.today) })}</b> : t('desk.dueToday')}
      {s.customerAgreed && ` · ${t('nextStep.agreed')}`}
    </Item>
  );
}
