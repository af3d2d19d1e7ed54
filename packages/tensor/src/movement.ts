// The same elements in another shape, order or number.

import { copyStrided } from '@leibniz/kernels';
import { allocate, type Data } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { apply, define } from './op.ts';
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
import { internals, type Tensor } from './tensor.ts';

const { data } = internals;

export const reshapeOp = define<{ shape: Shape }>({
  name: 'reshape',
  doc: 'The same elements in another shape.',
  shape: (_, { shape }) => shape,
  kernel: ([x]) => data(x!),
  vjp: (g, [x]) => [() => reshape(g, x!.shape)],
  samples: [
    { shapes: [[2, 3]], options: { shape: [3, 2] } },
    { shapes: [[]], options: { shape: [1, 1] } },
    { shapes: [[0, 2]], options: { shape: [0] } },
  ],
});

/**
 * The same elements in another shape; one length may be -1 and is then found.
 *
 * @example
 * import { arange, reshape } from '@leibniz/tensor';
 * reshape(arange(6), [2, -1]).toArray(); // => [ [ 0, 1, 2 ], [ 3, 4, 5 ] ]
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
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
  return apply(reshapeOp, [x], { shape: expectShape(full) });
}

export const permuteDimsOp = define<{ axes: readonly number[] }>({
  name: 'permuteDims',
  doc: 'Axes in another order.',
  shape: ([x], { axes }) => axes.map((axis) => x!.shape[axis]!),
  kernel: ([x], _, __, { axes }) => permuted(x!, axes),
  vjp: (g, _, __, { axes }) => [
    () =>
      permuteDims(
        g,
        axes.map((_, axis) => axes.indexOf(axis)),
      ),
  ],
  samples: [
    { shapes: [[2, 3]], options: { axes: [1, 0] } },
    { shapes: [[2, 3, 2]], options: { axes: [2, 0, 1] } },
  ],
});

/** The elements of a tensor with its axes in another order. */
export function permuted(x: Tensor, axes: readonly number[]): Data {
  const strides = stridesOf(x.shape);
  const shape = axes.map((axis) => x.shape[axis]!);
  return copyStrided(
    allocate(x.dtype, x.size),
    data(x),
    shape,
    axes.map((axis) => strides[axis]!),
  );
}

/**
 * Axes in another order, by default the reverse.
 *
 * @example
 * import { permuteDims, zeros } from '@leibniz/tensor';
 * permuteDims(zeros([2, 3, 4]), [2, 0, 1]).shape; // => [ 4, 2, 3 ]
 */
export function permuteDims(
  x: Tensor,
  axes: readonly number[] = x.shape.map((_, axis) => x.ndim - 1 - axis),
): Tensor {
  const order = axes.map((axis) => expectAxis('permuteDims', axis, x.ndim));
  if (order.length === x.ndim && new Set(order).size === x.ndim)
    return apply(permuteDimsOp, [x], { axes: order });
  throw new ShapeError(
    'ERR_SHAPE_AXIS',
    `Cannot permute the axes of ${show(x.shape)} to [${axes}]: each axis must be named once`,
  );
}

/**
 * The last two axes exchanged.
 *
 * @example
 * import { tensor, transpose } from '@leibniz/tensor';
 * transpose(tensor([[1, 2], [3, 4]])).toArray(); // => [ [ 1, 3 ], [ 2, 4 ] ]
 */
export function transpose(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  if (x.ndim < 2)
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      `Cannot transpose ${show(x.shape)}: it has ${x.ndim} axes, and 2 are needed`,
    );
  return permuteDims(x, [...axes.slice(0, -2), x.ndim - 1, x.ndim - 2]);
}

export const broadcastToOp = define<{ shape: Shape }>({
  name: 'broadcastTo',
  doc: 'Repeated along new axes and axes of length 1.',
  shape: ([x], { shape }) => {
    if (sameShape(broadcastShapes('broadcastTo', x!.shape, shape), shape)) return shape;
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot broadcast ${show(x!.shape)} to ${show(shape)}: only axes of length 1 can be repeated`,
    );
  },
  kernel: ([x], shape, dtype) =>
    copyStrided(allocate(dtype, sizeOf(shape)), data(x!), shape, broadcastStrides(x!.shape, shape)),
  vjp: (g) => [() => g],
  samples: [
    { shapes: [[3]], options: { shape: [2, 3] } },
    { shapes: [[2, 1]], options: { shape: [2, 3] } },
    { shapes: [[]], options: { shape: [2] } },
  ],
});

/**
 * Repeated along new axes in front and along axes of length 1.
 *
 * @example
 * import { broadcastTo, tensor } from '@leibniz/tensor';
 * broadcastTo(tensor([1, 2]), [2, 2]).toArray(); // => [ [ 1, 2 ], [ 1, 2 ] ]
 */
export const broadcastTo = (x: Tensor, shape: Shape): Tensor =>
  apply(broadcastToOp, [x], { shape: expectShape(shape) });
