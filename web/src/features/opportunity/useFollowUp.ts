import { api, must } from '../../api/client';
import type { channels } from '../../api/enums.gen';
import { newId } from '../../api/newId';
import { useMe } from '../../app/session';
import { useKept } from '../../app/useKept';
import { useWrite } from '../../app/useWrite';
import type { Topic } from './About';
import { addStep, ofDeals } from './queries';
import type { Person } from './WithWhom';

/** Draft is a follow-up while it is written; its ids make that trying again writes it once. */
export type Draft = {
  id: string;
  stepId: string;
  channel: (typeof channels)[number];
  words: string;
  twoWay: boolean;
  on: string;
  reason: string;
  /** Whose people are named: none of them was there where another customer's deal is chosen after all. */
  firm: string;
  people: string[];
  added: Person[];
  colleagues: string[];
  step: string;
  due: string;
  agreed: boolean;
};

const fresh = (today: string, firm: string, people: readonly string[]): Draft => ({
  id: newId(),
  stepId: newId(),
  channel: 'visit',
  words: '',
  twoWay: true,
  on: today,
  reason: '',
  firm: people.length > 0 ? firm : '',
  people: [...people],
  added: [],
  colleagues: [],
  step: '',
  due: '',
  agreed: false,
});

/** useDraft is a draft by what it is about when the form is opened, until it is saved; firm is the customer it is about, people are there from the start. */
export function useDraft(about: string, firm: string, people: readonly string[] = []) {
  const me = useMe();
  const { value, set, done } = useKept(
    `follow-up/${me.memberId}/${about}`,
    () => fresh(me.today, firm, people),
    (d) => !!d.words.trim(),
  );
  const f = value.firm === firm ? value : { ...value, firm, people: [], added: [] };
  return { f, set, done };
}

/** writePeople writes down people met for the first time; whom they look like was asked before. */
export async function writePeople(accountId: string, people: readonly Person[]) {
  for (const { id, name } of people)
    await must(api.POST('/api/contacts', { body: { id, name, accountId, evenIfSame: true } }));
}

/** useFollowUp writes down what was said: people met for the first time, the words, and what comes next. */
export function useFollowUp(f: Draft, due: string, done: () => void) {
  const { today } = useMe();
  const write = async (topic: Topic) => {
    await writePeople(
      topic.accountId,
      f.added.filter((p) => f.people.includes(p.id)),
    );
    const body = {
      id: f.id,
      channel: f.channel,
      words: f.words,
      twoWay: f.twoWay,
      contactIds: f.people,
      memberIds: f.colleagues,
      ...(f.on === today ? {} : { happenedOn: f.on, reason: f.reason }),
    };
    const { id, accountId } = topic;
    if (!id) return must(api.POST('/api/accounts/{id}/follow-ups', { params: { path: { id: accountId } }, body }));
    await must(api.POST('/api/opportunities/{id}/follow-ups', { params: { path: { id } }, body }));
    if (f.step.trim()) await addStep(id, { what: f.step, dueOn: due, customerAgreed: f.agreed }, f.stepId);
  };
  return useWrite(write, { done, stale: [...ofDeals, ['accounts'], ['contacts']] });
}
