import type { Hit, Kind } from './queries';

/** Line is one thing to choose. */
export interface Line {
  key: string;
  kind: Kind;
  name: string;
  to: string;
  beside: string;
  /** Where in the name what was typed stands. */
  mark?: readonly number[];
  /** It opens the list of all of its kind. */
  all?: number;
}

const places: Record<Kind, { one: (h: Hit) => string; all?: (q: string) => string }> = {
  opportunity: { one: (h) => `/opportunities/${h.id}`, all: (q) => `/opportunities?q=${q}` },
  account: { one: (h) => `/accounts/${h.id}`, all: (q) => `/accounts?q=${q}` },
  contact: {
    one: (h) => (h.accountId ? `/accounts/${h.accountId}` : `/contacts?q=${encodeURIComponent(h.name)}`),
    all: (q) => `/contacts?q=${q}`,
  },
  competitor: { one: (h) => `/competitors/${h.id}`, all: (q) => `/competitors?q=${q}` },
  member: { one: (h) => `/opportunities?state=open&owner=${h.id}` },
};

/** linesOf are what was found, in the order one goes through it by the keys. */
export function linesOf(
  groups: { kind: Kind; count: number; items: Hit[] }[],
  q: string,
  beside: (k: Kind, h: Hit) => string,
) {
  return groups.flatMap(({ kind, count, items }) => {
    const lines: Line[] = items.map((h) => ({
      key: `${kind} ${h.id}`,
      kind,
      name: h.name,
      to: places[kind].one(h),
      beside: beside(kind, h),
      mark: h.mark,
    }));
    const all = places[kind].all;
    if (all && count > items.length)
      lines.push({ key: `${kind} all`, kind, name: '', to: all(encodeURIComponent(q)), beside: '', all: count });
    return lines;
  });
}

/** parted is a name cut where what was typed stands in it, counted in letters: before, what is marked, behind. */
export function parted(name: string, [from, to]: readonly number[] = []): [string, string, string] {
  if (!to || from === undefined || from >= to) return [name, '', ''];
  const letters = Array.from(name);
  return [letters.slice(0, from).join(''), letters.slice(from, to).join(''), letters.slice(to).join('')];
}

const KEPT = 8;
// Names of customers are kept in no browser: the next start of the page knows nothing of them.
const recent = new Map<string, Line[]>();

/** recentOf are what somebody opened last from here, since the page was loaded. */
export const recentOf = (who: string): Line[] => recent.get(who) ?? [];

export function keepRecent(who: string, line: Line) {
  if (line.all) return;
  recent.set(who, [{ ...line, mark: undefined }, ...recentOf(who).filter((l) => l.key !== line.key)].slice(0, KEPT));
}
