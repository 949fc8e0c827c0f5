import type { Colours } from '../../ui/Chart';
import { hover } from '../../ui/Chart';
import { percent } from '../../ui/format';

/** Ranked is a win rate with its interval. */
export type Ranked = {
  name: string;
  won: number;
  lost: number;
  bp: number | null;
  low: number | null;
  high: number | null;
};

type Api = { value: (dim: number) => number; coord: (p: [number, number]) => [number, number] };

/** intervals draws rates as points with their 95 % interval, the few fainter than the many. */
export function intervals(c: Colours, rows: Ranked[], whole: number | null, labels: { rate: string; whole: string }) {
  // The scale ends where the widest interval does, in steps of ten.
  const top = Math.min(100, 10 * Math.ceil(Math.max(10, ...rows.map((r) => r.high ?? 0), whole ?? 0) / 1000));
  const few = (r: Ranked) => r.won + r.lost < 10;
  return {
    grid: { left: 12, right: 24, top: 28, bottom: 8, containLabel: true },
    tooltip: {
      ...hover(c),
      trigger: 'item' as const,
      formatter: (p: { dataIndex: number }) => {
        const r = rows[p.dataIndex];
        return r
          ? `${safe(r.name)}<br>${labels.rate} <b>${percent(r.bp)}</b> (${percent(r.low)} – ${percent(r.high)})<br>${r.won} : ${r.lost}`
          : '';
      },
    },
    xAxis: {
      type: 'value' as const,
      min: 0,
      max: top,
      splitLine: { lineStyle: { color: c.line2 } },
      axisLabel: { color: c.ink3, formatter: (v: number) => `${v}%` },
    },
    yAxis: {
      type: 'category' as const,
      inverse: true,
      data: rows.map((r) => `${r.name}  ${r.won + r.lost}`),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: c.ink2, width: 150, overflow: 'truncate' as const },
    },
    series: [
      {
        id: 'rate',
        type: 'custom' as const,
        data: rows.map((r, i) => [(r.bp ?? 0) / 100, i, (r.low ?? 0) / 100, (r.high ?? 0) / 100]),
        encode: { x: [0, 2, 3], y: 1 },
        renderItem: (params: { dataIndex: number }, api: Api) => {
          const r = rows[params.dataIndex];
          if (!r || r.bp === null) return null;
          const y = api.value(1);
          const [from, line] = api.coord([api.value(2), y]);
          const [to] = api.coord([api.value(3), y]);
          const [at] = api.coord([api.value(0), y]);
          const opacity = few(r) ? 0.4 : 1;
          return {
            type: 'group',
            children: [
              {
                type: 'rect',
                shape: { x: from, y: line - 3, width: Math.max(1, to - from), height: 6, r: 3 },
                style: { fill: c.primary, opacity: 0.25 * opacity + 0.05 },
              },
              { type: 'circle', shape: { cx: at, cy: line, r: few(r) ? 4 : 6 }, style: { fill: c.primary, opacity } },
            ],
          };
        },
        markLine:
          whole === null
            ? undefined
            : {
                symbol: 'none',
                silent: true,
                lineStyle: { color: c.warn, type: 'dashed' as const },
                label: { formatter: labels.whole, color: c.warn, position: 'start' as const, rotate: 0 },
                data: [{ xAxis: whole / 100 }],
              },
      },
    ],
  };
}

/** safe keeps a name from being read as markup by a tooltip. */
export const safe = (s: string) => s.replace(/[&<>"']/g, (x) => `&#${x.charCodeAt(0)};`);
