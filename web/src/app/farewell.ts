import { useSyncExternalStore } from 'react';
import { under } from '../api/base';
import { anyForm } from '../ui/forms';
import { anyUnsaved, letGo } from './unsaved';

// Why the sign-in page is shown to who did not ask for it. It outlives the page that is left, and is said once.

export type Farewell = 'ended' | 'endedKept' | 'passwordChanged';

export const leaveWord = (why: Farewell) => sessionStorage.setItem('yunchou.farewell', why);
export const wordLeft = () => sessionStorage.getItem('yunchou.farewell') as Farewell | null;
export const forgetWord = () => sessionStorage.removeItem('yunchou.farewell');

// Whether the page waits, out of sight, for who was writing on it.
let waiting = false;
const heard = new Set<() => void>();
// Escape would close a form that is not seen.
const deaf = (e: KeyboardEvent) => e.key === 'Escape' && e.stopImmediatePropagation();
const wait = (on: boolean) => {
  waiting = on;
  if (on) window.addEventListener('keydown', deaf, true);
  else window.removeEventListener('keydown', deaf, true);
  document.body.classList.toggle('out-of-sight', on);
  for (const tell of heard) tell();
};

/** useWaiting tells whether the page waits for its member to sign in again. */
export const useWaiting = () =>
  useSyncExternalStore(
    (tell) => {
      heard.add(tell);
      return () => heard.delete(tell);
    },
    () => waiting,
  );

/**
 * parting takes what a session showed out of the page. Where its member was writing, the page waits out of sight, as it
 * is, until he is back.
 */
export function parting(writing = false) {
  if (waiting) return;
  if (writing || anyUnsaved() || anyForm()) {
    leaveWord('endedKept');
    wait(true);
    return;
  }
  leaveWord('ended');
  letGo();
  location.reload();
}

/** comeBack shows the page again to who left it; of another nothing of it is shown. True where it was waiting. */
export function comeBack(same: boolean): boolean {
  if (!waiting) return false;
  if (!same) {
    letGo();
    location.replace(under('/'));
    return true;
  }
  wait(false);
  return true;
}
