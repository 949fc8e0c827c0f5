import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMe } from '../../app/session';
import { type KeyOf, useWrite } from '../../app/useWrite';
import type { Opp } from '../opportunity/queries';
import type { Person } from '../opportunity/WithWhom';

/** Words are what is written about a deal in a list that is worked through; each list asks for some of them. */
export type Words = {
  what: string;
  dueOn: string;
  expectedOn: string;
  reason: string;
  amountMinor: number | null;
  people: string[];
  added: Person[];
};

export type Line = Words & { state?: 'saving' | 'saved'; error?: unknown };

/** Cure is what puts right what a list found in its deals: it is written a line each. */
export interface Cure {
  /** Tells whether a line says all that is needed. */
  ready: (words: Words) => boolean;
  send: (o: Opp, words: Words, key: KeyOf) => Promise<unknown>;
}

/**
 * useLines are the lines of a list: each is saved by itself, and what is refused stays in its line. What the saved ones
 * make stale is asked anew once, after the last.
 */
export function useLines(cure: Cure | undefined, stale: readonly QueryKey[] = []) {
  const query = useQueryClient();
  const me = useMe();
  const fresh: Line = {
    ...{ what: '', dueOn: me.nextWorkingDay, expectedOn: '', reason: '', amountMinor: null },
    ...{ people: [], added: [] },
  };
  const [lines, setLines] = useState<Record<string, Line>>({});
  const [running, setRunning] = useState(false);
  const of = (id: string): Line => lines[id] ?? fresh;
  const put = (id: string, part: Partial<Line>) =>
    setLines((all) => ({ ...all, [id]: { ...(all[id] ?? fresh), ...part } }));
  const send = useWrite(async ({ o, words }: { o: Opp; words: Words }, key) => cure?.send(o, words, key));
  const askAnew = () => Promise.all(stale.map((queryKey) => query.invalidateQueries({ queryKey })));
  const saveOne = async (o: Opp) => {
    const { state: _, error: __, ...words } = of(o.id);
    put(o.id, { state: 'saving', error: undefined });
    await send.mutateAsync({ o, words }).then(
      () => put(o.id, { state: 'saved' }),
      (error) => put(o.id, { state: undefined, error }),
    );
  };
  const ready = (id: string) => !!cure?.ready(of(id)) && !of(id).state;
  const saveAll = async (deals: readonly Opp[]) => {
    setRunning(true);
    for (const o of deals) if (ready(o.id)) await saveOne(o);
    await askAnew();
    setRunning(false);
  };
  const save = async (o: Opp) => {
    await saveOne(o);
    await askAnew();
  };
  const write = (id: string, part: Partial<Words>) => put(id, { ...part, state: undefined, error: undefined });
  return { of, write, save, ready, saveAll, running };
}
