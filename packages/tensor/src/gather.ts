// Rows picked by index, and their transpose: rows added to zeros at the places they were picked from. Whatever picks
// by index is one of these after a reshape.

import { allocate, dtypes } from './dtype.ts';
import { DTypeError, ShapeError } from './errors.ts';
import { add, mul } from './functions.ts';
import { reshape, spread } from './movement.ts';
import { apply, define, numeric, type Op } from './op.ts';
import { expectAxis, type Shape, sameShape, show, sizeOf } from './shape.ts';
import { roomFor } from './storage.ts';
import { internals, Tensor } from './tensor.ts';

const { data } = internals;

/** The type rule of what moves rows: that of the rows, whatever that of the indices. */
const dtypeOfRows = ([x]: readonly Tensor[]) => x!.dtype;

/** The numbers of the rows of a batch when all rows of the batch are counted through. */
function counted(indices: Tensor, isBatched: boolean, size: number, n: number): Tensor {
  const all = spread(indices, isBatched, size);
  const firsts = new Tensor(
    [size],
    'int32',
    Int32Array.from({ length: size }, (_, i) => i * n),
  );
  return add(all, reshape(firsts, [size, ...new Array<number>(all.ndim - 1).fill(1)]));
}

export const gatherOp: Op<undefined> = define<undefined>({
  name: 'gather',
  doc: 'Rows of the first axis, picked by their indices.',
  shape: ([x, indices]) => [...indices!.shape, ...x!.shape.slice(1)],
  dtype: dtypeOfRows,
  kernel: ([x, indices], shape, dtype) => {
    const [from, at, out] = [data(x!), data(indices!), roomFor(dtype, sizeOf(shape))];
    const row = sizeOf(x!.shape.slice(1));
    if (row === 1) for (let i = 0; i < at.length; i++) out[i] = from[at[i]!]!;
    else
      for (let i = 0; i < at.length; i++) out.set(from.subarray(at[i]! * row, (at[i]! + 1) * row), i * row);
    return out;
  },
  vjp: (g, [x, indices]) => [() => scatterAdd(g, indices!, x!.shape[0]!), undefined],
  jvp: 'linear',
  batch: ([x, indices], [hasRows, hasIndices], _, size) => {
    if (!hasRows) return gather(x!, indices!);
    const n = x!.shape[1]!;
    return gather(reshape(x!, [size * n, ...x!.shape.slice(2)]), counted(indices!, hasIndices!, size, n));
  },
  samples: () =>
    [
      { shapes: [[4]], indices: [{ shape: [3], of: [3, 0, 3] }] },
      { shapes: [[3, 2]], indices: [{ shape: [4], of: [2, 0, 2, 1] }] },
      { shapes: [[3, 2]], indices: [{ shape: [2, 2], of: [1, 1, 0, 2] }] },
      { shapes: [[2, 2, 2]], indices: [{ shape: [1], of: [1] }] },
      { shapes: [[3]], indices: [{ shape: [], of: [2] }] },
      { shapes: [[2, 0]], indices: [{ shape: [3], of: [0, 1, 1] }] },
      { shapes: [[2]], indices: [{ shape: [0], of: [] }] },
      { shapes: [[1]], indices: [{ shape: [2, 1], of: [0, 0] }] },
    ].map((sample) => ({ ...sample, options: undefined })),
});

export const scatterAddOp: Op<{ n: number }> = define<{ n: number }>({
  name: 'scatterAdd',
  doc: 'Rows added to zeros by their indices; the transpose of gather.',
  shape: ([rows, indices], { n }) => [n, ...rows!.shape.slice(indices!.ndim)],
  dtype: ([rows]) => (rows!.dtype === 'bool' ? 'bool' : numeric('scatterAdd')([rows!])),
  kernel: ([rows, indices], shape, dtype) => {
    const [from, at, out] = [data(rows!), data(indices!), allocate(dtype, sizeOf(shape))];
    const row = sizeOf(shape.slice(1));
    for (let i = 0; i < at.length; i++) {
      for (let j = 0; j < row; j++) out[at[i]! * row + j]! += from[i * row + j]!;
    }
    return out;
  },
  vjp: (g, [, indices]) => [() => gather(g, indices!), undefined],
  jvp: 'linear',
  batch: ([rows, indices], [hasRows, hasIndices], { n }, size) => {
    const sums = scatterAdd(spread(rows!, hasRows!, size), counted(indices!, hasIndices!, size, n), size * n);
    return reshape(sums, [size, n, ...sums.shape.slice(1)]);
  },
  samples: () => [
    { shapes: [[3]], indices: [{ shape: [3], of: [3, 0, 3] }], options: { n: 4 } },
    { shapes: [[2, 2]], indices: [{ shape: [2], of: [1, 1] }], options: { n: 3 } },
    { shapes: [[2, 2]], indices: [{ shape: [2, 2], of: [0, 1, 2, 1] }], options: { n: 3 } },
    { shapes: [[2, 2, 3]], indices: [{ shape: [2, 2], of: [0, 1, 0, 1] }], options: { n: 2 } },
    { shapes: [[]], indices: [{ shape: [], of: [1] }], options: { n: 2 } },
    { shapes: [[0]], indices: [{ shape: [0], of: [] }], options: { n: 2 } },
    { shapes: [[2, 0]], indices: [{ shape: [2], of: [0, 0] }], options: { n: 1 } },
    { shapes: [[4]], indices: [{ shape: [4], of: [0, 1, 2, 3] }], options: { n: 4 } },
  ],
});

/** Rows x[i] of the first axis, for each index i, which must be an integer from 0 below the length of the axis. */
export const gather = (x: Tensor, indices: Tensor): Tensor => apply(gatherOp, [x, indices], undefined);

/** n rows of zeros, to which those given are added at their indices. */
export const scatterAdd = (rows: Tensor, indices: Tensor, n: number): Tensor =>
  apply(scatterAddOp, [rows, indices], { n });

/** The elements of a tensor, or inside a transformation of all that it stands for. */
function allElements(x: Tensor): ArrayLike<number> {
  let inner = x;
  for (let trace = internals.trace(inner); trace !== undefined; trace = internals.trace(inner))
    inner = trace.inner;
  return data(inner);
}

/** Refuses what is not an integer from 0 up to, not including, n. */
export function checkIndices(op: string, indices: Tensor | ArrayLike<number>, n: number): void {
  if (indices instanceof Tensor && dtypes[indices.dtype].kind !== 'integer')
    throw new DTypeError(`Cannot use ${indices.dtype} as indices in ${op}: they must be int32 or uint8`);
  const given = indices instanceof Tensor ? allElements(indices) : indices;
  for (let i = 0; i < given.length; i++) {
    const index = given[i]!;
    if (index >= 0 && index < n && Number.isInteger(index)) continue;
    throw new ShapeError(
      'ERR_SHAPE_INDEX',
      `Cannot take index ${index} in ${op}: ${n === 0 ? 'there is nothing to take' : `indices are integers from 0 to ${n - 1}`}`,
    );
  }
}

/** Indices as a tensor of int32, each from 0 up to, not including, n. */
export function expectIndices(op: string, indices: Tensor | ArrayLike<number>, n: number): Tensor {
  checkIndices(op, indices, n);
  if (!(indices instanceof Tensor)) return new Tensor([indices.length], 'int32', Int32Array.from(indices));
  return indices.dtype === 'int32' ? indices : add(indices, new Tensor([], 'int32', Int32Array.of(0)));
}

/** Outer × n × inner: the axis and what lies on both sides of it. */
const aroundAxis = (shape: Shape, axis: number) => ({
  outer: sizeOf(shape.slice(0, axis)),
  n: shape[axis]!,
  inner: sizeOf(shape.slice(axis + 1)),
});

const integers = (shape: Shape, f: (i: number) => number): Tensor =>
  new Tensor(
    shape,
    'int32',
    Int32Array.from({ length: sizeOf(shape) }, (_, i) => f(i)),
  );

/**
 * Slices along an axis, picked by their indices; the axes of the indices take the place of the axis.
 *
 * @example
 * import { take, tensor } from '@leibniz/tensor';
 * take(tensor([[1, 2], [3, 4], [5, 6]]), [2, 0]).toArray(); // => [ [ 5, 6 ], [ 1, 2 ] ]
 */
export function take(x: Tensor, indices: Tensor | ArrayLike<number>, axis = 0): Tensor {
  const at = expectAxis('take', axis, x.ndim);
  const picked = expectIndices('take', indices, x.shape[at]!);
  const { outer, n } = aroundAxis(x.shape, at);
  const rows = reshape(x, [outer * n, ...x.shape.slice(at + 1)]);
  const firsts = integers([outer, ...picked.shape.map(() => 1)], (i) => i * n);
  const taken = gather(rows, outer === 1 ? picked : add(firsts, picked));
  return reshape(taken, x.shape.toSpliced(at, 1, ...picked.shape));
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
      `Cannot take ${show(indices.shape)} along axis ${at} of ${show(x.shape)}: the other axes must agree; broadcast the indices with broadcastTo`,
    );
  }
  const { n, inner } = aroundAxis(x.shape, at);
  const outer = integers([...x.shape.slice(0, at), ...x.shape.slice(at).map(() => 1)], (i) => i * n * inner);
  const last = integers(x.shape.slice(at + 1), (i) => i);
  const picked = mul(expectIndices('takeAlongAxis', indices, n), inner);
  return gather(reshape(x, [x.size]), add(add(picked, outer), last));
}
