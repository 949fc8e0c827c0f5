import { useEffect, useRef } from 'react';
import { useWrite } from '../../app/useWrite';
import { readTo, type Thread } from './queries';

/**
 * useRead notes a thread as read once it has been in sight: what is new stays marked until the page asks anew, so that
 * its reader sees what it was.
 */
export function useRead(of: Pick<Thread, 'id' | 'unread' | 'messages'>) {
  const card = useRef<HTMLElement>(null);
  const { mutate } = useWrite(() => readTo(of.id, of.messages), { stale: [['thread', 'waiting']] });
  const seen = useRef(0);
  const { unread, messages } = of;
  useEffect(() => {
    const at = card.current;
    if (!at || unread === 0 || seen.current >= messages) return;
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some((e) => e.isIntersecting)) return;
      watch.disconnect();
      seen.current = messages;
      mutate();
    });
    watch.observe(at);
    return () => watch.disconnect();
  }, [unread, messages, mutate]);
  return card;
}
