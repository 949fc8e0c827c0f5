import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe, useNames } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { Scroll } from '../../ui/bits';
import { ProblemBox } from '../../ui/Problem';
import { teamOf } from '../opportunity/queries';
import { type Deals, listing, matters } from './matters';

type TeamBody = NonNullable<Deals['team']>;
type Row = TeamBody['rows'][number];

/** Team is how the deals of each team stand, over all pipelines; a team opens to those below it and its people. */
export function Team({ team }: { team: TeamBody }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <div className="card">
      <h2>
        {t('desk.team')} <span>{t('desk.teamSpan', { on: me.today })}</span>
      </h2>
      <Scroll label={t('desk.team')}>
        <table className="t">
          <thead>
            <tr>
              <th>{t('desk.teamOrMember')}</th>
              {matters.map(([key]) => (
                <th key={key} title={t(`desk.def.${key}`)}>
                  {t(`list.${key}`)}
                </th>
              ))}
              <th title={t('desk.def.worth')}>{t('desk.openAmount')}</th>
            </tr>
          </thead>
          <tbody>
            {team.rows.map((r) => (
              <TeamRow key={r.teamId || r.memberId || 'nobody'} r={r} depth={0} currency={team.currency} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}

function TeamRow({ r, depth, currency }: { r: Row; depth: number; currency: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const [opened, setOpened] = useState(false);
  const below = useQuery({ ...teamOf(r.teamId), enabled: opened });
  const [of, name] = r.teamId
    ? [`&team=${r.teamId}`, names.team(r.teamId)]
    : r.memberId
      ? [`&owner=${r.memberId}`, names.member(r.memberId)]
      : ['&noOwner=true', t('list.noOwner')];
  return (
    <>
      <tr>
        <td style={{ paddingLeft: 16 + 18 * depth }}>
          {r.teamId && (
            <Button
              size="small"
              type="text"
              aria-expanded={opened}
              aria-label={t('desk.openTeam', { name })}
              loading={opened && below.isPending}
              onClick={() => setOpened(!opened)}
            >
              {opened ? '▾' : '▸'}
            </Button>
          )}
          {name}
        </td>
        {matters.map(([key, question]) => (
          <td key={key}>
            <Link to={listing(question, of)} className={key === 'open' || r[key] === 0 ? '' : 'warn'}>
              {r[key].toLocaleString()}
            </Link>
          </td>
        ))}
        <td>
          <Link to={listing('state=open', of)}>
            <Amount minor={r.worthMinor} currency={currency} tooLarge={r.tooLarge} />
          </Link>
        </td>
      </tr>
      {opened && below.error && (
        <tr>
          <td colSpan={matters.length + 2}>
            <ProblemBox error={below.error} retry={below.refetch} />
          </td>
        </tr>
      )}
      {opened &&
        below.data?.rows.map((x) => (
          <TeamRow key={x.teamId || x.memberId} r={x} depth={depth + 1} currency={currency} />
        ))}
    </>
  );
}
