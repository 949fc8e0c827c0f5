// What is written and saved nowhere, by name: it lives in this page's memory, and goes with it.
const unsaved = new Set<string>();

const asks = (e: BeforeUnloadEvent) => e.preventDefault();

/** noteUnsaved has the browser ask whoever leaves the page for good while something is written there. */
export function noteUnsaved(what: string, written: boolean) {
  if (written) unsaved.add(what);
  else unsaved.delete(what);
  if (unsaved.size) window.addEventListener('beforeunload', asks);
  else window.removeEventListener('beforeunload', asks);
}

export const anyUnsaved = () => unsaved.size > 0;

/** letGo has the page left without a question. */
export function letGo() {
  unsaved.clear();
  window.removeEventListener('beforeunload', asks);
}
