// Axes added, removed, moved and reversed; tensors repeated, rolled and taken apart: views and joins of the primitives.

import { concat } from './concat.ts';
import { allocate } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { take } from './gather.ts';
import { broadcastTo, permuteDims, reshape } from './movement.ts';
import { type Axes, broadcastShapes, expectAxes, expectAxis, type Shape, show, sizeOf } from './shape.ts';
import { type AxisPart, embed, slice, sliceParts } from './slice.ts';
import { type Range, Tensor } from './tensor.ts';

/**
 * An axis of length 1 put in at a place, or several.
 *
 * @example
 * import { expandDims, zeros } from '@leibniz/tensor';
 * expandDims(zeros([2, 3]), 1).shape; // => [ 2, 1, 3 ]
 */
export function expandDims(x: Tensor, axis: number | readonly number[] = 0): Tensor {
  const axes = [axis].flat();
  const at = expectAxes('expandDims', axes, x.ndim + axes.length);
  const lengths = [...x.shape];
  return reshape(
    x,
    Array.from({ length: x.ndim + axes.length }, (_, place) => (at.includes(place) ? 1 : lengths.shift()!)),
  );
}

/** Axes of length 1 removed: those named, or all of length 1. */
export function squeeze(x: Tensor, axis?: Axes): Tensor {
  const axes =
    axis === undefined
      ? x.shape.flatMap((n, at) => (n === 1 ? [at] : []))
      : expectAxes('squeeze', axis, x.ndim);
  const long = axes.find((at) => x.shape[at] !== 1);
  if (long === undefined)
    return reshape(
      x,
      x.shape.filter((_, at) => !axes.includes(at)),
    );
  throw new ShapeError(
    'ERR_SHAPE_MISMATCH',
    `Cannot squeeze axis ${long} of ${show(x.shape)}: its length is ${x.shape[long]}, not 1; take an index with slice`,
  );
}

/**
 * Axes moved to other places; the others keep their order.
 *
 * @example
 * import { moveaxis, zeros } from '@leibniz/tensor';
 * moveaxis(zeros([2, 3, 4]), 0, -1).shape; // => [ 3, 4, 2 ]
 */
export function moveaxis(
  x: Tensor,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  const [from, to] = [source, destination].map((axes) =>
    [axes].flat().map((axis) => expectAxis('moveaxis', axis, x.ndim)),
  ) as [number[], number[]];
  if (from.length !== to.length || new Set(from).size !== from.length || new Set(to).size !== to.length) {
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      `Cannot move the axes [${from}] of ${show(x.shape)} to [${to}]: each must be named once, in both lists`,
    );
  }
  const rest = x.shape.flatMap((_, axis) => (from.includes(axis) ? [] : [axis]));
  return permuteDims(
    x,
    x.shape.map((_, place) => (to.includes(place) ? from[to.indexOf(place)]! : rest.shift()!)),
  );
}

/** Two axes exchanged. */
export function swapaxes(x: Tensor, first: number, second: number): Tensor {
  const [a, b] = [expectAxis('swapaxes', first, x.ndim), expectAxis('swapaxes', second, x.ndim)];
  return permuteDims(
    x,
    x.shape.map((_, axis) => (axis === a ? b : axis === b ? a : axis)),
  );
}

/**
 * The elements in reverse order along axes, by default all.
 *
 * @example
 * import { flip, tensor } from '@leibniz/tensor';
 * flip(tensor([[1, 2], [3, 4]]), 1).toArray(); // => [ [ 2, 1 ], [ 4, 3 ] ]
 */
export function flip(x: Tensor, axis?: Axes): Tensor {
  const axes = expectAxes('flip', axis, x.ndim);
  return sliceParts(
    x,
    x.shape.map((count, at) =>
      axes.includes(at) ? { start: count - 1, step: -1, count } : { start: 0, step: 1, count },
    ),
  );
}

/**
 * Elements moved on along axes; those that leave at the end enter at the start. Without axes, as one row.
 *
 * @example
 * import { roll, tensor } from '@leibniz/tensor';
 * roll(tensor([1, 2, 3, 4]), 1).toArray(); // => [ 4, 1, 2, 3 ]
 */
export function roll(x: Tensor, shift: number | readonly number[], axis?: Axes): Tensor {
  if (axis === undefined) return reshape(roll(reshape(x, [x.size]), shift, 0), x.shape);
  const axes = [axis].flat().map((at) => expectAxis('roll', at, x.ndim));
  const shifts = [shift].flat();
  if (shifts.length !== 1 && shifts.length !== axes.length) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot roll ${axes.length} axes by ${shifts.length} shifts: give one, or one for each axis`,
    );
  }
  return axes.reduce((y, at, i) => {
    const n = y.shape[at]!;
    const period = Math.max(n, 1);
    const by = (((shifts[i] ?? shifts[0]!) % period) + period) % period;
    const before = new Array<null>(at).fill(null);
    return concat([slice(y, ...before, [n - by]), slice(y, ...before, [null, n - by])], at);
  }, x);
}

/**
 * Each element so many times, along an axis or as one row.
 *
 * @example
 * import { repeat, tensor } from '@leibniz/tensor';
 * repeat(tensor([1, 2]), 2).toArray(); // => [ 1, 1, 2, 2 ]
 * repeat(tensor([1, 2]), [3, 1]).toArray(); // => [ 1, 1, 1, 2 ]
 */
export function repeat(x: Tensor, repeats: number | readonly number[] | Tensor, axis?: number): Tensor {
  if (axis === undefined) return repeat(reshape(x, [x.size]), repeats, 0);
  const at = expectAxis('repeat', axis, x.ndim);
  const n = x.shape[at]!;
  const given = repeats instanceof Tensor ? [...repeats.dataSync()] : [repeats].flat();
  const counts = given.length === 1 ? new Array<number>(n).fill(given[0]!) : given;
  if (counts.length !== n || counts.some((count) => !Number.isInteger(count) || count < 0)) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot repeat the ${n} elements along axis ${at} of ${show(x.shape)} by [${given}]: give one count, or one for each, from 0`,
    );
  }
  return take(
    x,
    counts.flatMap((count, i) => new Array<number>(count).fill(i)),
    at,
  );
}

/**
 * The tensor so many times side by side along each axis.
 *
 * @example
 * import { tensor, tile } from '@leibniz/tensor';
 * tile(tensor([1, 2]), [2, 2]).toArray(); // => [ [ 1, 2, 1, 2 ], [ 1, 2, 1, 2 ] ]
 */
export function tile(x: Tensor, repetitions: readonly number[]): Tensor {
  if (repetitions.some((count) => !Number.isInteger(count) || count < 0)) {
    throw new ShapeError(
      'ERR_SHAPE_INVALID',
      `Cannot tile ${show(x.shape)} by [${repetitions}]: repetitions are integers from 0`,
    );
  }
  const rank = Math.max(x.ndim, repetitions.length);
  const padded = <T>(list: readonly T[], filler: T): T[] => [
    ...new Array<T>(rank - list.length).fill(filler),
    ...list,
  ];
  const [shape, counts] = [padded(x.shape, 1), padded(repetitions, 1)];
  const between = reshape(
    x,
    shape.flatMap((n) => [1, n]),
  );
  const repeated = broadcastTo(
    between,
    shape.flatMap((n, axis) => [counts[axis]!, n]),
  );
  return reshape(
    repeated,
    shape.map((n, axis) => n * counts[axis]!),
  );
}

/** The slices along an axis, one by one. */
export function unstack(x: Tensor, axis = 0): Tensor[] {
  const at = expectAxis('unstack', axis, x.ndim);
  const before = new Array<null>(at).fill(null);
  return Array.from({ length: x.shape[at]! }, (_, i) => slice(x, ...before, i));
}

/** Tensors broadcast to the shape that all have in common. */
export function broadcastArrays(...tensors: readonly Tensor[]): Tensor[] {
  const shape = tensors.reduce<Shape>((shape, x) => broadcastShapes('broadcastArrays', shape, x.shape), []);
  return tensors.map((x) => broadcastTo(x, shape));
}

/** Coordinates of a grid: each of the vectors varies along its own axis, `xy` with the first two exchanged. */
export function meshgrid(
  vectors: readonly Tensor[],
  { indexing = 'xy' }: { indexing?: 'xy' | 'ij' } = {},
): Tensor[] {
  const lengths = vectors.map((x) => {
    if (x.ndim === 1) return x.size;
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      `Cannot make a grid of ${show(x.shape)} in meshgrid: coordinates are vectors`,
    );
  });
  return vectors.map((x, axis) => {
    const line = lengths.map((_, at) => (at === axis ? x.size : 1));
    const grid = broadcastTo(reshape(x, line), lengths);
    return indexing === 'xy' && vectors.length > 1 ? swapaxes(grid, 0, 1) : grid;
  });
}

/**
 * A border put around a tensor: for each axis how much before and behind; of zeros, or of another number.
 *
 * @example
 * import { pad, tensor } from '@leibniz/tensor';
 * pad(tensor([1, 2]), [[1, 2]]).toArray(); // => [ 0, 1, 2, 0, 0 ]
 */
export function pad(
  x: Tensor,
  widths: readonly (readonly [before: number, behind: number])[],
  value = 0,
): Tensor {
  if (widths.length !== x.ndim || widths.flat().some((n) => !Number.isInteger(n) || n < 0)) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot pad ${show(x.shape)} by ${JSON.stringify(widths)}: give [before, behind] for each of its ${x.ndim} axes, from 0`,
    );
  }
  const shape = x.shape.map((n, axis) => n + widths[axis]![0] + widths[axis]![1]);
  const parts = x.shape.map((count, axis): AxisPart => ({ start: widths[axis]![0], step: 1, count }));
  if (value === 0) return embed(x, parts, shape);
  const filler = (lengths: Shape) =>
    new Tensor(lengths, x.dtype, allocate(x.dtype, sizeOf(lengths)).fill(value));
  return x.shape.reduce<Tensor>((y, _, axis) => {
    const around = widths[axis]!.map((n) => filler(y.shape.with(axis, n)));
    return concat([around[0]!, y, around[1]!], axis);
  }, x);
}

/**
 * The diagonals of the matrices in the last two axes; `offset` counts columns to the right of the main one.
 *
 * @example
 * import { diagonal, tensor } from '@leibniz/tensor';
 * diagonal(tensor([[1, 2], [3, 4]])).toArray(); // => [ 1, 4 ]
 */
export function diagonal(x: Tensor, { offset = 0 }: { offset?: number } = {}): Tensor {
  const [n, m] = matrixSizes('diagonal', x);
  const [down, right] = [Math.max(0, -offset), Math.max(0, offset)];
  const count = Math.max(0, Math.min(n - down, m - right));
  const rows: Range[] = [...new Array<null>(x.ndim - 2).fill(null)];
  const part = slice(x, ...rows, [down, down + count], [right, right + count]);
  const front = x.shape.slice(0, -2);
  const flat = reshape(part, [...front, count * count]);
  return slice(flat, ...rows, [null, null, count + 1]);
}

export function matrixSizes(op: string, x: Tensor): [rows: number, columns: number] {
  if (x.ndim >= 2) return x.shape.slice(-2) as [number, number];
  throw new ShapeError(
    'ERR_SHAPE_AXIS',
    `Cannot take ${show(x.shape)} as a matrix in ${op}: at least 2 axes are needed`,
  );
}
