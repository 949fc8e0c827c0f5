import { type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react';
import { Opener, openerOf } from './opener';

type Load = () => Promise<unknown> | undefined;
const parts: Load[] = [];

/** QUIET is how long the page that was asked for has the browser to itself, in milliseconds. */
const QUIET = 3_000;

/** Later is a component of a file of its own; load has it there before it is shown. */
export type Later<P> = ((props: P) => ReactNode) & { load: () => Promise<unknown> };

/**
 * later is a part of a page that is loaded when it is first shown, and meanwhile stands in its place: nothing, of a
 * dialog. What has been loaded is shown at once: React would keep what stood there for a third of a second.
 */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, meanwhile: ReactNode = null): Later<P> {
  let loaded: ComponentType<P> | undefined;
  const get = async () => {
    loaded = await load();
    return { default: loaded };
  };
  const Lazy = lazy(get);
  const part = (props: P) => {
    // What is shown stays what it is: otherwise it would begin anew.
    const [Part] = useState<ComponentType<P> | undefined>(() => loaded);
    const [opener] = useState(openerOf);
    if (Part) return <Part {...props} />;
    return (
      <Opener.Provider value={opener}>
        <Suspense fallback={meanwhile}>
          <Lazy {...props} />
        </Suspense>
      </Opener.Provider>
    );
  };
  if (meanwhile === null) parts.push(get);
  return Object.assign(part, { load: get });
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
    if (typeof window === 'undefined') return; // the page is gone, as after a test
    await new Promise((idle) => ('requestIdleCallback' in window ? requestIdleCallback(idle) : setTimeout(idle, 200)));
    await load()?.catch(() => {}); // it is asked for again when it is shown
  }
}
