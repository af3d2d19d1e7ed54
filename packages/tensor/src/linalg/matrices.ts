// Matrices in the last two axes, one after the other, in double precision whatever their type.

import { allocate, type Data, type DType } from '../dtype.ts';
import { LinalgError, ShapeError } from '../errors.ts';
import { add, mul } from '../functions.ts';
import { matrixSizes } from '../manipulation.ts';
import { matmul } from '../matmul.ts';
import { transpose } from '../movement.ts';
import { type Shape, show, sizeOf } from '../shape.ts';
import { internals, Tensor } from '../tensor.ts';

/** A matrix row by row. */
export type Matrix = Float64Array;

/** Refuses what is no square matrix; gives its size. */
export function expectSquare(op: string, x: Tensor): number {
  const [n, m] = matrixSizes(op, x);
  if (n === m) return n;
  throw new ShapeError(
    'ERR_SHAPE_MISMATCH',
    `Cannot take ${op} of matrices of ${show(x.shape)}: rows ${n} and columns ${m} must be equally many`,
  );
}

/** The results of a function of matrices, one after the other; all inputs hold equally many. */
export function eachMatrix(
  op: string,
  inputs: readonly Tensor[],
  shape: Shape,
  dtype: DType,
  f: (...matrices: Matrix[]) => ArrayLike<number>,
): Data {
  const out = allocate(dtype, sizeOf(shape));
  const stacks = inputs.map((x) => ({ data: internals.data(x), size: sizeOf(x.shape.slice(-2)) }));
  const count = sizeOf(inputs[0]!.shape.slice(0, -2));
  const step = count === 0 ? 0 : out.length / count;
  for (let i = 0; i < count; i++) {
    const matrices = stacks.map(({ data, size }) =>
      Float64Array.from(data.subarray(i * size, (i + 1) * size)),
    );
    if (!matrices.every((matrix) => matrix.every(Number.isFinite))) {
      throw new LinalgError(
        'ERR_LINALG_NOT_FINITE',
        `Cannot take ${op} of a matrix with elements that are not finite: look for NaN and infinities with isfinite`,
      );
    }
    out.set(f(...matrices), i * step);
  }
  return out;
}

/** The unit matrix, of the type of another tensor. */
export function identity(n: number, like: Tensor): Tensor {
  const data = allocate(like.dtype, n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = 1;
  return new Tensor([n, n], like.dtype, data);
}

/** The mean of matrices and their transposes. */
export const symmetrised = (x: Tensor): Tensor => mul(add(x, transpose(x)), 0.5);

/** Makes a sample positive definite. */
export const positiveDefinite = (x: Tensor): Tensor =>
  add(matmul(x, transpose(x)), mul(identity(x.shape.at(-1)!, x), 3));

/** Makes a sample far from singular. */
export const regular = (x: Tensor): Tensor => add(x, mul(identity(x.shape.at(-1)!, x), 6));

/** Shapes of square matrices that the tests try. */
export const SQUARES: readonly Shape[] = [
  [2, 2],
  [3, 3],
  [1, 1],
  [2, 2, 2],
  [0, 0],
  [0, 2, 2],
  [2, 1, 3, 3],
  [4, 4],
];

/** Shapes of matrices with at least as many rows as columns, for the samples of decompositions. */
export const TALL: readonly Shape[] = [
  [2, 2],
  [3, 2],
  [3, 3],
  [1, 1],
  [4, 2],
  [2, 3, 2],
  [0, 0],
  [0, 2, 2],
];
