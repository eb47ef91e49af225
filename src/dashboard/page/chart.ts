import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { html } from './html.ts';

/** One series of a chart. */
export interface ChartSeries {
  readonly name: string;
  /** Name of the CSS variable for its colour, such as `--in`. */
  readonly colour: string;
  readonly kind: 'bars' | 'line' | 'points';
  /** Used for pixels only; the exact amounts are in `texts`. Null leaves a gap. */
  readonly values: readonly (number | null)[];
  readonly texts: readonly string[];
}

interface ChartProps {
  /** What a screen reader says instead of the picture. */
  readonly label: string;
  /** The time of each point, in epoch seconds. */
  readonly times: readonly number[];
  readonly timeTexts: readonly string[];
  readonly series: readonly ChartSeries[];
  /** Called with the index of the point below the pointer; null for none. */
  readonly onPoint: (index: number | null) => void;
}

const height = 220;

/** A chart over time. Passes the point below the pointer to `onPoint`, which shows the exact amounts. */
export function Chart(props: ChartProps) {
  const element = useRef<HTMLDivElement>(null);
  const { times, series, onPoint } = props;
  const isDark = useIsDark();
  // The same numbers read again are the same picture, and keep the pointer's place in it.
  const content = JSON.stringify([times, series]);
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--quiet'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { stroke: colour('--line'), width: 1 },
    };
    const bars = series.filter(({ kind }) => kind === 'bars').length;
    const plot = new uPlot(
      {
        width: target.clientWidth,
        height,
        legend: { show: false },
        cursor: { drag: { x: false, y: false } },
        scales: { x: { time: true, range: (_plot, first, last) => padded(first, last, times.length) } },
        axes: [
          axis,
          { ...axis, size: 80, values: (_plot, ticks) => ticks.map((tick) => tick.toLocaleString()) },
        ],
        series: [
          {},
          ...series.map((one, index) => ({
            label: one.name,
            stroke: colour(one.colour),
            spanGaps: false,
            ...pathsOf(one.kind, index, bars, colour(one.colour)),
          })),
        ],
        hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
      },
      [[...times], ...series.map(({ values }) => [...values])],
      target,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: target.clientWidth, height }));
    observer.observe(target);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [content, isDark, onPoint]);
  return html`<div class="chart" ref=${element} role="img" aria-label=${props.label}></div>`;
}

/** Whether the viewer prefers dark colours, which a canvas does not follow by itself. */
function useIsDark(): boolean {
  const [isDark, setIsDark] = useState(() => darkQuery.matches);
  useEffect(() => {
    const onChange = () => setIsDark(darkQuery.matches);
    darkQuery.addEventListener('change', onChange);
    return () => darkQuery.removeEventListener('change', onChange);
  }, []);
  return isDark;
}

const darkQuery = matchMedia('(prefers-color-scheme: dark)');

/** Adds half a bucket on each side, so that no bar is cut off. */
function padded(first: number, last: number, count: number): [number, number] {
  const bucket = count > 1 ? (last - first) / (count - 1) : 86_400;
  return [first - bucket / 2, last + bucket / 2];
}

function pathsOf(kind: ChartSeries['kind'], index: number, bars: number, fill: string) {
  if (kind === 'points') return { paths: () => null, points: { show: true, size: 7, fill } };
  if (kind === 'line') return { width: 2, points: { show: false } };
  const { bars: makeBars } = uPlot.paths;
  if (makeBars === undefined) return {};
  const align = index === 0 ? (-1 as const) : (1 as const);
  return {
    fill,
    points: { show: false },
    paths: makeBars(bars > 1 ? { size: [0.4, 40], align } : { size: [0.8, 60] }),
  };
}
