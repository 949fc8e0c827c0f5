import type { Notice } from './queries';

/** Line is what stands in one line: notices of the same kind, by the same, about the same, the newest first. */
export type Line = { key: number; newest: Notice; all: Notice[]; unread: boolean };

/** linesOf are notices as lines, in the order of their newest. What is read and what is not are not one line. */
export function linesOf(list: Notice[]): Line[] {
  const lines = new Map<string, Line>();
  for (const n of list) {
    const about = n.hidden ? n.seq : `${n.on.kind} ${n.on.id} ${n.threadId}`;
    const same = `${n.kind} ${n.actorId} ${about} ${n.readAt === null}`;
    const line = lines.get(same);
    if (line) line.all.push(n);
    else lines.set(same, { key: n.seq, newest: n, all: [n], unread: n.readAt === null });
  }
  return [...lines.values()];
}

const homes: Record<string, string> = {
  opportunity: '/opportunities/',
  account: '/accounts/',
  task: '/tasks?task=',
  introduction: '/desk?answer=',
  ask_around: '/desk?answer=',
};
const pages: Record<string, string> = { handover: '/desk', contact: '/contacts' };

/** pathOf is where one sees what a notice is about; undefined where there is nothing to see any more. */
export function pathOf(n: Notice): string | undefined {
  if (n.hidden) return undefined;
  const home = homes[n.on.kind];
  return home ? home + n.on.id : pages[n.on.kind];
}
