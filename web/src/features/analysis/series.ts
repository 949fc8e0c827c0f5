import { axes, type Colours, hover, legend } from '../../ui/Chart';

type Format = (v: number) => string;
const shown = (format?: Format) =>
  format ? { tooltip: { valueFormatter: (v: unknown) => (typeof v === 'number' ? format(v) : '—') } } : {};

/** bar is a series of bars, line one of a line on the left or the right axis. */
export const bar = (
  id: string,
  name: string,
  colour: string,
  data: (number | null)[],
  stack?: string,
  opacity = 0.85,
  format?: Format,
) => ({
  id,
  name,
  type: 'bar' as const,
  stack,
  barMaxWidth: 32,
  itemStyle: { color: colour, opacity },
  data,
  ...shown(format),
});

export const line = (
  id: string,
  name: string,
  colour: string,
  data: (number | null)[],
  axis: number,
  format: Format,
  area = false,
) => ({
  id,
  name,
  type: 'line' as const,
  yAxisIndex: axis,
  symbolSize: 7,
  lineStyle: { color: colour, width: 2 },
  itemStyle: { color: colour },
  ...(area ? { areaStyle: { color: colour, opacity: 0.1 } } : {}),
  data,
  ...shown(format),
});

/** two has a second axis at the right. */
export function two(c: Colours, names: string[], left: Format, right: Format) {
  const base = axes(c, names, left);
  return {
    ...base,
    legend: legend(c),
    tooltip: hover(c),
    yAxis: [
      base.yAxis,
      {
        type: 'value' as const,
        min: 0,
        minInterval: 1,
        splitLine: { show: false },
        axisLabel: { color: c.ink3, formatter: right },
      },
    ],
  };
}
