// Whom an assistant acts for; it lasts as long as the tab.
const key = 'yunchou.for';

let actingFor = sessionStorage.getItem(key) ?? '';

/** getActingFor is the principal's id, "" for oneself. */
export const getActingFor = () => actingFor;
export const setActingFor = (member: string) => {
  actingFor = member;
  if (member) sessionStorage.setItem(key, member);
  else sessionStorage.removeItem(key);
};
