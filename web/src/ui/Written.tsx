/** Written is what somebody wrote, as it was written: with its lines. */
export function Written({ children, quoted }: { children: string; quoted?: boolean }) {
  return <span className="written">{quoted ? `“${children}”` : children}</span>;
}
