import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { type RefObject, useEffect, useRef, useSyncExternalStore } from 'react';

use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  CustomChart,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  TooltipComponent,
]);

export type Option = EChartsCoreOption;

/** Colours are the page's own, in light and in dark. */
export type Colours = Record<
  'card' | 'open' | 'ink' | 'ink2' | 'ink3' | 'line' | 'line2' | 'primary' | 'soft' | 'good' | 'bad' | 'warn' | 'info',
  string
>;

const readColours = (): Colours => {
  const css = getComputedStyle(document.documentElement);
  const v = (name: string) => css.getPropertyValue(`--${name}`).trim();
  return {
    card: v('card'),
    open: v('open'),
    ink: v('ink'),
    ink2: v('ink2'),
    ink3: v('ink3'),
    line: v('line'),
    line2: v('line2'),
    primary: v('primary'),
    soft: v('primary-soft'),
    good: v('good'),
    bad: v('bad'),
    warn: v('warn'),
    info: v('info'),
  };
};

const theme = () => document.documentElement.dataset.theme ?? '';
const watchTheme = (changed: () => void) => {
  const o = new MutationObserver(changed);
  o.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => o.disconnect();
};

/** useColours follows the theme. */
export function useColours(): Colours {
  useSyncExternalStore(watchTheme, theme);
  return readColours();
}

/** blank tells that an option draws nothing: no series has a figure, or each is 0. */
export const blank = (option: Option) =>
  (option.series as { data?: unknown[] }[]).every((s) =>
    (s.data ?? []).every((x) => (typeof x !== 'object' ? !x : x === null)),
  );

type Categories = { type?: string; data?: unknown[]; axisLabel?: { interval?: number } };

/** fitted is how an option is drawn where its categories have no room beside each other, and where they have plenty. */
function fitted(option: Option) {
  const x = option.xAxis as Categories | undefined;
  const n = x?.data?.length ?? 0;
  const names = (option.series as { name?: unknown }[]).map((s) => String(s.name ?? ''));
  return [
    ...(x?.type === 'category' && x.axisLabel?.interval === 0
      ? [
          ...(n > 4 ? [{ query: { maxWidth: 480 }, option: { xAxis: { axisLabel: { rotate: 35, width: 90 } } } }] : []),
          { query: { minWidth: Math.max(481, 100 * n) }, option: { xAxis: { axisLabel: { width: 90 } } } },
        ]
      : []),
    // More names than fit into one line push the drawing down.
    ...(option.legend && widthOf(names) > 300 ? [{ query: { maxWidth: 480 }, option: { grid: { top: 60 } } }] : []),
  ];
}

/** widthOf is about how wide a legend is in pixels; a Chinese letter is as wide as it is high. */
const widthOf = (names: string[]) =>
  names.reduce((sum, name) => sum + 30 + [...name].reduce((w, letter) => w + (letter > '\u2e7f' ? 12 : 6.5), 0), 0);

/** Pick is what was clicked: the place in a series, and the series' id. */
export type Pick = (index: number, series: string) => void;

/** Chart draws an option in the page's colours; its picture is taken by the handle. */
export function Chart({
  option,
  label,
  height,
  onPick,
  handle,
}: {
  option: Option;
  label: string;
  height: number;
  onPick?: Pick;
  handle?: RefObject<EChartsType | null>;
}) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  useEffect(() => {
    const el = box.current;
    if (!el) return;
    const c = init(el);
    chart.current = c;
    if (handle) handle.current = c;
    c.on('click', (e) => pick.current?.(e.dataIndex ?? 0, String(e.seriesId ?? '')));
    const watch = new ResizeObserver(() => c.resize());
    watch.observe(el);
    return () => {
      watch.disconnect();
      c.dispose();
    };
  }, [handle]);
  const c = useColours();
  useEffect(() => {
    chart.current?.setOption(
      {
        baseOption: {
          animation: false,
          aria: { enabled: false },
          textStyle: {
            fontFamily: "'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',system-ui,sans-serif",
            color: c.ink2,
          },
          ...option,
        },
        media: fitted(option),
      },
      { notMerge: true },
    );
  }, [option, c]);
  return <div ref={box} role="img" aria-label={label} style={{ width: '100%', height }} />;
}

/** axes are the parts every chart of categories shares. */
export const axes = (c: Colours, names: string[], format: (v: number) => string, more: { max?: number } = {}) => ({
  grid: { left: 12, right: 16, top: 36, bottom: 8, containLabel: true },
  xAxis: {
    type: 'category' as const,
    data: names,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: c.line } },
    axisLabel:
      names.length <= 8
        ? { color: c.ink2, interval: 0, width: 60, overflow: 'break' as const }
        : { color: c.ink2, hideOverlap: true, showMaxLabel: true },
  },
  yAxis: {
    type: 'value' as const,
    minInterval: 1, // no half deals, no fractions of a fen
    ...more,
    splitLine: { lineStyle: { color: c.line2 } },
    axisLabel: { color: c.ink3, formatter: format },
  },
});

/** hover is the tooltip in the page's colours. */
export const hover = (c: Colours, format?: (v: number) => string) => ({
  trigger: 'axis' as const,
  confine: true,
  backgroundColor: c.card,
  borderColor: c.line,
  textStyle: { color: c.ink, fontSize: 12 },
  ...(format ? { valueFormatter: (v: unknown) => (typeof v === 'number' ? format(v) : '—') } : {}),
});

export const legend = (c: Colours) => ({
  top: 0,
  left: 8,
  textStyle: { color: c.ink2 },
  itemWidth: 14,
  itemHeight: 10,
  icon: 'roundRect',
});
