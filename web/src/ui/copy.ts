/**
 * copyText puts a text on the clipboard and tells whether it is there. Over plain HTTP browsers keep
 * navigator.clipboard back; there a selected text is copied as by Ctrl+C.
 */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false, // the browser asks, and may be told no
    );
    if (done) return true;
  }
  const had = document.activeElement as HTMLElement | null;
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'aside';
  // Inside the dialog, which would take the focus back from anything outside it.
  (had?.closest('[role=dialog]') ?? document.body).append(field);
  field.focus({ preventScroll: true });
  field.select();
  const done = document.execCommand?.('copy') ?? false;
  field.remove();
  had?.focus({ preventScroll: true });
  return done;
}
