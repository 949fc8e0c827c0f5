/** routes are the pages by path: what lies in features, without its ending. */
export const routes = {
  '/desk': 'desk/DeskPage',
  '/board': 'opportunity/BoardPage',
  '/opportunities': 'opportunity/ListPage',
  '/opportunities/:id': 'opportunity/record/RecordPage',
  '/funnel': 'funnel/FunnelPage',
  '/analysis': 'analysis/AnalysisPage',
  '/accounts': 'account/AccountsPage',
  '/accounts/:id': 'account/AccountPage',
  '/contacts': 'account/ContactsPage',
  '/competitors': 'competitor/CompetitorsPage',
  '/competitors/:id': 'competitor/CompetitorPage',
  '/tasks': 'task/TasksPage',
  '/guidance': 'guidance/GuidancePage',
  '/notices/:id': 'notice/NoticePage',
  '/import': 'intake/ImportPage',
  '/more': 'more/MorePage',
  '/settings': 'org/SettingsPage',
  '/settings/pipelines': 'pipeline/PipelinePage',
} as const;

export type Route = keyof typeof routes;

/** needs are the permissions without which a page has nothing to show: it is neither offered nor drawn. */
const needs: Partial<Record<Route, string>> = {
  '/board': 'opportunity.read',
  '/opportunities': 'opportunity.read',
  '/opportunities/:id': 'opportunity.read',
  '/funnel': 'report.read',
  '/analysis': 'report.read',
  '/accounts': 'account.read',
  '/accounts/:id': 'account.read',
  '/contacts': 'account.read',
  '/competitors': 'account.read',
  '/competitors/:id': 'account.read',
  '/import': 'import.run',
  '/settings/pipelines': 'pipeline.edit',
};

/** lacking is the permission a page needs and somebody has not; undefined where he may use it. */
export const lacking = (path: Route, permissions: readonly string[]) => {
  const one = needs[path];
  return one && !permissions.includes(one) ? one : undefined;
};

/** closedFor are the pages somebody with these permissions may not use. */
export const closedFor = (permissions: readonly string[]) =>
  (Object.keys(routes) as Route[]).filter((path) => lacking(path, permissions));

/** HOME is shown where an address names no page. */
export const HOME: Route = '/desk';

/** routeOf is the page of a path below the base, and the id it names, "" where it names none. */
export function routeOf(path: string): { route: Route; id: string } {
  const plain = path.replace(/\/+$/, '');
  if (plain in routes) return { route: plain as Route, id: '' };
  const [, kind, id = ''] = /^(\/[a-z]+)\/([^/:]+)$/.exec(plain) ?? [];
  const route = `${kind}/:id`;
  return route in routes ? { route: route as Route, id } : { route: HOME, id: '' };
}
