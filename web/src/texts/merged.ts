type Tree = { [key: string]: string | Tree };
type All<T extends Tree[]> = T extends [infer A, ...infer Rest extends Tree[]] ? A & All<Rest> : unknown;

/** merged are the texts of several features as one tree: a group may be in several of them, a text in one only. */
export function merged<T extends Tree[]>(...parts: T): All<T> {
  return parts.reduce(join) as All<T>;
}

function join(a: Tree, b: Tree): Tree {
  const all = { ...a };
  for (const [key, one] of Object.entries(b)) {
    const other = all[key];
    if (other === undefined) all[key] = one;
    else if (typeof one === 'string' || typeof other === 'string') throw new Error(`text ${key} is there twice`);
    else all[key] = join(other, one);
  }
  return all;
}
