import type { QueryClient } from '@tanstack/react-query';
import { sessionOf } from './queries';
import { anyUnsaved, letGo } from './unsaved';

// Why the sign-in page is shown to who did not ask for it. It outlives the page that is left, and is said once.

export type Farewell = 'ended' | 'endedKept' | 'passwordChanged';

export const leaveWord = (why: Farewell) => sessionStorage.setItem('yunchou.farewell', why);
export const wordLeft = () => sessionStorage.getItem('yunchou.farewell') as Farewell | null;
export const forgetWord = () => sessionStorage.removeItem('yunchou.farewell');

/** parting takes what a session showed out of the page. What its member was writing is there when he is back. */
export function parting(query: QueryClient) {
  if (!anyUnsaved()) {
    leaveWord('ended');
    letGo();
    location.reload();
    return;
  }
  leaveWord('endedKept');
  query.removeQueries({ predicate: (q) => q.queryKey[0] !== 'session' });
  query.getMutationCache().clear();
  void query.resetQueries({ queryKey: sessionOf.queryKey });
}
