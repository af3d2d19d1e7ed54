import { finfo } from '../dtypeInfo.ts';
import { add, neg, sub } from '../functions.ts';
import { matrixSizes } from '../manipulation.ts';
import { matmul } from '../matmul.ts';
import { transpose } from '../movement.ts';
import { apply, define, floating, type Op } from '../op.ts';
import type { Tensor } from '../tensor.ts';
import { eachMatrix, identity, type Matrix, TALL } from './matrices.ts';
import { svdOf } from './svd.ts';

interface Cutoff {
  /** Singular values up to this part of the largest count as 0. */
  readonly rtol: number;
}

/** V S⁻¹ Uᵀ, for m ≥ n. */
function pseudoInverse(a: Matrix, m: number, n: number, rtol: number): Matrix {
  const { u, s, v } = svdOf(a, m, n);
  const out = new Float64Array(n * m);
  for (let j = 0; j < n; j++) {
    if (s[j]! <= rtol * s[0]!) continue;
    for (let i = 0; i < n; i++) {
      const factor = v[i * n + j]! / s[j]!;
      for (let k = 0; k < m; k++) out[i * m + k]! += factor * u[k * n + j]!;
    }
  }
  return out;
}

// With E = dA, for A of constant rank: dP = -P E P + P Pᵀ Eᵀ (I - A P) + (I - P A) Eᵀ Pᵀ P. G. H. Golub and V. Pereyra,
// "The differentiation of pseudo-inverses" (1973).
export const pinvOp: Op<Cutoff> = define<Cutoff>({
  name: 'pinv',
  doc: 'Pseudo-inverses of matrices with at least as many rows as columns.',
  shape: ([x]) => {
    const [m, n] = matrixSizes('pinv', x!);
    return [...x!.shape.slice(0, -2), n, m];
  },
  dtype: floating('pinv'),
  kernel: ([x], shape, dtype, { rtol }) => {
    const [m, n] = matrixSizes('pinv', x!);
    return eachMatrix('pinv', [x!], shape, dtype, (a) => pseudoInverse(a, m, n, rtol));
  },
  vjp: (g, [x], p) => [
    () => {
      const [gt, pt] = [transpose(g), transpose(p)];
      const { outside, inside } = projections(x!, p);
      const direct = matmul(matmul(pt, g), pt);
      const byColumns = matmul(matmul(outside, gt), matmul(p, pt));
      const byRows = matmul(matmul(pt, p), matmul(gt, inside));
      return add(neg(direct), add(byColumns, byRows));
    },
  ],
  jvp: ([dx], [x], p) => {
    const [et, pt] = [transpose(dx!), transpose(p)];
    const { outside, inside } = projections(x!, p);
    const direct = matmul(matmul(p, dx!), p);
    const byColumns = matmul(matmul(p, pt), matmul(et, outside));
    const byRows = matmul(matmul(inside, et), matmul(pt, p));
    return add(neg(direct), add(byColumns, byRows));
  },
  batch: ([x], _, options) => apply(pinvOp, [x!], options),
  samples: () =>
    TALL.map((shape) => ({
      shapes: [shape],
      options: { rtol: 1e-13 },
    })),
});

/** I - A P and I - P A. */
const projections = (x: Tensor, p: Tensor) => ({
  outside: sub(identity(x.shape.at(-2)!, x), matmul(x, p)),
  inside: sub(identity(x.shape.at(-1)!, x), matmul(p, x)),
});

/**
 * The pseudo-inverses of the matrices in the last two axes (E. H. Moore, R. Penrose); singular values up to `rtol` times
 * the largest count as 0. The gradient is that among matrices of the same rank.
 *
 * @example
 * import { pinv, tensor } from '@leibniz/tensor';
 * pinv(tensor([[2, 0], [0, 0]])).toArray(); // => [ [ 0.5, 0 ], [ 0, 0 ] ]
 */
export function pinv(x: Tensor, { rtol }: { readonly rtol?: number } = {}): Tensor {
  const [m, n] = matrixSizes('pinv', x);
  floating('pinv')([x]);
  const cutoff = rtol ?? Math.max(m, n) * finfo(x).eps;
  if (m < n) return transpose(pinv(transpose(x), { rtol: cutoff }));
  return apply(pinvOp, [x], { rtol: cutoff });
}
