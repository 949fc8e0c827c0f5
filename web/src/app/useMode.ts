import { useSyncExternalStore } from 'react';
import { chosenMode, keepMode, type Mode, showMode } from './theme';

let mode: Mode = chosenMode();
const listeners = new Set<() => void>();

function setMode(next: Mode) {
  mode = next;
  keepMode(next);
  showMode(next);
  for (const tell of listeners) tell();
}

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => void listeners.delete(tell);
};

/** useMode is how the pages are coloured, and what turns it. */
export function useMode(): [Mode, () => void] {
  const now = useSyncExternalStore(subscribe, () => mode);
  return [now, () => setMode(now === 'dark' ? 'light' : 'dark')];
}
