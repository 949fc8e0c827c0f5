import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe, useNames } from '../../../app/session';
import { teamOf } from '../../opportunity/queries';
import type { Row } from './rows';
import { SeatRow } from './SeatRow';
import { TeamRow } from './TeamRow';

type Props = {
  row: Row;
  found: boolean;
  focused: boolean;
  edit: boolean;
  onFocus: () => void;
  onToggle: (team: string) => void;
};

/** ChartRow is a line of the tree; the arrow keys go from line to line, and Tab to what may be done in one. */
export function ChartRow({ row, found, focused, edit, onFocus, onToggle }: Props) {
  return (
    <div
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.at}
      aria-setsize={row.of}
      aria-selected={focused}
      aria-expanded={row.kind === 'team' ? row.open : undefined}
      tabIndex={focused ? 0 : -1}
      className={found ? 'line found' : 'line'}
      style={{ '--level': row.level - 1 } as object}
      onFocus={onFocus}
    >
      {row.kind === 'team' && <TeamRow row={row} edit={edit} onToggle={onToggle} />}
      {row.kind === 'vacant' && <SeatRow seat={row.seat} edit={edit} />}
      {row.kind === 'person' && <PersonRow member={row.member} heads={row.heads} parent={row.parent} />}
    </div>
  );
}

function PersonRow({ member, heads, parent }: { member: string; heads: boolean; parent: string }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <>
      <span className="who">{names.member(member)}</span>
      {heads && <span className="chip p">{t('chart.head')}</span>}
      <OpenDeals parent={parent.slice('team '.length)} member={member} />
    </>
  );
}

/** OpenDeals is how many deals a person, or a team with all below it, has open, of those one sees; it opens them. */
export function OpenDeals({ parent, team = '', member = '' }: { parent: string; team?: string; member?: string }) {
  const { t } = useTranslation();
  const allowed = useMe().permissions.includes('opportunity.read');
  const q = useQuery({ ...teamOf(parent || team), enabled: allowed });
  if (!allowed || !q.data) return null;
  const row = q.data.rows.find((r) => r.teamId === team && r.memberId === member);
  const open = parent ? row?.open : q.data.open;
  if (open === undefined) return null;
  return (
    <Link className="count" to={`/opportunities?state=open&${team ? `team=${team}` : `owner=${member}`}`}>
      {t('chart.deals', { count: open })}
    </Link>
  );
}
