import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';
import { asRead } from '../../api/version';
import type { KeyOf } from '../../app/useWrite';
import { named } from '../conversation/queries';
import { opportunityKeys } from '../opportunity/queries';

/** cleanupOf is what of the open deals in sight wants cleaning up; while limits are being computed it asks again. */
export const cleanupOf = queryOptions({
  queryKey: [...opportunityKeys.all, 'cleanup'],
  queryFn: ({ signal }) => must(api.GET('/api/cleanup', { signal })),
  refetchInterval: ({ state }) => (state.data?.longStalled === null ? 2000 : false),
});

/** confirmHandover says that what was handed over is taken. */
export const confirmHandover = (id: string) =>
  must(api.POST('/api/handovers/{id}/confirm', { params: { path: { id } } }));

/** seeExceptions notes the exceptions of deals, one deal after another. */
export async function seeExceptions(deals: string[]) {
  for (const id of new Set(deals))
    await must(api.POST('/api/opportunities/{id}/exceptions-seen', { params: { path: { id } } }));
}

/** redate says on which day a deal is expected now, and why. */
export const redate = (o: { id: string; version: number }, body: { expectedOn: string; reason: string }) =>
  must(api.PATCH('/api/opportunities/{id}', { params: asRead(o), headers: { 'Yunchou-Path': 'form' }, body }));

/** price says what a deal is worth, in minor units of its currency. */
export const price = (o: { id: string; version: number }, amountMinor: number) =>
  must(
    api.PATCH('/api/opportunities/{id}', {
      params: asRead(o),
      headers: { 'Yunchou-Path': 'form' },
      body: { amountMinor },
    }),
  );

/** name says who of the customer is in a deal that had nobody; what each is there for is said later. */
export const name = (o: { id: string; version: number }, people: string[]) => {
  const contacts = people.map((contactId) => ({ contactId, role: 'unknown' as const }));
  return must(api.PUT('/api/opportunities/{id}/contacts', { params: asRead(o), body: { contacts } }));
};

/** nurture closes a deal for now, and says when it is looked at again; the key lets a retry do it once. */
export const nurture = (
  id: string,
  key: string,
  body: { what: string; dueOn: string; reason: string; version: number },
) =>
  must(
    api.POST('/api/opportunities/{id}/nurture', {
      params: { path: { id }, header: { 'Idempotency-Key': key } },
      body,
    }),
  );

type Decision = Pick<
  Schemas['DecideDeskLineRequest'],
  'decision' | 'until' | 'reason' | 'toId' | 'what' | 'dueOn' | 'mentionIds'
>;

type Asks = { toId: string; text: string; chosen: { id: string; name: string }[] };

/** askWhy ends a line with a question: the line waits for its answer. */
export const askWhy = (
  line: { kind: string; id: string; facts: string },
  a: Parameters<typeof named>[0] & Asks,
  key: KeyOf,
) => {
  const said = { decision: 'asked' as const, toId: a.toId, what: a.text.trim(), mentionIds: named(a) };
  return decide(line, said, key([line.id, said]));
};

/** recallNote takes a question back: its line stands again. */
export const recallNote = (id: string) => must(api.POST('/api/guidance/{id}/recall', { params: { path: { id } } }));

/** decide ends a line of the desk, as it was read; the key is the decision's id. */
export const decide = (line: { kind: string; id: string; facts: string }, said: Decision, key: string) =>
  must(
    api.POST('/api/desk/decisions', {
      body: { id: key, on: { kind: line.kind, id: line.id }, facts: line.facts, ...said },
    }),
  );

/** takeBack takes back what one decided last on a line. */
export const takeBack = (id: string) => must(api.POST('/api/desk/decisions/{id}/back', { params: { path: { id } } }));

export type Levels = Schemas['DeskLevelsBody'];

/** levelsOf are the amounts from which the higher levels see a line at once, in minor units. */
export const levelsOf = queryOptions({
  queryKey: ['desk-levels'],
  queryFn: ({ signal }) => must(api.GET('/api/desk/levels', { signal })),
});

export const setLevels = ({ version }: Levels, amounts: number[]) =>
  must(api.PUT('/api/desk/levels', { params: { header: { 'If-Match': `"${version}"` } }, body: { amounts } }));

/** kindsOf are how lines of each kind ended in the last 90 days. */
export const kindsOf = queryOptions({
  queryKey: ['desk-kinds'],
  queryFn: ({ signal }) => must(api.GET('/api/desk/kinds', { signal })),
});
