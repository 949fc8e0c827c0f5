import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCan } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { later } from '../../ui/later';
import { RecordLink } from '../../ui/RecordLink';
import { Item } from './Item';
import { type Deals, listing } from './matters';

const FillSteps = later(() => import('./FillSteps').then((m) => m.FillSteps));

/** NoStep is how many deals have no next step, with the largest of them; all are filled in one list. */
export function NoStep({ deals }: { deals: Deals }) {
  const { t } = useTranslation();
  const canWrite = useCan('opportunity.write');
  const [filling, setFilling] = useState(false);
  return (
    <>
      <Item
        kind="i"
        title={<Link to={listing('noNextStep=true')}>{t('desk.noStep', { count: deals.standing.noNextStep })}</Link>}
        actions={
          canWrite && (
            <Button type="primary" onClick={() => setFilling(true)}>
              {t('desk.fill')}
            </Button>
          )
        }
      >
        {deals.noNextStep.map((o) => (
          <span key={o.id} className="line">
            <RecordLink kind="opportunity" id={o.id}>
              {o.name}
            </RecordLink>{' '}
            <Amount minor={o.amountMinor} currency={o.currency} />
          </span>
        ))}
      </Item>
      {filling && <FillSteps onClose={() => setFilling(false)} />}
    </>
  );
}
