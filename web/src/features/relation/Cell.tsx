import { Dropdown } from 'antd';
import type { ReactNode } from 'react';

/** Cell is a cell of a table that is edited by a tap: what there is to choose opens below it, for the keyboard too. */
export function Cell({
  label,
  value,
  options,
  onChoose,
  children,
}: {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  /** Left out it is only read. */
  onChoose?: (value: string) => void;
  children: ReactNode;
}) {
  if (!onChoose) return children;
  return (
    <Dropdown
      trigger={['click']}
      autoFocus
      menu={{
        items: options.map((o) => ({ key: o.value, label: o.label })),
        selectable: true,
        selectedKeys: [value],
        onClick: ({ key, domEvent }) => {
          domEvent.stopPropagation();
          if (key !== value) onChoose(key);
        },
      }}
    >
      <button type="button" className="cell" aria-haspopup="menu" aria-label={label}>
        {children}
      </button>
    </Dropdown>
  );
}
