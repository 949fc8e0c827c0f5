import type { QueryClient } from '@tanstack/react-query';
import { under } from '../api/base';
import { away } from '../api/client';

const PAUSE = 5_000;

/**
 * watch has what could not be asked for while the server was away asked for again, once it answers. Until then the
 * page is left as it is: only whether there is an answer is looked at.
 */
export function watch(query: QueryClient) {
  let waiting = false;
  const missed = () => query.getQueryCache().findAll({ predicate: (q) => q.isActive() && away(q.state.error) });
  const look = async () => {
    const answer = missed().length ? await fetch(under('/'), { cache: 'no-store' }).catch(() => null) : null;
    waiting = false;
    if (answer?.ok) await query.refetchQueries({ type: 'active', predicate: (q) => away(q.state.error) });
    if (missed().length) wait();
  };
  const wait = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(look, PAUSE);
  };
  return (err: unknown) => {
    if (away(err)) wait();
  };
}
