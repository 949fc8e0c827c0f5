// What start.ts asks while the program is still on its way. Each answer is taken once, by the same question of the
// same page, and soon: nothing is kept.

declare global {
  interface Window {
    yunchouAsked?: Map<string, Promise<Response>>;
  }
}

/** SOON is how long after the page's beginning an answer is still one of now, in milliseconds. */
const SOON = 30_000;

// An answer nobody reads would keep its connection, of which a browser has six.
const drop = (a: Response) => void a.body?.cancel();

/** ask puts a question on its way, for asked to find by its whole address. */
export function ask(url: string): Promise<Response> {
  window.yunchouAsked ??= new Map();
  const asked = window.yunchouAsked;
  const answer = fetch(url).then((a) => {
    if (!a.ok) drop(a);
    return a;
  });
  asked.set(url, answer);
  setTimeout(() => asked.delete(url) && answer.then(drop, () => {}), SOON);
  return answer;
}

/** forget lets go of what nobody has taken yet. */
function forget() {
  for (const answer of window.yunchouAsked?.values() ?? []) answer.then(drop, () => {});
  window.yunchouAsked?.clear();
}

/**
 * asked is the answer that is on its way already, undefined where there is none. What was refused or failed is asked
 * again: it may have been before somebody signed in. After a write all answers may be of before it.
 */
export function asked(r: Request): Promise<Response> | undefined {
  if (r.method !== 'GET') forget();
  if (r.method !== 'GET' || r.headers.has('On-Behalf-Of') || performance.now() > SOON) return undefined;
  const answer = window.yunchouAsked?.get(r.url);
  window.yunchouAsked?.delete(r.url);
  return answer?.then(
    (a) => (a.ok ? a : fetch(r)),
    () => fetch(r),
  );
}
