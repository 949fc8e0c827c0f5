import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';

type Load = () => Promise<unknown>;
const parts: Load[] = [];

/** QUIET is how long the page that was asked for has the browser to itself, in milliseconds. */
const QUIET = 3_000;

/** later is a part of a page that is loaded when it is first shown, a dialog mostly; nothing stands in its place meanwhile. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => ReactNode {
  parts.push(load);
  const Part = lazy(async () => ({ default: await load() }));
  return (props: P) => (
    <Suspense fallback={null}>
      <Part {...props} />
    </Suspense>
  );
}

/**
 * loadAhead loads what the pages that are there would load later, and more, one after the other while nothing else is
 * to do. Who pays for what he loads is spared.
 */
export async function loadAhead(more: Load[]) {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData) return;
  await new Promise((quiet) => setTimeout(quiet, QUIET));
  for (const load of [...parts, ...more]) {
    await new Promise((idle) => ('requestIdleCallback' in window ? requestIdleCallback(idle) : setTimeout(idle, 200)));
    await load().catch(() => {}); // it is asked for again when it is shown
  }
}
