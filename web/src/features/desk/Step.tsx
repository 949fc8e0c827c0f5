import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe } from '../../app/session';
import { day } from '../../ui/format';
import { RecordLink } from '../../ui/RecordLink';
import { Finish } from '../task/Finish';
import { useDo } from './doing';
import { Item } from './Item';
import type { Desk } from './matters';

/** Step is a next step that is due; it is finished or moved here. */
export function Step({ s }: { s: Desk['steps'][number] }) {
  const { t } = useTranslation();
  const me = useMe();
  const open = useDo();
  return (
    <Item
      kind={s.overdue ? 'w' : 'i'}
      title={s.what}
      em={
        s.opportunity ? (
          <RecordLink kind="opportunity" id={s.opportunityId}>
            {s.opportunity}
          </RecordLink>
        ) : (
          <Link to="/tasks">{t('nav.tasks')}</Link>
        )
      }
      actions={
        <>
          <Finish s={s} type="primary" />
          <Button onClick={() => open({ form: 'move', s })}>{t('desk.moveStep')}</Button>
        </>
      }
    >
      {s.overdue ? <b className="bad">{t('desk.due', { on: day(s.dueOn, me.today) })}</b> : t('desk.dueToday')}
      {s.customerAgreed && ` · ${t('nextStep.agreed')}`}
    </Item>
  );
}
