import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useMe, useNames } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { day } from '../../ui/format';
import { LinkButton } from '../../ui/LinkButton';
import { RecordLink } from '../../ui/RecordLink';
import { Written } from '../../ui/Written';
import { AcceptWin } from '../opportunity/AcceptWin';
import { opportunityKeys } from '../opportunity/queries';
import { Item } from './Item';
import { seeExceptions } from './queries';

type Desk = Schemas['DeskDeskBody'];

/** few leave what stands still in sight; more come ten at a time. */
const few = 3;
const step = 10;

/** many tells that exceptions were counted no further. */
export const many = (d: Desk | undefined) => (d?.allExceptions ?? 0) >= 1000;

/** Exceptions: wins to accept come first, each part newest first; a few at a time. */
export function Exceptions({ data }: { data: Desk }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const [shown, setShown] = useState(few);
  const see = useWrite(seeExceptions, { told: true, parts: true, stale: [opportunityKeys.all] });
  const wins = new Set(data.exceptions.filter((e) => e.win).map((e) => e.opportunityId));
  // What is to be accepted does not go by being noted.
  const noted = data.exceptions.map((e) => e.opportunityId).filter((id) => !wins.has(id));
  return (
    <>
      {data.exceptions.slice(0, shown).map((e) => (
        <Item
          key={e.opportunityId + e.stageId + e.on}
          kind="w"
          title={e.win ? t('record.provisional') : t('desk.exceptionTo', { stage: e.stage || t('record.otherStage') })}
          em={
            <RecordLink kind="opportunity" id={e.opportunityId}>
              {e.opportunity}
            </RecordLink>
          }
          actions={
            <>
              {e.win && <AcceptWin opp={{ id: e.opportunityId, name: e.opportunity, ownerId: '' }} />}
              <LinkButton to={`/opportunities/${e.opportunityId}`}>{t('desk.open')}</LinkButton>
              {!wins.has(e.opportunityId) && (
                <Button disabled={see.isPending} onClick={() => see.mutate([e.opportunityId])}>
                  {t('desk.seen')}
                </Button>
              )}
            </>
          }
        >
          {e.on && `${day(e.on, me.today)} · `}
          {names.member(e.memberId)}: <Written quoted>{e.reason}</Written>
        </Item>
      ))}
      {(data.allExceptions > few || wins.size > 1) && (
        <div className="pad filters">
          <span className="ink2">
            {t(many(data) ? 'desk.exceptionsMany' : 'desk.exceptions', { count: data.allExceptions })}
          </span>
          {wins.size > 1 && <Link to="/opportunities?provisional=true">{t('desk.allWins')}</Link>}
          {shown < data.exceptions.length && <Button onClick={() => setShown(shown + step)}>{t('common.more')}</Button>}
          {noted.length > 0 && (
            <Button loading={see.isPending} onClick={() => see.mutate(noted)}>
              {t('desk.allSeen')}
            </Button>
          )}
        </div>
      )}
    </>
  );
}
