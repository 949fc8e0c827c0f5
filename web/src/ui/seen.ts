import { type MouseEvent, useEffect } from 'react';

/** stay leaves the focus in the text: a keyboard that goes down moves what is being tapped. */
export const stay = (e: MouseEvent) => e.preventDefault();

/**
 * useSeen tells the style sheet which part of the page is seen: an on-screen keyboard covers the rest, and the page
 * is not told by its own size.
 */
export function useSeen() {
  useEffect(() => {
    const view = window.visualViewport;
    if (!view) return;
    const { style } = document.documentElement;
    const tell = () => {
      style.setProperty('--seen-top', `${view.offsetTop}px`);
      style.setProperty('--seen-height', `${view.height}px`);
    };
    tell();
    view.addEventListener('resize', tell);
    view.addEventListener('scroll', tell);
    return () => {
      view.removeEventListener('resize', tell);
      view.removeEventListener('scroll', tell);
    };
  }, []);
}
