import { Children, type ReactNode } from 'react';

/** Facts are short facts in a row with a dot between two of them; no line of them begins or ends with one. */
export function Facts({ children }: { children: ReactNode }) {
  return (
    <div className="dotted">
      <div>{Children.map(children, (fact) => fact && <span>{fact}</span>)}</div>
    </div>
  );
}
