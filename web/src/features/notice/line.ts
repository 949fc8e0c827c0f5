import { getActingFor, onActing } from '../../api/acting';
import { under } from '../../api/base';

type Hello = { missed: number; unread: number; do: number };
type Told = { seq?: number; kind: string };

/** Heard is what is done about what a line says. */
export type Heard = {
  /** The line stands; away is how long it did not, in milliseconds, 0 the first time. */
  hello: (h: Hello, away: number, broken: boolean) => void;
  notice: (kind: string) => void;
  stale: (kind: string) => void;
  /** There is no line for now. */
  without: () => void;
};

/** LATE is how long the page has the network to itself, RETRY after which time a refused line is tried again. */
const LATE = 3_000;
const RETRY = [5_000, 15_000, 60_000];
/** AGE is the longest time for which a new page is told what it missed before its line, in milliseconds. */
const AGE = 600_000;

/**
 * keepLine keeps a line to the server open while the page is in sight, and goes on after the last it heard. Out of
 * sight it is closed: without HTTP/2 a browser opens six to a host, and pages would wait for each other.
 */
export function keepLine(heard: Heard): () => void {
  let source: EventSource | undefined;
  let last = '';
  let since = 0; // when the line was lost, 0 while it stands
  let broken = false; // and whether it broke, or was closed
  let tries = 0;
  let timer = setTimeout(open, LATE);

  const at = (e: Event) => {
    const m = e as MessageEvent<string>;
    if (m.lastEventId) last = m.lastEventId;
    return m.data;
  };
  function lose(why: boolean) {
    since ||= Date.now();
    broken ||= why;
  }
  function shut() {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  }
  function open() {
    shut();
    if (document.hidden) return;
    if (!('EventSource' in window)) return heard.without();
    const query = new URLSearchParams();
    if (last) query.set('after', last);
    else if (!since) query.set('age', `${Math.min(Math.round(performance.now()), AGE)}`);
    if (getActingFor()) query.set('for', getActingFor());
    const line = new EventSource(under(`/api/events?${query}`));
    source = line;
    line.addEventListener('hello', (e) => {
      heard.hello(JSON.parse(at(e)) as Hello, since && Date.now() - since, broken);
      since = tries = 0;
      broken = false;
    });
    line.addEventListener('notice', (e) => heard.notice((JSON.parse(at(e)) as Told).kind));
    line.addEventListener('stale', (e) => heard.stale((JSON.parse(at(e)) as Told).kind));
    line.onerror = () => {
      lose(true);
      if (line.readyState !== EventSource.CLOSED) return; // the browser tries by itself
      heard.without();
      timer = setTimeout(open, RETRY[Math.min(tries++, RETRY.length - 1)]);
    };
  }
  const onSight = () => {
    if (document.hidden) {
      lose(false);
      shut();
    } else if (!source) open();
  };
  const forget = onActing(() => {
    last = '';
    lose(false);
    open();
  });
  document.addEventListener('visibilitychange', onSight);
  return () => {
    shut();
    forget();
    document.removeEventListener('visibilitychange', onSight);
  };
}
