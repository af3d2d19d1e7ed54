import { LinalgError, ShapeError } from '../errors.ts';
import { neg, sub } from '../functions.ts';
import { matmul } from '../matmul.ts';
import { broadcastTo, reshape, spread, transpose } from '../movement.ts';
import { apply, define, floating, type Op } from '../op.ts';
import { broadcastShapes, show } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { eachMatrix, expectSquare, identity, type Matrix, regular, SQUARES } from './matrices.ts';

/** P A = L U with partial pivoting, L and U in one matrix; `order` are the rows of A in their new order. */
interface Factors {
  readonly lu: Matrix;
  readonly order: number[];
  /** The sign of the permutation. */
  readonly sign: number;
}

export function luOf(a: Matrix, n: number): Factors {
  const lu = a.slice();
  const order = Array.from({ length: n }, (_, i) => i);
  let sign = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(lu[i * n + k]!) > Math.abs(lu[pivot * n + k]!)) pivot = i;
    if (pivot !== k) {
      for (let j = 0; j < n; j++) [lu[k * n + j], lu[pivot * n + j]] = [lu[pivot * n + j]!, lu[k * n + j]!];
      [order[k], order[pivot]] = [order[pivot]!, order[k]!];
      sign = -sign;
    }
    const diagonal = lu[k * n + k]!;
    if (diagonal === 0) continue;
    for (let i = k + 1; i < n; i++) {
      const factor = lu[i * n + k]! / diagonal;
      lu[i * n + k] = factor;
      if (factor !== 0) for (let j = k + 1; j < n; j++) lu[i * n + j]! -= factor * lu[k * n + j]!;
    }
  }
  return { lu, order, sign };
}

function solved(a: Matrix, b: Matrix, n: number): Matrix {
  const { lu, order } = luOf(a, n);
  const m = n === 0 ? 0 : b.length / n;
  const x = new Float64Array(n * m);
  for (let k = 0; k < n; k++) {
    if (lu[k * n + k] !== 0) continue;
    throw new LinalgError(
      'ERR_LINALG_SINGULAR',
      `Cannot solve a system of ${n} equations: its matrix is singular (pivot ${k} is 0); use pinv for the least squares`,
    );
  }
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < n; i++) {
      let value = b[order[i]! * m + j]!;
      for (let k = 0; k < i; k++) value -= lu[i * n + k]! * x[k * m + j]!;
      x[i * m + j] = value;
    }
    for (let i = n - 1; i >= 0; i--) {
      let value = x[i * m + j]!;
      for (let k = i + 1; k < n; k++) value -= lu[i * n + k]! * x[k * m + j]!;
      x[i * m + j] = value / lu[i * n + i]!;
    }
  }
  return x;
}

// A X = B: dX = A⁻¹ (dB - dA X); dB = A⁻ᵀ G and dA = -dB Xᵀ.
export const solveOp: Op<undefined> = define<undefined>({
  name: 'solve',
  doc: 'The solution X of A X = B for square matrices A.',
  shape: ([, b]) => b!.shape,
  dtype: floating('solve'),
  kernel: ([a, b], shape, dtype) => {
    const n = expectSquare('solve', a!);
    return eachMatrix('solve', [a!, b!], shape, dtype, (a, b) => solved(a, b, n));
  },
  vjp: (g, [a], x) => {
    const byB = () => apply(solveOp, [transpose(a!), g], undefined);
    return [() => neg(matmul(byB(), transpose(x))), byB];
  },
  jvp: ([da, db], [a], x) => {
    const moved = da === undefined ? undefined : matmul(da, x);
    const right = moved === undefined ? db! : db === undefined ? neg(moved) : sub(db, moved);
    return apply(solveOp, [a!, right], undefined);
  },
  batch: ([a, b], [hasA, hasB], _, size) =>
    apply(solveOp, [spread(a!, hasA!, size), spread(b!, hasB!, size)], undefined),
  samples: () =>
    SQUARES.map((shape, i) => ({
      shapes: [shape, [...shape.slice(0, -1), (i % 3) + 1]],
      options: undefined,
      from: (a, b) => [regular(a!), b!],
    })),
});

/**
 * The solution x of a x = b for square matrices in the last two axes of a; b is a vector, or matrices.
 *
 * @throws LinalgError with ERR_LINALG_SINGULAR if a matrix has no inverse.
 *
 * @example
 * import { solve, tensor } from '@leibniz/tensor';
 * solve(tensor([[2, 0], [0, 4]]), tensor([2, 8])).toArray(); // => [ 1, 2 ]
 */
export function solve(a: Tensor, b: Tensor): Tensor {
  const n = expectSquare('solve', a);
  const isVector = b.ndim === 1;
  const right = isVector ? reshape(b, [b.size, 1]) : b;
  if (b.ndim === 0 || right.shape.at(-2) !== n) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot solve a x = b for a of ${show(a.shape)} and b of ${show(b.shape)}: b must have ${n} rows`,
    );
  }
  const batch = broadcastShapes('solve', a.shape.slice(0, -2), right.shape.slice(0, -2));
  const x = apply(
    solveOp,
    [broadcastTo(a, [...batch, n, n]), broadcastTo(right, [...batch, ...right.shape.slice(-2)])],
    undefined,
  );
  return isVector ? reshape(x, x.shape.slice(0, -1)) : x;
}

/**
 * The inverses of the matrices in the last two axes.
 *
 * @throws LinalgError with ERR_LINALG_SINGULAR if there is none.
 *
 * @example
 * import { inverse, tensor } from '@leibniz/tensor';
 * inverse(tensor([[2, 0], [0, 4]])).toArray(); // => [ [ 0.5, 0 ], [ 0, 0.25 ] ]
 */
export const inverse = (x: Tensor): Tensor => solve(x, identity(expectSquare('inverse', x), x));
