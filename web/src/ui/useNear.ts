import { useEffect, useRef, useState } from 'react';

/** useNear tells whether an element has come into sight, or close to it: what it asks for may wait until then. */
export function useNear<E extends Element>() {
  const box = useRef<E>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (!box.current) return;
    const look = new IntersectionObserver(([e]) => e?.isIntersecting && setNear(true), { rootMargin: '200px' });
    look.observe(box.current);
    return () => look.disconnect();
  }, []);
  return [box, near] as const;
}
