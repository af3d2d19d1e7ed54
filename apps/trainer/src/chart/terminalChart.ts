import { plain, type Scale, scaleOf } from './scale.ts';

export interface TerminalChart {
  readonly title?: string;
  /** Columns and lines of the plot, without its axes. */
  readonly width?: number;
  readonly height?: number;
  readonly logY?: boolean;
  /** What the values stand at: the x of the first and of the last; by default 1 and their number. */
  readonly x?: readonly [first: number, last: number];
  readonly xLabel?: string;
}

/**
 * A curve for the terminal, drawn in the dots of Braille characters: two by four to a character. Where many values fall
 * on one column of dots, the column reaches from the lowest to the highest.
 *
 * @example
 * import { terminalChart } from '@leibniz/trainer/chart';
 *
 * const values = Array.from({ length: 100 }, (_, i) => 2 * Math.exp(-i / 25));
 * terminalChart(values, { width: 24, height: 4, title: 'loss', xLabel: 'step' });
 * // =>      loss
 * // => 2.0 ┤⠳⣄
 * // =>     │ ⠈⠓⢤⡀
 * // => 1.0 ┤    ⠈⠒⠦⢄⣀
 * // => 0.0 ┤         ⠉⠙⠒⠒⠒⠤⠤⠤⠤⠤⠤⢄⣀⣀⣀
 * // =>     └────────────────────────
 * // =>      1         step       100
 */
export function terminalChart(values: ArrayLike<number>, options: TerminalChart = {}): string {
  const { width = 64, height = 12, title, logY = false, x = [1, values.length], xLabel } = options;
  const scale = scaleOf(Array.from(values), { count: Math.max(3, height / 3), log: logY, nice: true });
  const rows = braille(dotted(values, scale, 2 * width, 4 * height), width, height);
  const labels = lineLabels(scale, height);
  const margin = Math.max(...[...labels.values()].map((label) => label.length));
  const lines = rows.map((row, i) => {
    const label = labels.get(i);
    return `${(label ?? '').padStart(margin)} ${label === undefined ? '│' : '┤'}${row}`;
  });
  const indent = ' '.repeat(margin + 1);
  return [
    ...(title === undefined ? [] : [`${indent} ${title}`]),
    ...lines,
    `${indent}└${'─'.repeat(width)}`,
    `${indent} ${xLine(values.length === 0 ? undefined : x, width, xLabel)}`,
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

type Dots = Readonly<{ columns: number; rows: number; isSet: Uint8Array }>;

/** The values joined by lines, as dots; a value that is not finite is a gap. */
function dotted(values: ArrayLike<number>, scale: Scale, columns: number, rows: number): Dots {
  const dots: Dots = { columns, rows, isSet: new Uint8Array(columns * rows) };
  const step = (columns - 1) / Math.max(1, values.length - 1);
  let previous: Dot | undefined;
  for (let i = 0; i < values.length; i++) {
    const at = scale.at(values[i]!);
    const dot: Dot | undefined = Number.isNaN(at) ? undefined : [i * step, (1 - at) * (rows - 1)];
    if (dot) join(dots, previous ?? dot, dot);
    previous = dot;
  }
  return dots;
}

type Dot = readonly [x: number, y: number];

function join({ columns, isSet }: Dots, [x0, y0]: Dot, [x1, y1]: Dot): void {
  const steps = Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1));
  for (let k = 0; k <= steps; k++) {
    const x = Math.round(x0 + ((x1 - x0) * k) / steps);
    const y = Math.round(y0 + ((y1 - y0) * k) / steps);
    isSet[y * columns + x] = 1;
  }
}

/** The bits of the eight dots of U+2800 to U+28FF, row by row. */
const BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

function braille({ columns, isSet }: Dots, width: number, height: number): string[] {
  const character = (row: number, column: number) => {
    let bits = 0;
    for (const [dy, pair] of BITS.entries()) {
      for (const [dx, bit] of pair.entries()) {
        if (isSet[(4 * row + dy) * columns + 2 * column + dx]) bits |= bit;
      }
    }
    return bits === 0 ? ' ' : String.fromCharCode(0x2800 + bits);
  };
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => character(row, column)).join(''),
  );
}

/** The labels of the vertical axis by the line that they stand in: every one, or every second … that has its own. */
function lineLabels(scale: Scale, height: number): Map<number, string> {
  const ticks = scale.ticks.filter(({ label }) => label !== '');
  const lineOf = (value: number) => Math.floor(Math.round((1 - scale.at(value)) * (4 * height - 1)) / 4);
  for (let every = 1; ; every++) {
    const chosen = ticks.filter((_, i) => i % every === 0);
    const labels = new Map(chosen.map(({ value, label }) => [lineOf(value), label]));
    if (labels.size === chosen.length) return labels;
  }
}

/** The line below the horizontal axis: its ends, and its name in the middle if there is room. */
function xLine(ends: readonly [number, number] | undefined, width: number, label = ''): string {
  if (!ends) return 'no data'.padStart((width + 7) / 2);
  const [first, last] = ends.map(plain) as [string, string];
  const room = width - first.length - last.length;
  if (label.length + 2 > room) return first.padEnd(width - last.length) + last;
  const before = Math.floor((width - label.length) / 2) - first.length;
  return `${first}${' '.repeat(Math.max(1, before))}${label}`.padEnd(width - last.length) + last;
}
