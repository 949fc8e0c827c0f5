import { createContext, useContext, useState } from 'react';

/** openerOf is what had the focus before a dialog: of a menu that closes, the button it hangs on. */
export function openerOf(): HTMLElement | null {
  const had = document.activeElement as HTMLElement | null;
  if (had?.closest('.ant-dropdown'))
    return document.querySelector<HTMLElement>('.ant-dropdown-trigger.ant-dropdown-open');
  return had;
}

/** Opener is what had the focus when something was asked for that had to be loaded first. */
export const Opener = createContext<HTMLElement | null>(null);

/** useOpener is where the focus goes back to: by the time a dialog is loaded the menu it was chosen in has closed. */
export function useOpener(): HTMLElement | null {
  const before = useContext(Opener);
  const [opener] = useState(() => {
    const now = openerOf();
    return now && now !== document.body ? now : before;
  });
  return opener;
}
