import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Scroll } from '../../ui/bits';
import type { Column } from './columns';
import type { Opp } from './queries';

/** Picked are the records chosen on whatever page of the list, and how the choice changes. */
export type Picked = { ids: string[]; set: (ids: string[]) => void };

/** Rows is the list at a desk. Without picked nothing can be chosen; stale says that other rows are on their way. */
export function Rows({
  items,
  columns,
  picked,
  stale,
  empty,
}: {
  items: Opp[];
  columns: Column[];
  picked: Picked | undefined;
  stale: boolean;
  empty: ReactNode;
}) {
  const { t } = useTranslation();
  if (items.length === 0) return <div className="card">{empty}</div>;
  const chosen = new Set(picked?.ids);
  return (
    <div className={stale ? 'card stale' : 'card'} aria-busy={stale}>
      <Scroll label={t('list.title')}>
        <table className="t list">
          <thead>
            <tr>
              {picked && (
                <th className="tickbox">
                  <PickAll items={items} picked={picked} />
                </th>
              )}
              {columns.map((c) => (
                <th key={c.key} className={c.right ? undefined : 'l'} aria-sort={c.sorted}>
                  {c.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((o) => (
              <tr key={o.id}>
                {picked && (
                  <td className="tickbox">
                    <input
                      type="checkbox"
                      aria-label={o.name}
                      checked={chosen.has(o.id)}
                      onChange={(e) =>
                        picked.set(e.target.checked ? [...picked.ids, o.id] : picked.ids.filter((id) => id !== o.id))
                      }
                    />
                  </td>
                )}
                {columns.map((c) => (
                  <td key={c.key} className={`${c.right ? '' : 'l'} ${c.long ? 'long' : 'whole'}`}>
                    {c.render(o)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}

/** PickAll chooses all of this page, or none of it; what is chosen on others stays. */
function PickAll({ items, picked }: { items: Opp[]; picked: Picked }) {
  const { t } = useTranslation();
  const here = new Set(items.map((o) => o.id));
  const elsewhere = picked.ids.filter((id) => !here.has(id));
  const count = picked.ids.length - elsewhere.length;
  return (
    <input
      type="checkbox"
      aria-label={t('list.pickAll')}
      checked={count === items.length}
      ref={(box) => {
        if (box) box.indeterminate = count > 0 && count < items.length;
      }}
      onChange={() => picked.set(count === items.length ? elsewhere : [...elsewhere, ...here])}
    />
  );
}
