import { type Arc, type Place, placed } from './layers.ts';
import { element, picture, series, short, text, textWidth } from './svg.ts';

/** What a node of a computation graph is: it decides over its shape and colour. */
export type NodeKind = 'input' | 'parameter' | 'operation' | 'output';

export interface GraphNode {
  readonly id: string;
  /** Lines after the first are set smaller: a shape, say, or a value. */
  readonly label: string;
  readonly kind?: NodeKind;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphOptions {
  /** Where the edges lead; to the right by default. */
  readonly direction?: 'right' | 'down';
  readonly title?: string;
}

/**
 * A drawing of a directed acyclic graph, such as a computation, as an SVG document.
 *
 * @example
 * import { graphSvg } from '@leibniz/trainer/chart';
 *
 * const svg = graphSvg({
 *   nodes: [
 *     { id: 'x', label: 'x', kind: 'input' },
 *     { id: 'y', label: 'sin', kind: 'operation' },
 *   ],
 *   edges: [{ from: 'x', to: 'y' }],
 * });
 * svg.includes('>sin</text>'); // => true
 *
 * graphSvg({ nodes: [{ id: 'x', label: 'x' }], edges: [{ from: 'x', to: 'x' }] });
 * // throws RangeError: Cannot draw a graph with a cycle: x -> x
 */
export function graphSvg(
  { nodes, edges }: Graph,
  { direction = 'right', title = '' }: GraphOptions = {},
): string {
  const isRight = direction === 'right';
  const boxes = nodes.map(boxOf);
  const items = boxes.map(({ id, width, height }) =>
    isRight ? { id, length: width, breadth: height } : { id, length: height, breadth: width },
  );
  const longest = Math.max(0, ...edges.map(({ label = '' }) => textWidth(label, 12)));
  const along = isRight ? Math.max(44, longest + 36) : 52;
  const { places, bends, length, breadth } = placed(items, arcsOf(nodes, edges), { along, across: 22 });
  const at = ({ along, across }: Place): Point =>
    isRight ? [along + MARGIN, across + top] : [across + MARGIN, along + top];
  const top = title === '' ? MARGIN : MARGIN + 32;
  const [width, height] = isRight ? [length, breadth] : [breadth, length];
  const size = { width: Math.max(width, textWidth(title, 17)) + 2 * MARGIN, height: height + top + MARGIN };
  const index = new Map(nodes.map(({ id }, i) => [id, i]));
  const ends = (id: string, side: number) =>
    end(boxes[index.get(id)!]!, at(places[index.get(id)!]!), side, isRight);
  return picture(
    { ...size, title: title || 'A graph', description: description(nodes, edges) },
    text(MARGIN, 34, title, { 'font-size': 17, 'font-weight': 600 }),
    ...edges.map((edge, i) => {
      const stops = [ends(edge.from, 1), ...bends[i]!.map(at), ends(edge.to, -1)];
      return arrow(stops, edge.label ?? '', isRight);
    }),
    ...boxes.map((box, i) => drawn(box, at(places[i]!))),
  );
}

const MARGIN = 20;

type Point = readonly [x: number, y: number];

interface Box {
  readonly id: string;
  readonly kind: NodeKind | undefined;
  readonly lines: readonly string[];
  readonly width: number;
  readonly height: number;
}

const LINE = 17;
const SMALL = 11.5;

function boxOf({ id, label, kind }: GraphNode): Box {
  const lines = label.split('\n');
  const widths = lines.map((line, i) => textWidth(line, i === 0 ? 13 : SMALL));
  return {
    id,
    kind,
    lines,
    width: Math.max(40, ...widths.map((width) => width + 26)),
    height: 15 + LINE * lines.length,
  };
}

function arcsOf(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Arc[] {
  const index = new Map(nodes.map(({ id }, i) => [id, i]));
  if (index.size < nodes.length) throw new RangeError('Cannot draw a graph with two nodes of the same id');
  return edges.map(({ from, to }) => {
    const unknown = [from, to].find((id) => !index.has(id));
    if (unknown !== undefined)
      throw new RangeError(`Cannot draw an edge to a node that is not there: "${unknown}"`);
    return [index.get(from)!, index.get(to)!];
  });
}

/** Where the edges meet a box: the middle of the side that they leave (1) or come to (-1). */
function end({ width, height }: Box, [x, y]: Point, side: number, isRight: boolean): Point {
  return isRight ? [x + (side * width) / 2, y] : [x, y + (side * height) / 2];
}

/** A curve through the stops that is level at each, so that its head points straight at the box. */
function arrow(stops: readonly Point[], label: string, isRight: boolean): string {
  const head = 8;
  const [x, y] = stops.at(-1)!;
  const last: Point = isRight ? [x - head, y] : [x, y - head];
  const path = [...stops.slice(0, -1), last];
  const curves = path.slice(1).map((to, i) => curve(path[i]!, to, isRight));
  const tip = isRight
    ? `M${short(x)} ${short(y)}l${-head - 1} -4.5v9z`
    : `M${short(x)} ${short(y)}l-4.5 ${-head - 1}h9z`;
  const middle = Math.floor((path.length - 1) / 2);
  const [[x0, y0], [x1, y1]] = [path[middle]!, path[middle + 1]!];
  const words = isRight
    ? text((x0 + x1) / 2, (y0 + y1) / 2 - 6, label, { ...NOTE, 'text-anchor': 'middle' })
    : text((x0 + x1) / 2 + 7, (y0 + y1) / 2 + 4, label, NOTE);
  const start = `M${short(path[0]![0])} ${short(path[0]![1])}`;
  const stroke = element('path', {
    class: 'faint',
    d: start + curves.join(''),
    fill: 'none',
    'stroke-width': 1.4,
  });
  return stroke + element('path', { class: 'soft', d: tip }) + words;
}

const NOTE = {
  class: 'soft halo',
  'font-size': 12,
  'stroke-width': 4,
  'stroke-linejoin': 'round',
  'paint-order': 'stroke',
};

function curve([x0, y0]: Point, [x1, y1]: Point, isRight: boolean): string {
  const [a, b] = isRight
    ? [
        [(x0 + x1) / 2, y0],
        [(x0 + x1) / 2, y1],
      ]
    : [
        [x0, (y0 + y1) / 2],
        [x1, (y0 + y1) / 2],
      ];
  return `C${[...a!, ...b!, x1, y1].map(short).join(' ')}`;
}

/** Colours by kind; what has none is drawn in that of text. */
const COLORS: Readonly<Record<NodeKind, string>> = {
  input: series(0),
  parameter: series(1),
  operation: 'faint',
  output: series(2),
};

function drawn({ kind, lines, width, height }: Box, [x, y]: Point): string {
  const frame = element('rect', {
    class: `panel ${kind ? COLORS[kind] : 'faint'}`,
    x: x - width / 2,
    y: y - height / 2,
    width,
    height,
    rx: kind === 'operation' ? height / 2 : 5,
    'stroke-width': 1.6,
  });
  const words = lines.map((line, i) => {
    const baseline = y + LINE * (i - (lines.length - 1) / 2) + 4.5;
    const small = i === 0 ? {} : { class: 'soft', 'font-size': SMALL };
    return text(x, baseline, line, { 'text-anchor': 'middle', ...small });
  });
  return frame + words.join('');
}

/** The graph in words, for those who do not see it. */
function description(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): string {
  const names = new Map(nodes.map(({ id, label }) => [id, label.replaceAll('\n', ' ')]));
  const arrows = edges.map(({ from, to }) => `${names.get(from)} to ${names.get(to)}`);
  return `${nodes.length} nodes, ${edges.length} edges: ${arrows.join(', ')}`;
}
