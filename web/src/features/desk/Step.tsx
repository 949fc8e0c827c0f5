import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe } from '../../app/session';
import { day } from '../../ui/format';
import { later } from '../../ui/later';
import { RecordLink } from '../../ui/RecordLink';
import { Item } from './Item';
import type { Desk } from './matters';

const FinishStep = later(() => import('./FinishStep').then((m) => m.FinishStep));
const MoveStep = later(() => import('./MoveStep').then((m) => m.MoveStep));

/** Step is a next step that is due; it is finished or moved here. */
export function Step({ s }: { s: Desk['steps'][number] }) {
  const { t } = useTranslation();
  const me = useMe();
  const [doing, setDoing] = useState<'finish' | 'move'>();
  const close = () => setDoing(undefined);
  return (
    <>
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
            <Button type="primary" onClick={() => setDoing('finish')}>
              {t('nextStep.done')}
            </Button>
            <Button onClick={() => setDoing('move')}>{t('desk.moveStep')}</Button>
          </>
        }
      >
        {s.overdue ? <b className="bad">{t('desk.due', { on: day(s.dueOn, me.today) })}</b> : t('desk.dueToday')}
        {s.customerAgreed && ` · ${t('nextStep.agreed')}`}
      </Item>
      {doing === 'finish' && <FinishStep s={s} onClose={close} />}
      {doing === 'move' && <MoveStep s={s} onClose={close} />}
    </>
  );
}
