// Sent with the page and run before the program, which is many times as large: what the program will load and ask in
// any case is on its way while it is being read. It is built by itself (start.vite.ts), and shows nothing.
import { createQuerySerializer } from 'openapi-fetch';
import { getActingFor } from './api/acting';
import { ask } from './api/asked';
import { base, under } from './api/base';
import { closedTo, firstLocale, type Locale, returning } from './app/device';
import { type Route, routeOf } from './app/routes';
import { chosenMode, showMode } from './app/theme';
import { questionsOf, stepOf, trendQuestion } from './features/analysis/questions';
import { funnelQuestion } from './features/funnel/questions';
import { type Query, queryOf } from './ui/address';

// The files of the build, as this script's neighbours are called.
declare const FILES: {
  texts: Record<Locale, string[]>;
  lateTexts: Record<Locale, string[]>;
  pages: Record<Route, string[]>;
};

const serialize = createQuerySerializer();

/** get asks the API as its client does: asked knows an answer by its whole address. */
function get(path: string, query: Query = {}) {
  const search = serialize(query as never);
  return ask(new URL(under(path) + (search && `?${search}`), location.href).href);
}

/** today is the day on this device, which is nearly always the company's. */
const today = () => new Date().toLocaleDateString('sv');

/** within asks what needs a pipeline: the one of the address, else the first there is. */
function within(query: Query, more: (pipeline: string) => void) {
  const first = get('/api/pipelines');
  if (query.pipeline) return more(query.pipeline as string);
  first
    .then((a) => a.clone().json())
    .then((all: { id: string }[]) => all[0] && more(all[0].id))
    .catch(() => {}); // the page asks again, and says what is wrong
}

/** firstOf are the questions a page begins with. */
const firstOf: Partial<Record<Route, (query: Query, id: string) => void>> = {
  '/desk': () => get('/api/desk'),
  '/board': (query) =>
    within(query, (pipeline) => {
      get('/api/board', { ...query, pipeline });
      get(`/api/pipelines/${pipeline}`);
    }),
  '/opportunities': (query) => get('/api/opportunities', query),
  '/opportunities/:id': (_, id) => get(`/api/opportunities/${id}`),
  '/accounts': (query) => get('/api/accounts', query),
  '/accounts/:id': (_, id) => get(`/api/accounts/${id}`),
  '/funnel': (query) =>
    within(query, (pipeline) => get('/api/reports/funnel', funnelQuestion(query, pipeline, today()))),
  '/analysis': (query) => {
    if (location.search)
      within(query, (pipeline) => {
        const { tab, ask: report, own } = questionsOf(query, pipeline);
        get('/api/reports/funnel', report);
        if (tab === 'trend') get('/api/reports/trend', trendQuestion(own, stepOf(query)));
      });
  },
};

function load(files: string[]) {
  const here = (document.currentScript as HTMLScriptElement).src;
  for (const file of files) {
    const link = document.createElement('link');
    link.rel = 'modulepreload';
    link.href = new URL(file, here).href;
    document.head.append(link);
  }
}

showMode(chosenMode());
const { route, id } = routeOf(location.pathname.slice(base.length));
if (returning()) {
  get('/api/session');
  if (!getActingFor()) {
    get('/api/org');
    if (!closedTo(route)) firstOf[route]?.(queryOf(new URLSearchParams(location.search)), id);
  }
}
load(FILES.texts[firstLocale()]);
if (returning()) load([...FILES.lateTexts[firstLocale()], ...FILES.pages[route]]);
