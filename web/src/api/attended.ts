// Whether somebody is at the page: who reads for a while does nothing, so a while passes before he is taken to be gone.
const GONE = 120_000;
let used = Date.now();

for (const kind of ['pointerdown', 'keydown', 'touchstart', 'wheel'])
  addEventListener(
    kind,
    () => {
      used = Date.now();
    },
    { capture: true, passive: true },
  );

/** unattended tells that the page asks by itself. */
export const unattended = () => Date.now() - used > GONE;
