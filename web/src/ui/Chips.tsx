import type { ReactNode } from 'react';
import { stay } from './seen';

/** Choice is one of a few: sub says a little more about it. */
export type Choice = { value: string; label: string; sub?: string };

/** Chips are the few things there are to choose from, each one tap away; children stand behind them. */
export function Chips({
  label,
  options,
  chosen,
  onTap,
  along,
  children,
}: {
  label: string;
  options: readonly Choice[];
  chosen: readonly string[];
  onTap: (value: string) => void;
  /** In one line that is scrolled. */
  along?: boolean;
  children?: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset does not scroll along
    <div role="group" aria-label={label} className={along ? 'chips along' : 'chips'}>
      {options.map((o) => (
        <button
          key={o.value}
          type="button"
          aria-pressed={chosen.includes(o.value)}
          onMouseDown={stay}
          onClick={() => onTap(o.value)}
        >
          {o.label}
          {o.sub && <small> {o.sub}</small>}
        </button>
      ))}
      {children}
    </div>
  );
}

/** toggled is a choice of several with one more, or one less. */
export const toggled = (chosen: readonly string[], value: string) =>
  chosen.includes(value) ? chosen.filter((v) => v !== value) : [...chosen, value];
