import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Missing } from '../../../ui/Problem';
import { Search } from '../../../ui/Search';
import { useUrl } from '../../../ui/useUrl';
import { chartOf } from '../queries';
import { ChartRow } from './ChartRow';
import { step, visible } from './rows';
import './chart.css';

/** ChartTree is the organisation of today: teams, who sits in them, and what stands empty. */
export function ChartTree({ edit }: { edit: boolean }) {
  const { t } = useTranslation();
  const q = useUrl().get('q') ?? '';
  const chart = useQuery({ ...chartOf(q), placeholderData: keepPreviousData });
  const [toggled, setToggled] = useState<{ q: string; teams: Set<string> }>({ q, teams: new Set() });
  const [at, setAt] = useState('');
  const tree = useRef<HTMLDivElement>(null);
  if (!chart.data) return <Missing of={chart} />;
  const { teams, foundTeams, foundMembers } = chart.data;
  // Another search begins with what it found open.
  const turned = toggled.q === q ? toggled.teams : new Set<string>();
  const rows = visible(teams, turned, q ? { teams: new Set(foundTeams), members: new Set(foundMembers) } : null);
  const focus = Math.max(
    0,
    rows.findIndex((r) => r.key === at),
  );
  const toggle = (id: string) => {
    const next = new Set(turned);
    if (!next.delete(id)) next.add(id);
    setToggled({ q, teams: next });
  };
  const press = (e: KeyboardEvent<HTMLElement>) => {
    if ((e.target as HTMLElement).getAttribute('role') !== 'treeitem') return;
    const does = step(rows, focus, e.key);
    if (!does) return;
    e.preventDefault();
    if (does.toggle) toggle(does.toggle);
    if (does.to === undefined) return;
    setAt(rows[does.to]?.key ?? '');
    tree.current?.querySelectorAll<HTMLElement>('[role=treeitem]')[does.to]?.focus();
  };
  return (
    <>
      <div className="filters">
        <Search className="w-240" />
        <span className="ink3" aria-live="polite">
          {q && t('chart.found', { teams: foundTeams.length, people: foundMembers.length })}
        </span>
      </div>
      <div className="card">
        {rows.length === 0 ? (
          <div className="pad ink2">{t('chart.nothing')}</div>
        ) : (
          <div ref={tree} role="tree" aria-label={t('chart.title')} className="chart" tabIndex={-1} onKeyDown={press}>
            {rows.map((row, i) => (
              <ChartRow
                key={row.key}
                row={row}
                found={row.kind === 'team' ? foundTeams.includes(row.team.id) : isFound(row, foundMembers)}
                focused={i === focus}
                edit={edit}
                onFocus={() => setAt(row.key)}
                onToggle={toggle}
              />
            ))}
          </div>
        )}
      </div>
    </>
  );
}

const isFound = (row: { kind: string; member?: string }, members: string[]) =>
  row.member !== undefined && members.includes(row.member);
