/** swapped is a list in which two have changed places. */
export function swapped<T>(list: T[], a: number, b: number): T[] {
  const out = [...list];
  [out[a], out[b]] = [out[b] as T, out[a] as T];
  return out;
}
