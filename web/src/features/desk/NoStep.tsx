import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { Money } from '../../ui/bits';
import { LinkButton } from '../../ui/LinkButton';
import { Item } from './Item';

/** NoStep is how many deals have no next step, with the largest of them. */
export function NoStep({ deals }: { deals: NonNullable<Schemas['FunnelDeskBody']['deals']> }) {
  const { t } = useTranslation();
  return (
    <Item
      kind="i"
      title={t('desk.noStep', { count: deals.standing.noNextStep })}
      actions={<LinkButton to="/opportunities?noNextStep=true&sort=amount&desc=true">{t('desk.fill')}</LinkButton>}
    >
      {deals.noNextStep.map((o) => (
        <span key={o.id}>
          <Link to={`/opportunities/${o.id}`}>{o.name}</Link> <Money minor={o.amountMinor} currency={o.currency} />{' '}
        </span>
      ))}
    </Item>
  );
}
