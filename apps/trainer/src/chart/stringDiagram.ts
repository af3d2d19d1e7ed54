import { type Diagram, typed } from './diagram.ts';
import { element, picture, series, short, text, textWidth } from './svg.ts';

/**
 * A string diagram as an SVG document, read from left to right: boxes are maps, wires are spaces, what follows is
 * composed, what stands one above the other acts side by side.
 *
 * @example
 * import { box, sequence, stringDiagram } from '@leibniz/trainer/chart';
 *
 * const net = sequence(
 *   box('W₁', ['784'], ['200']),
 *   box('relu', ['200'], ['200'], { linear: false }),
 *   box('W₂', ['200'], ['10']),
 * );
 * stringDiagram(net, { title: 'A two-layer network' }).match(/<desc>.*<\/desc>/)?.[0];
 * // => <desc>(W₁ ; relu ; W₂): 784 -&gt; 10</desc>
 */
export function stringDiagram(diagram: Diagram, { title = '' }: { readonly title?: string } = {}): string {
  const top = title === '' ? 16 : 52;
  const height = rowsOf(diagram) * ROW;
  const middle = top + height / 2;
  const left = MARGIN + stubOf(diagram.from);
  const right = left + widthOf(diagram);
  const width = right + stubOf(diagram.to) + MARGIN;
  return picture(
    {
      width: Math.max(width, textWidth(title, 17) + 2 * MARGIN),
      height: top + height + 16,
      title: title || 'A string diagram',
      description: typed(diagram),
    },
    text(MARGIN, 34, title, { 'font-size': 17, 'font-weight': 600 }),
    ...joint(MARGIN, left, ports(diagram, 'from', middle), ports(diagram, 'from', middle), diagram.from),
    ...drawn(diagram, left, right, middle),
    ...joint(right, width - MARGIN, ports(diagram, 'to', middle), ports(diagram, 'to', middle), diagram.to),
  );
}

const MARGIN = 16;
/** The height of a wire with what is written on it. */
const ROW = 42;
/** The least length of the wires between one map and the next. */
const JOINT = 40;
const DOT = 34;

const labelRoom = (wires: readonly string[]) => Math.max(0, ...wires.map((wire) => textWidth(wire, 12))) + 16;
const stubOf = (wires: readonly string[]) => Math.max(28, labelRoom(wires));
const jointOf = (wires: readonly string[]) => Math.max(JOINT, labelRoom(wires) + 8);

/** How many wires high a diagram is. */
function rowsOf({ from, to, shape }: Diagram): number {
  if (shape.kind === 'sequence') return Math.max(...shape.parts.map(rowsOf));
  if (shape.kind === 'parallel')
    return Math.max(
      1,
      shape.parts.map(rowsOf).reduce((a, b) => a + b, 0),
    );
  return Math.max(1, from.length, to.length);
}

/** How wide a diagram is at least. */
function widthOf({ shape }: Diagram): number {
  switch (shape.kind) {
    case 'box':
      return Math.max(46, textWidth(shape.label, 14) + 28);
    case 'wires':
      return 0;
    case 'swap':
      return 2 * DOT;
    case 'copy':
    case 'add':
      return DOT;
    case 'parallel':
      return Math.max(0, ...shape.parts.map(widthOf));
    case 'sequence':
      return shape.parts.reduce(
        (sum, part, i) => sum + widthOf(part) + (i === 0 ? 0 : jointOf(part.from)),
        0,
      );
  }
}

/** The heights at which wires come to a diagram, or leave it, that stands around `middle`. */
function ports(diagram: Diagram, side: 'from' | 'to', middle: number): number[] {
  const { shape } = diagram;
  if (shape.kind === 'parallel')
    return stacked(diagram, middle).flatMap(([part, at]) => ports(part, side, at));
  if (shape.kind === 'sequence') return ports(shape.parts.at(side === 'from' ? 0 : -1)!, side, middle);
  const count = diagram[side].length;
  return diagram[side].map((_, i) => middle + (i - (count - 1) / 2) * ROW);
}

/** The parts of a parallel diagram with the middle of each. */
function stacked({ shape }: Diagram, middle: number): [Diagram, number][] {
  const parts = shape.kind === 'parallel' ? shape.parts : [];
  let top = middle - (parts.map(rowsOf).reduce((a, b) => a + b, 0) * ROW) / 2;
  return parts.map((part) => {
    const at = top + (rowsOf(part) * ROW) / 2;
    top += rowsOf(part) * ROW;
    return [part, at];
  });
}

/** A diagram between `left` and `right`, to which its wires reach, around `middle`. */
function drawn(diagram: Diagram, left: number, right: number, middle: number): string[] {
  const { shape } = diagram;
  if (shape.kind === 'parallel') {
    return stacked(diagram, middle).flatMap(([part, at]) => drawn(part, left, right, at));
  }
  const width = shape.kind === 'wires' ? right - left : widthOf(diagram);
  const [start, end] = [(left + right - width) / 2, (left + right + width) / 2];
  const into = ports(diagram, 'from', middle);
  const out = ports(diagram, 'to', middle);
  return [
    ...into.map((y) => wire([left, y], [start, y])),
    ...out.map((y) => wire([end, y], [right, y])),
    ...(shape.kind === 'sequence'
      ? inSequence(shape.parts, start, middle)
      : node(diagram, start, end, middle)),
  ];
}

function inSequence(parts: readonly Diagram[], start: number, middle: number): string[] {
  let left = start;
  return parts.flatMap((part, i) => {
    const before = parts[i - 1];
    const gap = before ? jointOf(part.from) : 0;
    const ends = before
      ? joint(left, left + gap, ports(before, 'to', middle), ports(part, 'from', middle), part.from)
      : [];
    left += gap + widthOf(part);
    return [...ends, ...drawn(part, left - widthOf(part), left, middle)];
  });
}

type Point = readonly [x: number, y: number];

/** Wires from one map to the next, with what is written on them. */
function joint(
  left: number,
  right: number,
  from: readonly number[],
  to: readonly number[],
  labels: readonly string[],
): string[] {
  return labels.map((label, i) => {
    const [y0, y1] = [from[i]!, to[i]!];
    const words = text((left + right) / 2, Math.min(y0, y1) - 7, label, NOTE);
    return wire([left, y0], [right, y1]) + words;
  });
}

const NOTE = { class: 'soft', 'font-size': 12, 'text-anchor': 'middle' };

function wire([x0, y0]: Point, [x1, y1]: Point): string {
  if (x0 === x1) return '';
  const middle = (x0 + x1) / 2;
  const points = [x0, y0, middle, y0, middle, y1, x1, y1].map(short);
  const d =
    y0 === y1
      ? `M${points[0]} ${points[1]}H${points[6]}`
      : `M${points[0]} ${points[1]}C${points.slice(2).join(' ')}`;
  return element('path', { class: 'line', d, fill: 'none', 'stroke-width': 1.5 });
}

/** What stands between the wires that come and those that leave. */
function node(diagram: Diagram, left: number, right: number, middle: number): string[] {
  const { shape } = diagram;
  const [into, out] = [ports(diagram, 'from', middle), ports(diagram, 'to', middle)];
  const center: Point = [(left + right) / 2, middle];
  switch (shape.kind) {
    case 'box':
      return [boxed(shape.label, shape.isLinear, left, right, middle, rowsOf(diagram))];
    case 'wires':
      return into.map((y) => wire([left, y], [right, y]));
    case 'swap':
      return [wire([left, into[0]!], [right, out[1]!]), wire([left, into[1]!], [right, out[0]!])];
    case 'copy':
      return [
        wire([left, middle], center),
        ...out.map((y) => fan(center, [right, y])),
        dot(center, 4.5, 'ink'),
      ];
    case 'add':
      return [
        ...into.map((y) => fan(center, [left, y])),
        wire(center, [right, middle]),
        dot(center, 8, 'paper'),
        text(center[0], middle + 4.5, '+', { 'text-anchor': 'middle' }),
      ];
    default:
      return [];
  }
}

/** A wire from a dot, which it leaves upright, to a port, which it meets level. */
function fan([x0, y0]: Point, [x1, y1]: Point): string {
  const d = `M${short(x0)} ${short(y0)}Q${[x0, y1, x1, y1].map(short).join(' ')}`;
  return element('path', { class: 'line', d, fill: 'none', 'stroke-width': 1.5 });
}

const dot = ([cx, cy]: Point, r: number, fill: string) =>
  element('circle', { class: `${fill} line`, cx, cy, r, 'stroke-width': 1.5 });

function boxed(
  label: string,
  isLinear: boolean,
  left: number,
  right: number,
  middle: number,
  rows: number,
): string {
  const height = (rows - 1) * ROW + 32;
  const frame = element('rect', {
    class: `panel ${series(isLinear ? 0 : 1)}`,
    x: left,
    y: middle - height / 2,
    width: right - left,
    height,
    rx: isLinear ? 3 : 16,
    'stroke-width': 1.6,
  });
  return frame + text((left + right) / 2, middle + 5, label, { 'text-anchor': 'middle', 'font-size': 14 });
}
