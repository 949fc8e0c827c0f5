import { createContext, type ReactNode, useContext, useState } from 'react';
import { later } from '../../ui/later';
import type { Task } from './queries';

const SayResult = later(() => import('./SayResult').then((m) => m.SayResult));

const Say = createContext<(done: Task) => void>(() => {});

/** useAfterwards asks what came of a task that is done. */
export const useAfterwards = () => useContext(Say);

/** Afterwards holds that question: the row of what is done has left its page by then. */
export function Afterwards({ children }: { children: ReactNode }) {
  const [done, setDone] = useState<Task>();
  return (
    <Say.Provider value={setDone}>
      {children}
      {done && <SayResult key={done.id} task={done} onClose={() => setDone(undefined)} />}
    </Say.Provider>
  );
}
