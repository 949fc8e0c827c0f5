import { addStep, type Opp } from '../opportunity/queries';
import { writePeople } from '../opportunity/useFollowUp';
import { name, price, redate } from './queries';
import type { Cure } from './useLines';

/** cures are what a list that is worked through asks of each of its deals, by what it found. */
export const cures = {
  passed: {
    ready: (w) => !!w.expectedOn && !!w.reason.trim(),
    send: (o, { expectedOn, reason }) => redate(o, { expectedOn, reason }),
  },
  noAmount: {
    ready: (w) => w.amountMinor !== null,
    send: (o, { amountMinor }) => price(o, amountMinor ?? 0),
  },
  noNextStep: {
    ready: (w) => !!w.what.trim() && !!w.dueOn,
    send: (o, { what, dueOn }, key) => addStep(o.id, { what, dueOn }, key([o.id, what, dueOn])),
  },
  noPerson: {
    ready: (w) => w.people.length > 0,
    send: async (o: Opp, { people, added }) => {
      await writePeople(
        o.accountId,
        added.filter((p) => people.includes(p.id)),
      );
      return name(o, people);
    },
  },
} satisfies Record<string, Cure>;

export type CureOf = keyof typeof cures;
