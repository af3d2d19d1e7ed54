import { ShapeError } from './errors.ts';

export type Shape = readonly number[];

/** The number of elements. This and the next are asked several times by every operation: plain loops are fastest. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis]!;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

export const show = (shape: Shape): string => `[${shape.join(', ')}]`;

/** Elements from one index to the next along each axis, in row-major order. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** Whether elements with these strides lie row by row, without gaps. */
export function isRowMajor(shape: Shape, strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 0) return true;
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

/** The lengths of a shape: integers from 0 whose product is a safe integer. */
export function expectShape(shape: Shape): Shape {
  if (shape.every((n) => Number.isInteger(n) && n >= 0) && Number.isSafeInteger(sizeOf(shape)))
    return [...shape];
  throw new ShapeError(
    'ERR_SHAPE_INVALID',
    `Cannot make a tensor of shape ${show(shape)}: lengths are integers from 0`,
  );
}

/** The shape that both broadcast to: aligned at the end, lengths must agree or one of them be 1. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (b.length === 0 || sameShape(a, b)) return a;
  if (a.length === 0) return b;
  const rank = Math.max(a.length, b.length);
  const lengthAt = (shape: Shape, axis: number) => shape[axis - rank + shape.length] ?? 1;
  return Array.from({ length: rank }, (_, axis) => {
    const [n, m] = [lengthAt(a, axis), lengthAt(b, axis)];
    if (n === m || m === 1) return n;
    if (n === 1) return m;
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot broadcast ${show(a)} and ${show(b)} in ${op}: lengths ${n} and ${m} differ at axis ${axis - rank}; reshape one so that they agree or one of them is 1`,
    );
  });
}

/** The strides that read an array of shape `from` as one of shape `to`: repeated axes stand still. */
export function broadcastStrides(
  from: Shape,
  to: Shape,
  strides: readonly number[] = stridesOf(from),
): number[] {
  const missing = to.length - from.length;
  return to.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : strides[axis - missing]!));
}

/** An axis counted from the start; negative ones count from the end. */
export function expectAxis(op: string, axis: number, rank: number): number {
  if (Number.isInteger(axis) && axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  const allowed = rank === 0 ? 'it has no axes' : `axes are ${-rank} to ${rank - 1}`;
  throw new ShapeError(
    'ERR_SHAPE_AXIS',
    `Cannot take axis ${axis} of a tensor of rank ${rank} in ${op}: ${allowed}`,
  );
}

/** One axis, several, or all. */
export type Axes = number | readonly number[] | undefined;

/** Distinct axes in ascending order. */
export function expectAxes(op: string, axes: Axes, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const found = [axes].flat().map((axis) => expectAxis(op, axis, rank));
  if (new Set(found).size === found.length) return found.sort((a, b) => a - b);
  throw new ShapeError(
    'ERR_SHAPE_AXIS',
    `Cannot take the axes [${axes}] in ${op}: an axis is named twice; name each once`,
  );
}

/** The place of each element of a strided part, in row-major order. */
export function positionsOf(shape: Shape, strides: readonly number[], offset: number): Int32Array {
  let positions = Int32Array.of(offset);
  for (const [axis, n] of shape.entries()) {
    const next = new Int32Array(positions.length * n);
    for (let i = 0; i < next.length; i++) next[i] = positions[Math.floor(i / n)]! + (i % n) * strides[axis]!;
    positions = next;
  }
  return positions;
}
