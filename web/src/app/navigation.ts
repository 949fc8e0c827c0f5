import { lacking, type Route } from './routes';

/** A Place is a page the navigation offers, under the heading of its group or of the place before it. */
export interface Place {
  path: Route;
  /** The key of its name. */
  name: string;
  /** The key of the heading it stands under. */
  group?: string;
  /** It belongs to the place before it. */
  sub?: boolean;
  /** What its address asks besides. */
  with?: string;
  /** It stands at the foot of a phone too, by this name. */
  foot?: string;
  /** What is counted beside it: what waits there for whoever looks. */
  waits?: 'guidance';
}

const all: Place[] = [
  { path: '/desk', name: 'nav.desk', foot: 'nav.today' },
  { path: '/guidance', name: 'nav.guidance', foot: 'nav.answer', waits: 'guidance' },
  { path: '/tasks', name: 'nav.tasks' },
  { path: '/board', name: 'nav.board', group: 'nav.opportunities', sub: true, foot: 'nav.opportunities' },
  { path: '/opportunities', name: 'nav.list', group: 'nav.opportunities', sub: true, with: '?state=open' },
  { path: '/funnel', name: 'nav.funnel', group: 'nav.opportunities', sub: true },
  { path: '/analysis', name: 'nav.analysis', group: 'nav.opportunities', sub: true },
  { path: '/competitors', name: 'nav.competitors', group: 'nav.opportunities', sub: true },
  { path: '/accounts', name: 'nav.accounts', foot: 'nav.accounts' },
  { path: '/contacts', name: 'account.people', sub: true },
  { path: '/settings', name: 'nav.settings' },
  { path: '/settings/pipelines', name: 'nav.pipelines', sub: true },
  { path: '/import', name: 'nav.import', sub: true },
];

/** placesFor are the places somebody with these permissions may go to. */
export const placesFor = (permissions: readonly string[]) =>
  all.filter((p) => lacking(p.path, permissions) === undefined);
