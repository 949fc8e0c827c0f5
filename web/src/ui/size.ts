/** bytes is a size in the unit that makes it short. */
export function bytes(n: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let at = 0;
  for (; n >= 1024 && at < units.length - 1; at++) n /= 1024;
  return `${n < 10 && at > 0 && n % 1 !== 0 ? n.toFixed(1) : Math.round(n)} ${units[at]}`;
}
