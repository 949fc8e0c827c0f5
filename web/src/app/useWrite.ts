import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useRef } from 'react';
import { newId } from '../api/newId';
import { isOld } from '../api/version';
import { useProblemText } from '../ui/problemText';

/** Outcome is what follows a write, in this order. */
export interface Outcome<V, R> {
  /** What is said over the page. */
  said?: string | ((answer: R, v: V) => string);
  /** Closes the form, takes the answer in. */
  done?: (answer: R, v: V) => unknown;
  /** The beginnings of the keys of what it makes stale: that is asked anew. */
  stale?: readonly QueryKey[] | 'all';
  /** A refusal is said over the page too: no form stands that shows it. */
  told?: boolean;
  /** A write of many parts: what came before the refused one is done. */
  parts?: boolean;
}

/** KeyOf names an attempt to the server: of the same content, or the same form, until it succeeds. */
export type KeyOf = (content?: unknown) => string;

export type Write<V, R> = (v: V, key: KeyOf) => Promise<R>;

/** useWrite is how every change is sent. What was lost on the way is tried again under its key, and not done twice. */
export function useWrite<V = void, R = unknown>(
  write: Write<V, R>,
  { said, done, stale = [], told, parts }: Outcome<V, R> = {},
) {
  const query = useQueryClient();
  const { message } = App.useApp();
  const text = useProblemText();
  const keys = useRef(new Map<string, string>());
  const askAnew = () =>
    stale === 'all'
      ? query.invalidateQueries()
      : Promise.all(stale.map((queryKey) => query.invalidateQueries({ queryKey })));
  return useMutation({
    mutationFn: async (v: V) => {
      const used: string[] = [];
      const answer = await write(v, (content) => {
        const what = JSON.stringify(content) ?? '';
        const key = keys.current.get(what) ?? newId();
        keys.current.set(what, key);
        used.push(what);
        return key;
      });
      for (const what of used) keys.current.delete(what);
      return answer;
    },
    onSuccess: async (answer, v) => {
      if (said) message.success(typeof said === 'string' ? said : said(answer, v));
      await done?.(answer, v);
      await askAnew();
    },
    onError: async (err) => {
      if (told) message.error(text(err));
      // Somebody was quicker, or something happened: the page behind shows it as it is.
      if (parts || isOld(err)) await askAnew();
    },
  });
}
