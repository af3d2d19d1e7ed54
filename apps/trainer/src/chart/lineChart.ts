import { type Box, marks, type Position } from './marks.ts';
import { plain, type Scale, scaleOf } from './scale.ts';
import { element, escaped, fill, picture, series as seriesClass, short, text, textWidth } from './svg.ts';
import { thinned } from './thin.ts';

export interface Series {
  readonly name: string;
  readonly x: ArrayLike<number>;
  /** A value that is not finite is a gap in the line. */
  readonly y: ArrayLike<number>;
}

/** A place on the chart that is marked and named. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly label?: string;
}

export interface LineChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  readonly logY?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly points?: readonly ChartPoint[];
}

/**
 * A line chart as an SVG document. A series of a million points costs as much as its width in pixels: of the points in
 * one column of pixels, the first, lowest, highest and last are drawn.
 *
 * @example
 * import { lineChart } from '@leibniz/trainer/chart';
 *
 * const svg = lineChart({
 *   title: 'Training',
 *   xLabel: 'step',
 *   yLabel: 'cross-entropy',
 *   series: [{ name: 'train', x: [0, 100, 200], y: [2.3, 0.6, 0.4] }],
 * });
 * svg.match(/<desc>.*<\/desc>/)?.[0];
 * // => <desc>cross-entropy against step. train: from 2.3 to 0.4 in 3 points</desc>
 */
export function lineChart(chart: LineChart): string {
  const { title, xLabel, yLabel, series, width = 720, height = 440, points = [] } = chart;
  const frame = frameOf(chart, width, height);
  const { left, right, top, bottom } = frame;
  const lines = series.map(({ x, y }) => thinned(positions(frame, x, y)));
  const places = points.map(({ x, y, label }) => ({ x: toX(frame, x), y: toY(frame, y), label }));
  const shown = places.filter(({ x, y }) => !Number.isNaN(x + y));
  const isEmpty = lines.flat().length + shown.length === 0;
  const centered = { class: 'soft', 'text-anchor': 'middle' };
  return picture(
    { width, height, title: title || `${yLabel} against ${xLabel}`, description: description(chart) },
    text(left, 32, title, { 'font-size': 17, 'font-weight': 600 }),
    ...legend(series, lines, left, title === '' ? 30 : 57),
    text(left, top - 12, yLabel, { class: 'soft' }),
    grid(frame),
    text((left + right) / 2, height - 16, xLabel, centered),
    ...lines.map((runs, i) => line(series[i]!.name, runs, i, right - left)),
    ...marks(frame, shown, lines.flat(2)),
    text((left + right) / 2, (top + bottom) / 2, isEmpty ? 'no data' : '', centered),
  );
}

/** The rectangle that the lines are drawn in, in pixels, and the scales at its edges. */
interface Frame extends Box {
  readonly x: Scale;
  readonly y: Scale;
}

/** What is left of the picture beside its words. */
function frameOf(chart: LineChart, width: number, height: number): Frame {
  const { title, xLabel, yLabel, series, points = [], logY = false } = chart;
  const all = [...series, { x: points.map(({ x }) => x), y: points.map(({ y }) => y) }];
  const top = 16 + (title === '' ? 0 : 26) + (series.length > 1 ? 25 : 0) + (yLabel === '' ? 10 : 24);
  const bottom = height - (xLabel === '' ? 34 : 58);
  const right = width - 28;
  const y = scaleOf(values(all, 'y'), { count: (bottom - top) / 52, log: logY, nice: true });
  const left = 22 + Math.max(...y.ticks.map(({ label }) => textWidth(label, 12)));
  const x = scaleOf(values(all, 'x'), { count: (right - left) / 96 });
  return { left, right, top, bottom, x, y };
}

function* values(all: readonly Pick<Series, 'x' | 'y'>[], axis: 'x' | 'y'): Generator<number> {
  for (const one of all) yield* Array.from(one[axis]);
}

const toX = ({ x, left, right }: Frame, value: number) => left + x.at(value) * (right - left);
const toY = ({ y, top, bottom }: Frame, value: number) => bottom - y.at(value) * (bottom - top);

function* positions(frame: Frame, x: ArrayLike<number>, y: ArrayLike<number>): Generator<Position> {
  const count = Math.min(x.length, y.length);
  for (let i = 0; i < count; i++) yield { x: toX(frame, x[i]!), y: toY(frame, y[i]!) };
}

function grid(frame: Frame): string {
  const { left, right, bottom, x, y } = frame;
  const words = { class: 'soft', 'font-size': 12 };
  const rows = y.ticks.map(({ value, label }) => {
    const at = toY(frame, value);
    const rule = { class: 'rule', d: `M${short(left)} ${short(at)}H${short(right)}` };
    return (
      element('path', { ...rule, opacity: label === '' ? 0.5 : undefined }) +
      text(left - 8, at + 4, label, { ...words, 'text-anchor': 'end' })
    );
  });
  const columns = x.ticks.map(({ value, label }) => {
    const at = toX(frame, value);
    const tick = element('path', { class: 'faint', d: `M${short(at)} ${short(bottom)}v5` });
    return tick + text(at, bottom + 20, label, { ...words, 'text-anchor': 'middle' });
  });
  const axis = element('path', { class: 'faint', d: `M${short(left)} ${short(bottom)}H${short(right)}` });
  return element('g', { fill: 'none' }, ...rows, axis, ...columns);
}

type Runs = readonly (readonly Position[])[];

/** The names of the series in a row, each beside a bit of its line or one of its dots; one alone is named by the axis. */
function legend(series: readonly Series[], lines: readonly Runs[], left: number, y: number): string[] {
  if (series.length < 2) return [];
  let at = left;
  return series.map(({ name }, i) => {
    const start = at;
    at += 24 + textWidth(name) + 20;
    const isDotted = lines[i]!.length > 0 && lines[i]!.every((run) => run.length === 1);
    const key = isDotted ? dot({ x: start + 9, y: y - 4 }, i) : dash({ x: start, y: y - 4 }, i);
    return key + text(start + 24, y, name);
  });
}

const dot = ({ x, y }: Position, i: number) => element('circle', { class: fill(i), cx: x, cy: y, r: 3.5 });

const dash = ({ x, y }: Position, i: number) =>
  element('path', { class: seriesClass(i), d: `M${short(x)} ${short(y)}h18`, 'stroke-width': 2.5 });

/** The runs of a line: points that stand alone are dots. A line that goes up and down all the time is drawn thin. */
function line(name: string, runs: Runs, i: number, width: number): string {
  const stroke = element('path', {
    class: seriesClass(i),
    d: runs.map(pathOf).join(''),
    fill: 'none',
    'stroke-width': lengthOf(runs) > 5 * width ? 1.1 : 1.75,
    'stroke-linejoin': 'round',
    'stroke-linecap': 'round',
  });
  const lone = runs.filter((run) => run.length === 1).flat();
  return element(
    'g',
    {},
    element('title', {}, escaped(name)),
    stroke,
    ...lone.map((position) => dot(position, i)),
  );
}

const lengthOf = (runs: Runs) =>
  runs
    .flatMap((run) => run.slice(1).map(({ x, y }, i) => Math.hypot(x - run[i]!.x, y - run[i]!.y)))
    .reduce(add, 0);

const add = (a: number, b: number) => a + b;

const pathOf = (run: readonly Position[]) =>
  run.length === 1 ? '' : `M${run.map(({ x, y }) => `${short(x)} ${short(y)}`).join('L')}`;

/** The chart in a sentence or two, for those who do not see it. */
function description({ xLabel, yLabel, series }: LineChart): string {
  const parts = series.map(({ name, y }) => {
    const finite = Array.from(y).filter(Number.isFinite);
    const ends = finite.length === 0 ? 'no data' : `from ${plain(finite[0]!)} to ${plain(finite.at(-1)!)}`;
    return `${name}: ${ends} in ${y.length} points`;
  });
  return [`${yLabel} against ${xLabel}`, ...parts].join('. ');
}
