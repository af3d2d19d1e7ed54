// Parts of a tensor as views, and their transpose: a part put into zeros.

import { allocate } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { reshape } from './movement.ts';
import { apply, define, promoted } from './op.ts';
import { positionsOf, type Shape, show, sizeOf, stridesOf } from './shape.ts';
import { internals, type Range, type Tensor } from './tensor.ts';

/** Of one axis, the indices start, start + step, … */
export interface AxisPart {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

type Parts = readonly AxisPart[];

const whole = (count: number): AxisPart => ({ start: 0, step: 1, count });
const countsOf = (parts: Parts): number[] => parts.map(({ count }) => count);

/** Where a part of elements with the given strides lies. */
const within = (parts: Parts, strides: readonly number[], offset: number) => ({
  shape: countsOf(parts),
  strides: parts.map(({ step }, axis) => step * strides[axis]!),
  offset: parts.reduce((sum, { start }, axis) => sum + start * strides[axis]!, offset),
});

export const sliceOp = define<{ parts: Parts }>({
  name: 'slice',
  doc: 'A part: of each axis the indices from a start in equal steps.',
  shape: (_, { parts }) => countsOf(parts),
  dtype: promoted('slice'),
  kernel: ([x], _, __, { parts }) => {
    const { data, strides, offset } = internals.strided(x!);
    return { data, ...within(parts, strides, offset) };
  },
  vjp: (g, [x], _, { parts }) => [() => embed(g, parts, x!.shape)],
  jvp: 'linear',
  batch: ([x], _, { parts }, size) => sliceParts(x!, [whole(size), ...parts]),
  samples: () => [
    { shapes: [[3, 4]], options: { parts: [{ start: 1, step: 1, count: 1 }, whole(4)] } },
    { shapes: [[3, 4]], options: { parts: [whole(3), { start: 1, step: 2, count: 2 }] } },
    { shapes: [[5]], options: { parts: [{ start: 4, step: -2, count: 3 }] } },
    { shapes: [[3, 2]], options: { parts: [{ start: 0, step: 1, count: 0 }, whole(2)] } },
    { shapes: [[2, 2, 3]], options: { parts: [whole(2), { start: 1, step: -1, count: 2 }, whole(3)] } },
    { shapes: [[2]], options: { parts: [whole(2)] } },
    { shapes: [[0]], options: { parts: [whole(0)] } },
    { shapes: [[]], options: { parts: [] } },
  ],
});

export const embedOp = define<{ parts: Parts; shape: Shape }>({
  name: 'embed',
  doc: 'A part put into zeros: the transpose of slice.',
  shape: (_, { shape }) => shape,
  dtype: promoted('embed'),
  kernel: ([x], shape, dtype, { parts }) => {
    const [from, out] = [internals.data(x!), allocate(dtype, sizeOf(shape))];
    const { strides, offset } = within(parts, stridesOf(shape), 0);
    const to = positionsOf(x!.shape, strides, offset);
    for (let i = 0; i < from.length; i++) out[to[i]!] = from[i]!;
    return out;
  },
  vjp: (g, _, __, { parts }) => [() => sliceParts(g, parts)],
  jvp: 'linear',
  batch: ([x], _, { parts, shape }, size) => embed(x!, [whole(size), ...parts], [size, ...shape]),
  samples: () => [
    { shapes: [[2]], options: { parts: [{ start: 1, step: 1, count: 2 }], shape: [4] } },
    { shapes: [[2]], options: { parts: [{ start: 3, step: -2, count: 2 }], shape: [4] } },
    { shapes: [[2, 1]], options: { parts: [whole(2), { start: 2, step: 1, count: 1 }], shape: [2, 3] } },
    { shapes: [[1, 2]], options: { parts: [{ start: 1, step: 1, count: 1 }, whole(2)], shape: [3, 2] } },
    { shapes: [[0]], options: { parts: [whole(0)], shape: [2] } },
    { shapes: [[3]], options: { parts: [whole(3)], shape: [3] } },
    { shapes: [[]], options: { parts: [], shape: [] } },
    { shapes: [[2, 2]], options: { parts: [whole(2), { start: 0, step: 2, count: 2 }], shape: [2, 4] } },
  ],
});

/** The part that the given indices of each axis make. */
export const sliceParts = (x: Tensor, parts: Parts): Tensor => apply(sliceOp, [x], { parts });

/** Zeros of the given shape with a part replaced by the tensor. */
export const embed = (x: Tensor, parts: Parts, shape: Shape): Tensor => apply(embedOp, [x], { parts, shape });

/** The indices that Python's slice picks of an axis of length n. */
export function partOf(range: Range, axis: number, n: number): AxisPart {
  if (typeof range === 'number') {
    if (Number.isInteger(range) && range >= -n && range < n)
      return { start: range < 0 ? range + n : range, step: 1, count: 1 };
    throw new ShapeError(
      'ERR_SHAPE_INDEX',
      `Cannot take index ${range} of axis ${axis}: ${n === 0 ? 'it has none' : `its indices are ${-n} to ${n - 1}`}`,
    );
  }
  const [from, to, step = 1] = range ?? [];
  if (!Number.isInteger(step) || step === 0) {
    throw new ShapeError(
      'ERR_SHAPE_INDEX',
      `Cannot slice axis ${axis} with step ${step}: it must be an integer other than 0`,
    );
  }
  const [least, most] = step > 0 ? [0, n] : [-1, n - 1];
  const bound = (at: number | null | undefined, absent: number) => {
    if (at === null || at === undefined) return absent;
    if (Number.isInteger(at) || Math.abs(at) === Number.POSITIVE_INFINITY)
      return Math.min(Math.max(at < 0 ? at + n : at, least), most);
    throw new ShapeError(
      'ERR_SHAPE_INDEX',
      `Cannot slice axis ${axis} at ${at}: bounds are integers, or null for the end of the axis`,
    );
  };
  const start = bound(from, step > 0 ? 0 : n - 1);
  const stop = bound(to, step > 0 ? n : -1);
  return { start, step, count: Math.max(0, Math.ceil((stop - start) / step)) };
}

/**
 * The part of a tensor that Python's x[…] would pick, an axis each; axes that are not named are taken whole. It is a
 * view: nothing is copied.
 *
 * @example
 * import { slice, tensor } from '@leibniz/tensor';
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * slice(x, 1).toArray(); // => [ 4, 5, 6 ]
 * slice(x, null, [null, null, -1]).toArray(); // => [ [ 3, 2, 1 ], [ 6, 5, 4 ] ]
 */
export function slice(x: Tensor, ...ranges: Range[]): Tensor {
  if (ranges.length > x.ndim) {
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      `Cannot slice ${ranges.length} axes of ${show(x.shape)}: it has ${x.ndim}`,
    );
  }
  const part = sliceParts(
    x,
    x.shape.map((n, axis) => partOf(ranges[axis] ?? null, axis, n)),
  );
  const kept = part.shape.filter((_, axis) => typeof ranges[axis] !== 'number');
  return kept.length === part.ndim ? part : reshape(part, kept);
}
