// Whom an assistant acts for; it lasts as long as the tab.
const ACTING_FOR = 'yunchou.for';

let actingFor = sessionStorage.getItem(ACTING_FOR) ?? '';

/** getActingFor is the principal's id, "" for oneself. */
export const getActingFor = () => actingFor;
export const setActingFor = (member: string) => {
  actingFor = member;
  if (member) sessionStorage.setItem(ACTING_FOR, member);
  else sessionStorage.removeItem(ACTING_FOR);
  for (const fn of told) fn();
};

const told = new Set<() => void>();

/** onActing has fn called whenever somebody else is acted for, until the answer is called. */
export const onActing = (fn: () => void) => {
  told.add(fn);
  return () => void told.delete(fn);
};
