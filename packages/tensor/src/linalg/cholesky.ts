import { LinalgError } from '../errors.ts';
import { mul, sub } from '../functions.ts';
import { matmul } from '../matmul.ts';
import { transpose } from '../movement.ts';
import { apply, define, floating, type Op } from '../op.ts';
import type { Tensor } from '../tensor.ts';
import { tril } from '../triangle.ts';
import {
  eachMatrix,
  expectSquare,
  identity,
  type Matrix,
  positiveDefinite,
  SQUARES,
  symmetrised,
} from './matrices.ts';
import { solve } from './solve.ts';

function choleskyOf(a: Matrix, n: number): Matrix {
  const l = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let value = a[i * n + j]!;
      for (let k = 0; k < j; k++) value -= l[i * n + k]! * l[j * n + k]!;
      if (i > j) l[i * n + j] = value / l[j * n + j]!;
      else if (value > 0) l[j * n + j] = Math.sqrt(value);
      else {
        throw new LinalgError(
          'ERR_LINALG_NOT_POSITIVE_DEFINITE',
          `Cannot take cholesky of a ${n} × ${n} matrix: it is not positive definite (pivot ${j} is ${value}); add a multiple of the unit matrix`,
        );
      }
    }
  }
  return l;
}

/** The lower triangle, with half the diagonal. */
const halved = (x: Tensor): Tensor => sub(tril(x), mul(mul(x, identity(x.shape.at(-1)!, x)), 0.5));

// A = L Lᵀ: dL = L Φ(L⁻¹ dA L⁻ᵀ), Φ taking the lower triangle with half the diagonal. I. Murray, "Differentiation of the
// Cholesky decomposition" (2016).
export const choleskyOp: Op<undefined> = define<undefined>({
  name: 'cholesky',
  doc: 'The lower triangular factor of positive definite matrices, which are taken to be symmetric.',
  shape: ([x]) => x!.shape,
  dtype: floating('cholesky'),
  kernel: ([x], shape, dtype) => {
    const n = expectSquare('cholesky', x!);
    return eachMatrix('cholesky', [x!], shape, dtype, (a) => choleskyOf(a, n));
  },
  vjp: (g, _, l) => [
    () => {
      const inner = halved(matmul(transpose(l), g));
      // L⁻ᵀ Φ(Lᵀ G) L⁻¹
      const left = solve(transpose(l), inner);
      return symmetrised(transpose(solve(transpose(l), transpose(left))));
    },
  ],
  jvp: ([dx], _, l) => {
    const left = solve(l, symmetrised(dx!));
    return matmul(l, halved(transpose(solve(l, transpose(left)))));
  },
  batch: ([x]) => apply(choleskyOp, [x!], undefined),
  samples: () =>
    SQUARES.map((shape) => ({ shapes: [shape], options: undefined, from: (x) => [positiveDefinite(x!)] })),
});

/**
 * The lower triangular l with x = l lᵀ, for symmetric positive definite matrices in the last two axes: only their lower
 * triangles are looked at. With `upper`, lᵀ.
 *
 * @throws LinalgError with ERR_LINALG_NOT_POSITIVE_DEFINITE.
 *
 * @example
 * import { cholesky, tensor } from '@leibniz/tensor';
 * cholesky(tensor([[4, 2], [2, 5]])).toArray(); // => [ [ 2, 0 ], [ 1, 2 ] ]
 */
export function cholesky(x: Tensor, { upper = false }: { readonly upper?: boolean } = {}): Tensor {
  expectSquare('cholesky', x);
  const l = apply(choleskyOp, [x], undefined);
  return upper ? transpose(l) : l;
}
