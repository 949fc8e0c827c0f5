/** Somebody on the picture: influence upwards, coverage to the right; null is not known. */
export type Dot = { id: string; influence: number | null; coverage: number | null };
export type Box = { id: string; x: number; y: number };
/** Link is between one of theirs and one of ours. */
export type Link = { from: string; to: string };
export type Label = Link & { y: number };
export type Line = { at: number; size: number; of: number | null };

export const BOX = { width: 104, height: 46 };
const GAP = 10; // between two boxes
const PAD = 8; // between a box and the line of its field
const LEFT = 62;
const TOP = 10;
const GUTTER = 92; // where it is written what binds one of theirs to one of ours
const LABEL = 20;

export type Layout = {
  width: number;
  height: number;
  theirs: Box[];
  ours: Box[];
  rows: Line[];
  columns: Line[];
  labels: Label[];
  /** Where the labels stand, and the column of our people. */
  gutter: number;
  right: number;
};

const levels = (most: number, least: number, some: readonly (number | null)[]) => [
  ...Array.from({ length: most - least + 1 }, (_, i) => least + i),
  ...(some.includes(null) ? [null] : []),
];

/**
 * laidOut places everybody: a field for each influence and coverage, as tall as the people in it stand above each
 * other, our people beside those they know best, and nothing over anything else.
 */
export function laidOut(theirs: readonly Dot[], ours: readonly string[], links: readonly Link[]): Layout {
  const across = levels(
    4,
    0,
    theirs.map((d) => d.coverage),
  );
  const known = levels(
    5,
    1,
    theirs.map((d) => d.influence),
  );
  const down = [...known.filter((n) => n !== null).reverse(), ...known.filter((n) => n === null)];
  const column = BOX.width + 2 * PAD;
  const boxes: Box[] = [];
  const rows: Line[] = [];
  let y = TOP;
  for (const influence of down) {
    let most = 1;
    for (const [i, coverage] of across.entries()) {
      const here = theirs.filter((d) => d.influence === influence && d.coverage === coverage);
      most = Math.max(most, here.length);
      for (const [k, d] of here.entries())
        boxes.push({ id: d.id, x: LEFT + i * column + PAD, y: y + PAD + k * (BOX.height + GAP) });
    }
    const size = 2 * PAD + most * BOX.height + (most - 1) * GAP;
    rows.push({ at: y, size, of: influence });
    y += size;
  }
  const end = LEFT + across.length * column;
  const right = end + GUTTER;
  const at = new Map(boxes.map((b) => [b.id, b.y]));
  const place = (id: string) => {
    const near = links.filter((l) => l.to === id).map((l) => at.get(l.from) ?? TOP);
    return near.length ? near.reduce((a, b) => a + b, 0) / near.length : TOP + PAD;
  };
  const us = stacked(
    ours.map((id) => ({ id, y: place(id) })),
    BOX.height + GAP,
    TOP + PAD,
  ).map((o) => ({ ...o, x: right + PAD }));
  const ourY = new Map(us.map((o) => [o.id, o.y]));
  const middle = (l: Link) => ((at.get(l.from) ?? 0) + (ourY.get(l.to) ?? 0) + BOX.height) / 2;
  const labels = stacked(
    links.filter((l) => at.has(l.from) && ourY.has(l.to)).map((l) => ({ ...l, y: middle(l) })),
    LABEL,
    TOP + LABEL / 2,
  );
  const height = Math.max(y, ...us.map((o) => o.y + BOX.height + PAD), ...labels.map((l) => l.y + LABEL));
  return {
    width: right + BOX.width + 2 * PAD + 8,
    height: height + 46,
    theirs: boxes,
    ours: us,
    rows,
    columns: across.map((of, i) => ({ at: LEFT + i * column, size: column, of })),
    labels,
    gutter: end + GUTTER / 2,
    right,
  };
}

/** stacked puts each where it wants to be, or as near below as there is room. */
function stacked<T extends { y: number }>(all: T[], step: number, from: number): T[] {
  let free = from;
  return [...all]
    .sort((a, b) => a.y - b.y)
    .map((one) => {
      const y = Math.max(Math.round(one.y), free);
      free = y + step;
      return { ...one, y };
    });
}
