const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** changed is what a form says otherwise than the record it was opened on. */
export function changed<T extends object>(form: T, was: T): Partial<T> {
  const keys = (Object.keys(form) as (keyof T)[]).filter((k) => !same(form[k], was[k]));
  return Object.fromEntries(keys.map((k) => [k, form[k]])) as Partial<T>;
}

/**
 * rebase puts what somebody typed onto what another wrote meanwhile: what he did not touch is as the other wrote it,
 * what he did touch is as he typed it. Both names the fields that both have changed, to something else.
 */
export function rebase<T extends object>(form: T, was: T, now: T): { form: T; both: (keyof T)[] } {
  const mine = changed(form, was);
  const both = (Object.keys(mine) as (keyof T)[]).filter((k) => !same(now[k], was[k]) && !same(now[k], form[k]));
  return { form: { ...now, ...mine }, both };
}
