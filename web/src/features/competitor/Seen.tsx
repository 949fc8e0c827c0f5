import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe, useNames } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { Facts } from '../../ui/Facts';
import { day, percent } from '../../ui/format';
import { pathOf } from '../../ui/RecordLink';
import { Written } from '../../ui/Written';
import type { Sighting } from './queries';
import { SightingDialog } from './SightingDialog';

type Named = { rival?: boolean; where?: boolean };

/** Price is a price that was seen, and how it compares with what the opportunity is worth. */
export function Price({ x }: { x: Sighting }) {
  const { t } = useTranslation();
  if (x.priceMinor === null) return null;
  return (
    <>
      <Amount minor={x.priceMinor} currency={x.currency} />
      {x.againstBp !== null && (
        <small className="ink2"> {t('sighting.against', { share: percent(x.againstBp, 0) })}</small>
      )}
    </>
  );
}

/** Place is where it was: the opportunity, or the customer. */
export function Place({ x }: { x: Sighting }) {
  if (x.opportunityName) return <Link to={pathOf('opportunity', x.opportunityId)}>{x.opportunityName}</Link>;
  return x.accountName ? <Link to={pathOf('account', x.accountId)}>{x.accountName}</Link> : null;
}

/** Seen is one sighting: when, what, at which price, by whose word; who may puts it right. */
export function Seen({ x, rival, where }: { x: Sighting } & Named) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const [editing, setEditing] = useState(false);
  return (
    <div className="ev">
      <time>{day(x.on, me.today)}</time>
      <div>
        <div className="between-6">
          <span>
            {rival && (
              <>
                <Link to={`/competitors/${x.competitorId}`}>{x.competitorName}</Link>{' '}
              </>
            )}
            <b>{t(`sightingKind.${x.kind}`)}</b> <Price x={x} />
          </span>
          {x.mine && (
            <Button
              size="small"
              type="text"
              aria-label={`${t('record.edit')} ${x.competitorName} ${x.on}`}
              onClick={() => setEditing(true)}
            >
              {t('record.edit')}
            </Button>
          )}
        </div>
        {x.words && (
          <p>
            <Written>{x.words}</Written>
          </p>
        )}
        <Facts>
          {where && <Place x={x} />}
          {t(`sighting.source.${x.source}`)}
          {names.member(x.seenBy)}
        </Facts>
        {editing && <SightingDialog x={x} onClose={() => setEditing(false)} />}
      </div>
    </div>
  );
}
