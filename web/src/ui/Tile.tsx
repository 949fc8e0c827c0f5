import { Tooltip } from 'antd';
import type { ReactNode } from 'react';

/** Tile is one figure under its name, which tells its definition to whoever points at it. */
export function Tile({ label, hint, children }: { label: string; hint: string; children: ReactNode }) {
  return (
    <div className="num">
      <Tooltip title={hint}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the definition must be reachable by keyboard */}
        <small tabIndex={0} className="explained">
          {label}
        </small>
      </Tooltip>
      <b>{children}</b>
    </div>
  );
}
