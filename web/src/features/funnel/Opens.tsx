import type { ReactNode } from 'react';
import type { Figure, OpenFigure } from './report';

/** Opens is a figure that shows the records it counts. */
export function Opens({ open, of, children }: { open: OpenFigure; of: Figure; children: ReactNode }) {
  return (
    <button type="button" className="open" onClick={() => open(of)}>
      {children}
    </button>
  );
}
