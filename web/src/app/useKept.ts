import { useState } from 'react';
import { noteUnsaved } from './unsaved';

// What was written and not saved is there when it is opened again, after signing in anew too.
const kept = new Map<string, unknown>();

/** useKept is what is written under a name until it is saved; the browser asks before worthy is lost. */
export function useKept<T extends object>(name: string, fresh: () => T, worthy: (of: T) => boolean) {
  const [value, setValue] = useState<T>(() => (kept.get(name) as T | undefined) ?? fresh());
  const set = (part: Partial<T>) =>
    setValue((old) => {
      const next = { ...old, ...part };
      kept.set(name, next);
      noteUnsaved(name, worthy(next));
      return next;
    });
  const done = () => {
    kept.delete(name);
    noteUnsaved(name, false);
    setValue(fresh());
  };
  return { value, set, done };
}
