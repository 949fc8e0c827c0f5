// What only the list asks: its order and columns, and states and stages, which are the board's lanes.
const ofList = ['sort', 'desc', 'cols', 'state', 'stage', 'cursor'];

/** onBoard is a list's question as the board asks it. */
export function onBoard(query: string): string {
  const p = new URLSearchParams(query);
  for (const k of ofList) p.delete(k);
  return p.toString();
}

/** onList is a board's question as the list asks it: of what is open. */
export function onList(query: string): string {
  const p = new URLSearchParams(onBoard(query));
  p.set('state', 'open');
  return p.toString();
}
