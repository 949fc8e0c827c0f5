import type { Schemas } from '../../../api/client';

export type Chart = Schemas['OrgChartBody'];
export type Node = Chart['teams'][number];
export type Vacancy = Node['vacant'][number];

interface Place {
  key: string;
  /** From 1 at the top. */
  level: number;
  /** Its place among those beside it, from 1, and how many they are. */
  at: number;
  of: number;
  /** The key of the team it is in, empty at the top. */
  parent: string;
}
/** A Row is a line of the tree that is shown: a team, a person in it, or a seat nobody has. */
export type Row = Place &
  (
    | { kind: 'team'; team: Node; open: boolean }
    | { kind: 'person'; member: string; heads: boolean }
    | { kind: 'vacant'; seat: Vacancy }
  );

/** Search is what was found, nothing where nothing is asked for. */
export type Search = { teams: Set<string>; members: Set<string> } | null;

/** visible are the rows of what is open. Toggled teams are the other way than they begin. */
export function visible(teams: Node[], toggled: Set<string>, search: Search): Row[] {
  const below = new Map<string, Node[]>();
  for (const x of teams) below.set(x.parentId, [...(below.get(x.parentId) ?? []), x]);
  const ids = new Set(teams.map((x) => x.id));
  const tops = teams.filter((x) => !ids.has(x.parentId));
  const wanted = search ? pathsTo(teams, search) : null;
  const rows: Row[] = [];
  const walk = (list: Node[], level: number, parent: string, before: Row[], all: boolean) => {
    const shown = list.filter((x) => all || !wanted || wanted.has(x.id) || search?.teams.has(x.id));
    const of = before.length + shown.length;
    rows.push(...before.map((r, i) => ({ ...r, at: i + 1, of })));
    shown.forEach((team, i) => {
      const begins = wanted ? wanted.has(team.id) : level === 1;
      const open = toggled.has(team.id) ? !begins : begins;
      const key = `team ${team.id}`;
      rows.push({ kind: 'team', team, open, key, level, parent, at: before.length + i + 1, of });
      if (!open) return;
      // Of a team on the way to what was found only that is shown; one that was opened by hand shows all.
      const whole = all || !wanted || !wanted.has(team.id);
      const inside = within(team, key, level + 1).filter(
        (r) => whole || (r.kind === 'person' && search?.members.has(r.member)),
      );
      walk(below.get(team.id) ?? [], level + 1, key, inside, whole);
    });
  };
  walk(tops, 1, '', [], false);
  return rows;
}

/** pathsTo are the teams that hold something found, in them or below. */
function pathsTo(teams: Node[], search: NonNullable<Search>): Set<string> {
  const parents = new Map(teams.map((x) => [x.id, x.parentId]));
  const out = new Set<string>();
  const up = (id: string | undefined) => {
    for (let x = id; x && !out.has(x); x = parents.get(x)) out.add(x);
  };
  for (const x of teams) {
    if (search.teams.has(x.id)) up(x.parentId);
    if (x.members.some((m) => search.members.has(m))) up(x.id);
  }
  return out;
}

/** within are a team's empty seats, those that lead first, and who sits in it, who leads it first. */
function within(team: Node, parent: string, level: number): Row[] {
  const place = { level, parent, at: 0, of: 0 };
  const leads = team.members.filter((m) => team.heads.includes(m));
  const rest = team.members.filter((m) => !team.heads.includes(m));
  const seats = [...team.vacant].sort((a, b) => Number(b.leads) - Number(a.leads));
  return [
    ...seats.map((seat) => ({ ...place, kind: 'vacant' as const, seat, key: `seat ${seat.id}` })),
    ...[...leads, ...rest].map((member) => ({
      ...place,
      kind: 'person' as const,
      member,
      heads: team.heads.includes(member),
      key: `${parent} ${member}`,
    })),
  ];
}

/** step is the row a key of a tree leads to, and the team it opens or closes. */
export function step(rows: Row[], from: number, key: string): { to?: number; toggle?: string } | null {
  const row = rows[from];
  if (!row) return null;
  const team = row.kind === 'team' ? row : null;
  switch (key) {
    case 'ArrowDown':
      return { to: Math.min(from + 1, rows.length - 1) };
    case 'ArrowUp':
      return { to: Math.max(from - 1, 0) };
    case 'Home':
      return { to: 0 };
    case 'End':
      return { to: rows.length - 1 };
    case 'ArrowRight':
      if (!team) return null;
      if (!team.open) return { toggle: team.team.id };
      return rows[from + 1]?.parent === row.key ? { to: from + 1 } : null;
    case 'ArrowLeft':
      if (team?.open) return { toggle: team.team.id };
      return row.parent ? { to: rows.findIndex((r) => r.key === row.parent) } : null;
    case 'Enter':
    case ' ':
      return team ? { toggle: team.team.id } : null;
  }
  return null;
}
