import type { ReactNode } from 'react';
import { saveFile } from '../api/client';
import { useWrite } from './useWrite';

interface Props {
  href: string;
  /** What the file is called, where the server does not say. */
  name?: string;
  className?: string;
  children: ReactNode;
}

/** SaveLink saves a file the server makes; where it refuses, the page says why. */
export function SaveLink({ href, name, className, children }: Props) {
  const save = useWrite(() => saveFile(href, name), { told: true });
  return (
    <a
      href={href}
      download={name ?? true}
      className={className}
      aria-busy={save.isPending}
      onClick={(e) => {
        if (e.metaKey || e.ctrlKey || e.shiftKey) return; // the browser's own way
        e.preventDefault();
        if (!save.isPending) save.mutate();
      }}
    >
      {children}
    </a>
  );
}
