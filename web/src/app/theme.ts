export type Mode = 'light' | 'dark';

/** chosenMode is what was chosen on this device, else what the device itself asks for. */
export const chosenMode = (): Mode =>
  (localStorage.getItem('yunchou.theme') as Mode | null) ??
  (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

export const keepMode = (m: Mode) => localStorage.setItem('yunchou.theme', m);

/** showMode colours the page; pages before sign-in have the same colours. */
export const showMode = (m: Mode) => {
  document.documentElement.dataset.theme = m;
};
