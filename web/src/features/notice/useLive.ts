import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { waitingOf as guidanceWaitingOf } from '../../app/queries';
import { keepLine } from './line';
import { type Gap, gapOf, noticeKeys, waitingOf } from './queries';
import { staleBy } from './stale';

/** SHORT is a break nobody needs to hear of, POLL how often it is looked where there is no line, in milliseconds. */
const SHORT = 3_000;
const POLL = 60_000;
/** TOGETHER is how long what is stale is collected. */
const TOGETHER = 200;

/** useLive has what others do show in an open page: counts, lists and records are asked for anew once it is told. */
export function useLive() {
  const query = useQueryClient();
  useEffect(() => {
    const stale = new Map<string, QueryKey>();
    let soon: ReturnType<typeof setTimeout> | undefined;
    let poll: ReturnType<typeof setInterval> | undefined;
    const count = () => void query.fetchQuery(waitingOf).catch(() => {}); // who could not be asked is asked again
    const askAnew = (keys: readonly QueryKey[]) => {
      for (const key of keys) stale.set(JSON.stringify(key), key);
      soon ??= setTimeout(() => {
        soon = undefined;
        for (const queryKey of stale.values()) void query.invalidateQueries({ queryKey });
        stale.clear();
      }, TOGETHER);
    };
    const close = keepLine({
      hello: ({ missed, unread, do: due }, away, broken) => {
        clearInterval(poll);
        poll = undefined;
        query.setQueryData(waitingOf.queryKey, { unread, do: due });
        if (away) askAnew(staleBy('*'));
        if (broken && away > SHORT) {
          const gap: Gap = { seconds: Math.round(away / 1000), missed };
          query.setQueryData(gapOf.queryKey, () => gap);
        }
      },
      notice: (kind) => {
        count();
        askAnew([noticeKeys.list, ...staleBy(kind)]);
      },
      stale: (kind) => {
        if (kind === '*') count();
        askAnew(staleBy(kind));
      },
      without: () => {
        if (poll) return;
        count();
        poll = setInterval(() => {
          count();
          askAnew([guidanceWaitingOf.queryKey]);
        }, POLL);
      },
    });
    return () => {
      close();
      clearInterval(poll);
      clearTimeout(soon);
    };
  }, [query]);
}
