// Elements picked by index, and their transpose: elements added to zeros at the places they were picked from.

import { allocate, type Data, dtypes } from './dtype.ts';
import { DTypeError, ShapeError } from './errors.ts';
import { apply, define } from './op.ts';
import { expectAxis, type Shape, sameShape, show, sizeOf } from './shape.ts';
import { internals, type Tensor } from './tensor.ts';

const { data } = internals;

/** For each element of the result, its place in the flattened input. */
export interface Places {
  readonly positions: Int32Array;
  readonly shape: Shape;
}

export const gatherOp = define<Places>({
  name: 'gather',
  doc: 'Elements picked by their places in the flattened input.',
  shape: (_, { shape }) => shape,
  kernel: ([x], shape, dtype, { positions }) => {
    const [from, out] = [data(x!), allocate(dtype, sizeOf(shape))];
    for (let i = 0; i < out.length; i++) out[i] = from[positions[i]!]!;
    return out;
  },
  vjp: (g, [x], _, { positions }) => [() => scatter(g, { positions, shape: x!.shape })],
  samples: [{ shapes: [[2, 2]], options: { positions: Int32Array.of(3, 0, 3), shape: [3] } }],
});

export const scatterOp = define<Places>({
  name: 'scatter',
  doc: 'Elements added to zeros at the given places; the transpose of gather.',
  shape: (_, { shape }) => shape,
  kernel: ([x], shape, dtype, { positions }) => {
    const [from, out] = [data(x!), allocate(dtype, sizeOf(shape))];
    for (let i = 0; i < positions.length; i++) out[positions[i]!]! += from[i]!;
    return out;
  },
  vjp: (g, [x], _, { positions }) => [() => gather(g, { positions, shape: x!.shape })],
  samples: [{ shapes: [[3]], options: { positions: Int32Array.of(3, 0, 3), shape: [2, 2] } }],
});

export const gather = (x: Tensor, places: Places): Tensor => apply(gatherOp, [x], places);
export const scatter = (x: Tensor, places: Places): Tensor => apply(scatterOp, [x], places);

export interface TakeOptions {
  readonly indices: Int32Array;
  readonly axis: number;
}

/** Outer × n × inner: the axis and what lies on both sides of it. */
const aroundAxis = (shape: Shape, axis: number) => ({
  outer: sizeOf(shape.slice(0, axis)),
  n: shape[axis]!,
  inner: sizeOf(shape.slice(axis + 1)),
});

/** The places of whole slices along an axis. */
function takePositions(shape: Shape, { indices, axis }: TakeOptions): Int32Array {
  const { outer, n, inner } = aroundAxis(shape, axis);
  const positions = new Int32Array(outer * indices.length * inner);
  let at = 0;
  for (let i = 0; i < outer; i++) {
    for (const index of indices) {
      for (let j = 0; j < inner; j++) positions[at++] = (i * n + index) * inner + j;
    }
  }
  return positions;
}

export const takeOp = define<TakeOptions>({
  name: 'take',
  doc: 'Whole slices along an axis, picked by index.',
  shape: ([x], { indices, axis }) => x!.shape.with(axis, indices.length),
  kernel: ([x], shape, dtype, { indices, axis }) => {
    const [from, out] = [data(x!), allocate(dtype, sizeOf(shape))];
    const { outer, n, inner } = aroundAxis(x!.shape, axis);
    let to = 0;
    for (let i = 0; i < outer; i++) {
      for (const index of indices) {
        const start = (i * n + index) * inner;
        out.set(from.subarray(start, start + inner), to);
        to += inner;
      }
    }
    return out;
  },
  vjp: (g, [x], _, options) => [
    () => scatter(g, { positions: takePositions(x!.shape, options), shape: x!.shape }),
  ],
  samples: [
    { shapes: [[3, 2]], options: { indices: Int32Array.of(2, 0, 2, 1), axis: 0 } },
    { shapes: [[2, 3]], options: { indices: Int32Array.of(1), axis: 1 } },
  ],
});

/** The integers of an index tensor or array, each from 0 up to, not including, n. */
export function expectIndices(op: string, indices: Tensor | ArrayLike<number>, n: number): Int32Array {
  const given = 'shape' in indices ? integers(op, indices) : indices;
  const isIndex = (index: number) => Number.isInteger(index) && index >= 0 && index < n;
  const wrong = Array.prototype.find.call(given, (index) => !isIndex(index));
  if (wrong === undefined) return Int32Array.from(given);
  throw new ShapeError(
    'ERR_SHAPE_INDEX',
    `Cannot take index ${wrong} in ${op}: indices are integers from 0 to ${n - 1}`,
  );
}

function integers(op: string, indices: Tensor): Data {
  if (dtypes[indices.dtype].kind === 'integer') return data(indices);
  throw new DTypeError(`Cannot use ${indices.dtype} as indices in ${op}: they must be int32 or uint8`);
}

/**
 * Slices along an axis, picked by their indices.
 *
 * @example
 * import { take, tensor } from '@leibniz/tensor';
 * take(tensor([[1, 2], [3, 4], [5, 6]]), [2, 0]).toArray(); // => [ [ 5, 6 ], [ 1, 2 ] ]
 */
export function take(x: Tensor, indices: Tensor | ArrayLike<number>, axis = 0): Tensor {
  const at = expectAxis('take', axis, x.ndim);
  return apply(takeOp, [x], { indices: expectIndices('take', indices, x.shape[at]!), axis: at });
}

/**
 * For each index the element at it along the axis; elsewhere the shapes of both agree.
 *
 * @example
 * import { takeAlongAxis, tensor } from '@leibniz/tensor';
 * const labels = tensor([[1], [0]], { dtype: 'int32' });
 * takeAlongAxis(tensor([[1, 2], [3, 4]]), labels, 1).toArray(); // => [ [ 2 ], [ 3 ] ]
 */
export function takeAlongAxis(x: Tensor, indices: Tensor, axis = -1): Tensor {
  const at = expectAxis('takeAlongAxis', axis, x.ndim);
  if (indices.ndim !== x.ndim || !sameShape(indices.shape.with(at, 0), x.shape.with(at, 0))) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot take ${show(indices.shape)} along axis ${at} of ${show(x.shape)}: the other axes must agree`,
    );
  }
  const { n, inner } = aroundAxis(x.shape, at);
  const count = indices.shape[at]!;
  const positions = expectIndices('takeAlongAxis', indices, n).map((index, i) => {
    const outer = Math.floor(i / (count * inner));
    return (outer * n + index) * inner + (i % inner);
  });
  return gather(x, { positions, shape: indices.shape });
}
