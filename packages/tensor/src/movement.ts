// The same elements in another shape, order or number, as views: nothing is copied where strides can say it.

import { ShapeError } from './errors.ts';
import { apply, define, promoted } from './op.ts';
import {
  broadcastShapes,
  broadcastStrides,
  expectAxis,
  expectShape,
  type Shape,
  sameShape,
  show,
  sizeOf,
  stridesOf,
} from './shape.ts';
import type { Literal, Permuted, Reshaped, Transposed } from './shapeTypes.ts';
import { internals, type Tensor } from './tensor.ts';

const { strided } = internals;

export const reshapeOp = define<{ shape: Shape }>({
  name: 'reshape',
  doc: 'The same elements in another shape.',
  shape: (_, { shape }) => shape,
  dtype: promoted('reshape'),
  kernel: ([x], shape) => {
    const value = internals.elements(x!);
    if (ArrayBuffer.isView(value)) return value;
    const { data, strides, offset } = strided(x!);
    const found = reshapedStrides(x!.shape, strides, shape);
    return found === undefined ? internals.data(x!) : { data, shape, strides: found, offset };
  },
  vjp: (g, [x]) => [() => reshape(g, x!.shape)],
  jvp: 'linear',
  batch: ([x], _, { shape }, size) => reshape(x!, [size, ...shape]),
  samples: () => [
    { shapes: [[2, 3]], options: { shape: [3, 2] } },
    { shapes: [[2, 3]], options: { shape: [6] } },
    { shapes: [[4]], options: { shape: [2, 1, 2] } },
    { shapes: [[2, 1, 3]], options: { shape: [2, 3] } },
    { shapes: [[]], options: { shape: [1, 1] } },
    { shapes: [[1]], options: { shape: [] } },
    { shapes: [[0, 2]], options: { shape: [0] } },
    { shapes: [[2, 2]], options: { shape: [2, 2] } },
  ],
});

/** Strides that read the same elements in another shape; undefined where only a copy can be read so. */
function reshapedStrides(from: Shape, strides: readonly number[], to: Shape): number[] | undefined {
  if (sizeOf(from) === 0) return stridesOf(to);
  const axes = from.flatMap((n, axis) => (n === 1 ? [] : [{ n, stride: strides[axis]! }]));
  const found = new Array<number>(to.length).fill(0);
  let axis = to.length - 1;
  // From the end, runs of axes of both shapes that hold equally many elements.
  for (let last = axes.length - 1; last >= 0; last--) {
    let held = axes[last]!.n;
    const { stride } = axes[last]!;
    let made = 1;
    let first = last;
    while (axis >= 0 && made < held) {
      found[axis] = stride * made;
      made *= to[axis]!;
      axis--;
      while (made > held) {
        first--;
        if (first < 0 || axes[first]!.stride !== axes[first + 1]!.stride * axes[first + 1]!.n)
          return undefined;
        held *= axes[first]!.n;
      }
    }
    last = first;
  }
  return found;
}

/**
 * The same elements in another shape; one length may be -1 and is then found.
 *
 * @example
 * import { arange, reshape } from '@leibniz/tensor';
 * reshape(arange(6), [2, -1]).toArray(); // => [ [ 0, 1, 2 ], [ 3, 4, 5 ] ]
 */
export function reshape<const S extends Shape>(x: Tensor, shape: S): Tensor<Reshaped<S>> {
  const known = sizeOf(shape.filter((n) => n !== -1));
  const full = shape.map((n) => (n === -1 ? x.size / Math.max(known, 1) : n));
  if (
    shape.filter((n) => n === -1).length > 1 ||
    full.some((n) => !Number.isInteger(n)) ||
    sizeOf(full) !== x.size
  ) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot reshape ${show(x.shape)} to ${show(shape)}: it has ${x.size} elements; one length may be -1 and is then found`,
    );
  }
  return apply(reshapeOp, [x], { shape: expectShape(full) }) as Tensor<Reshaped<S>>;
}

/** A batch of tensors with axes of length 1 put behind its first axis, so that its rank is the given one. */
export const ranked = (x: Tensor, rank: number): Tensor =>
  reshape(x, [x.shape[0]!, ...new Array<number>(rank - x.ndim).fill(1), ...x.shape.slice(1)]);

export const permuteDimsOp = define<{ axes: readonly number[] }>({
  name: 'permuteDims',
  doc: 'Axes in another order.',
  shape: ([x], { axes }) => axes.map((axis) => x!.shape[axis]!),
  dtype: promoted('permuteDims'),
  kernel: ([x], shape, _, { axes }) => {
    const { data, strides, offset } = strided(x!);
    return { data, shape, strides: axes.map((axis) => strides[axis]!), offset };
  },
  vjp: (g, _, __, { axes }) => [
    () =>
      permuteDims(
        g,
        axes.map((_, axis) => axes.indexOf(axis)),
      ),
  ],
  jvp: 'linear',
  batch: ([x], _, { axes }) => permuteDims(x!, [0, ...axes.map((axis) => axis + 1)]),
  samples: () => [
    { shapes: [[2, 3]], options: { axes: [1, 0] } },
    { shapes: [[2, 3]], options: { axes: [0, 1] } },
    { shapes: [[2, 3, 2]], options: { axes: [2, 0, 1] } },
    { shapes: [[2, 3, 2]], options: { axes: [1, 2, 0] } },
    { shapes: [[1, 2, 1, 3]], options: { axes: [3, 1, 0, 2] } },
    { shapes: [[0, 2]], options: { axes: [1, 0] } },
    { shapes: [[3]], options: { axes: [0] } },
    { shapes: [[]], options: { axes: [] } },
  ],
});

/**
 * Axes in another order, by default the reverse.
 *
 * @example
 * import { permuteDims, zeros } from '@leibniz/tensor';
 * permuteDims(zeros([2, 3, 4]), [2, 0, 1]).shape; // => [ 4, 2, 3 ]
 */
export function permuteDims<S extends Shape, const Order extends readonly number[] = number[]>(
  x: Tensor<S>,
  axes?: Order,
): Tensor<Permuted<S, Order>> {
  const wanted = axes ?? x.shape.map((_, axis) => x.ndim - 1 - axis);
  const order = wanted.map((axis) => expectAxis('permuteDims', axis, x.ndim));
  if (order.length === x.ndim && new Set(order).size === x.ndim)
    return apply(permuteDimsOp, [x], { axes: order }) as Tensor<Permuted<S, Order>>;
  throw new ShapeError(
    'ERR_SHAPE_AXIS',
    `Cannot permute the axes of ${show(x.shape)} to [${wanted}]: each axis must be named once`,
  );
}

/**
 * The last two axes exchanged.
 *
 * @example
 * import { tensor, transpose } from '@leibniz/tensor';
 * transpose(tensor([[1, 2], [3, 4]])).toArray(); // => [ [ 1, 3 ], [ 2, 4 ] ]
 */
export function transpose<S extends Shape>(x: Tensor<S>): Tensor<Transposed<S>> {
  const axes = x.shape.map((_, axis) => axis);
  if (x.ndim < 2)
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      `Cannot transpose ${show(x.shape)}: it has ${x.ndim} axes, and 2 are needed`,
    );
  return permuteDims(x as Tensor, [...axes.slice(0, -2), x.ndim - 1, x.ndim - 2]) as Tensor<Transposed<S>>;
}

export const broadcastToOp = define<{ shape: Shape }>({
  name: 'broadcastTo',
  doc: 'Repeated along new axes and axes of length 1.',
  shape: ([x], { shape }) => {
    if (sameShape(broadcastShapes('broadcastTo', x!.shape, shape), shape)) return shape;
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot broadcast ${show(x!.shape)} to ${show(shape)}: only axes of length 1 can be repeated; put new ones in with expandDims`,
    );
  },
  dtype: promoted('broadcastTo'),
  kernel: ([x], shape) => {
    const { data, strides, offset } = strided(x!);
    return { data, shape, strides: broadcastStrides(x!.shape, shape, strides), offset };
  },
  vjp: (g) => [() => g],
  jvp: 'linear',
  batch: ([x], _, { shape }, size) => broadcastTo(ranked(x!, shape.length + 1), [size, ...shape]),
  samples: () => [
    { shapes: [[3]], options: { shape: [2, 3] } },
    { shapes: [[2, 1]], options: { shape: [2, 3] } },
    { shapes: [[]], options: { shape: [2] } },
    { shapes: [[]], options: { shape: [] } },
    { shapes: [[1]], options: { shape: [3] } },
    { shapes: [[2, 3]], options: { shape: [2, 3] } },
    { shapes: [[1, 2, 1]], options: { shape: [3, 2, 2] } },
    { shapes: [[1]], options: { shape: [0] } },
  ],
});

/**
 * Repeated along new axes in front and along axes of length 1.
 *
 * @example
 * import { broadcastTo, tensor } from '@leibniz/tensor';
 * broadcastTo(tensor([1, 2]), [2, 2]).toArray(); // => [ [ 1, 2 ], [ 1, 2 ] ]
 */
export const broadcastTo = <const S extends Shape>(x: Tensor, shape: S): Tensor<Literal<S>> =>
  apply(broadcastToOp, [x], { shape: expectShape(shape) }) as Tensor<Literal<S>>;

/** A whole batch of a tensor: itself if it is one, else as often as needed. */
export const spread = (x: Tensor, isBatched: boolean, size: number): Tensor =>
  isBatched ? x : broadcastTo(x, [size, ...x.shape]);
