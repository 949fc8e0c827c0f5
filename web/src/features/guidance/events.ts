import type { Note } from './queries';

/** Event is one thing that happened to a note; who and whom are members. */
export type Event = {
  at?: string | null;
  what: string;
  who?: string;
  whom?: string;
  text?: string;
  minutes?: number;
  on?: string;
};

/** eventsOf is what happened to a note in its order; what was said comes with it where the note still tells it. */
export function eventsOf(n: Note): Event[] {
  const events: Event[] = [{ at: n.askedAt, what: n.kind, who: n.askerId, whom: n.toId, text: n.text }];
  for (const [i, turn] of n.turns.entries()) {
    const before = n.turns[i - 1];
    if (turn.why === 'deputy') events.push({ at: turn.from, what: 'deputy', who: turn.memberId, whom: n.toId });
    else if (turn.why !== 'asked')
      events.push({
        at: turn.from,
        what: turn.why,
        who: turn.why === 'unsaid' ? n.askerId : before?.memberId,
        whom: turn.memberId,
        minutes: before?.usedMinutes,
      });
    if (turn.receivedAt) events.push({ at: turn.receivedAt, what: 'received', who: turn.memberId });
    if (turn.customerOn) events.push({ what: 'customer', who: turn.memberId, on: turn.customerOn });
    if (turn.end === 'answered' && i < n.turns.length - 1)
      events.push({ at: turn.endedAt, what: 'answered', who: turn.memberId, minutes: turn.usedMinutes });
    if (turn.end === 'returned')
      events.push({
        at: turn.endedAt,
        what: 'returned',
        who: turn.memberId,
        whom: n.askerId,
        minutes: turn.usedMinutes,
      });
    if (turn.end === 'recalled') events.push({ at: turn.endedAt, what: 'recalled', who: n.askerId });
    if (turn.end === 'gone') events.push({ at: turn.endedAt, what: 'gone' });
  }
  const { answer, outcome: o, check } = n;
  if (answer) events.push({ at: answer.at, what: 'answered', who: answer.by, text: answer.text });
  if (o?.used) events.push({ at: o.usedAt, what: o.used, who: o.from, text: o.usedText });
  if (o?.resultAt) events.push({ at: o.resultAt, what: 'result', who: o.from, text: o.result });
  if (check && check.worked !== null)
    events.push({ at: check.checkedAt, what: check.worked ? 'worked' : 'notWorked', who: n.askerId, text: check.text });
  if (n.settledAt) events.push({ at: n.settledAt, what: 'settled', who: n.askerId });
  return events;
}
