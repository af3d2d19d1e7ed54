// Marked places of a chart, and the search for room for their names.
import { element, text, textWidth } from './svg.ts';

/** A place in pixels. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Mark extends Position {
  readonly label?: string | undefined;
}

type Anchor = 'start' | 'middle' | 'end';

/** Where a name may stand, relative to its place, the best first. */
const PLACES: readonly { readonly anchor: Anchor; readonly dx: number; readonly dy: number }[] = [
  { anchor: 'middle', dx: 0, dy: -13 },
  { anchor: 'start', dx: 10, dy: -8 },
  { anchor: 'end', dx: -10, dy: -8 },
  { anchor: 'middle', dx: 0, dy: 22 },
  { anchor: 'start', dx: 10, dy: 18 },
  { anchor: 'end', dx: -10, dy: 18 },
  { anchor: 'middle', dx: 0, dy: -33 },
  { anchor: 'start', dx: 10, dy: -28 },
  { anchor: 'end', dx: -10, dy: -28 },
];

/** The marks with their names, each where it hides least of the names, the marks and the lines (`curve`). */
export function marks(frame: Box, all: readonly Mark[], curve: readonly Position[]): string[] {
  const taken = all.map(({ x, y }) => ({ left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 }));
  return all.map((mark) => {
    const { x, y, label } = mark;
    const dot = element('circle', { class: 'ink halo', cx: x, cy: y, r: 5, 'stroke-width': 2 });
    if (label === undefined) return dot;
    const boxes = PLACES.map(({ anchor, dx, dy }) => boxOf(label, x + dx, y + dy, anchor));
    const costs = boxes.map((box, i) => cost(box, frame, taken, curve) + i);
    const best = costs.indexOf(Math.min(...costs));
    const { anchor, dx, dy } = PLACES[best]!;
    taken.push(boxes[best]!);
    return dot + name(x + dx, y + dy, label, anchor);
  });
}

function boxOf(words: string, x: number, baseline: number, anchor: Anchor): Box {
  const width = textWidth(words);
  const left = x - { start: 0, middle: width / 2, end: width }[anchor];
  return { left, right: left + width, top: baseline - 12, bottom: baseline + 4 };
}

/** Leaving the frame or covering a name is worse than any covering of lines. */
function cost(box: Box, frame: Box, taken: readonly Box[], curve: readonly Position[]): number {
  const isOutside =
    box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom;
  const covered = taken.filter((other) => overlaps(box, other)).length;
  const hidden = curve.filter(({ x, y }) => overlaps(box, { left: x, right: x, top: y, bottom: y })).length;
  return (isOutside ? 1e6 : 0) + covered * 1e5 + hidden;
}

const overlaps = (a: Box, b: Box) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const name = (x: number, y: number, words: string, anchor: Anchor) =>
  text(x, y, words, {
    class: 'ink halo',
    'text-anchor': anchor,
    'stroke-width': 4,
    'stroke-linejoin': 'round',
    'paint-order': 'stroke',
  });
