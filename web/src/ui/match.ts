/** plain is a text as it is looked for: without accents, capitals, widths and spaces. */
const plain = (s: string) =>
  s
    .normalize('NFKD')
    .replaceAll(/[\p{M}\s·]/gu, '')
    .toLowerCase();

/** matches tells whether what is typed finds somebody called so: as a whole, or each word of it for itself. */
export function matches(typed: string, called: readonly string[]): boolean {
  const names = called.map(plain);
  const found = (part: string) => names.some((n) => n.includes(plain(part)));
  return found(typed) || typed.trim().split(/\s+/).every(found);
}
