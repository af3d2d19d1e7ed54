import { concat } from '../concat.ts';
import { add, sub } from '../functions.ts';
import { matrixSizes } from '../manipulation.ts';
import { matmul } from '../matmul.ts';
import { transpose } from '../movement.ts';
import { apply, define, floating, type Op } from '../op.ts';
import { slice } from '../slice.ts';
import type { Tensor } from '../tensor.ts';
import { tril, triu } from '../triangle.ts';
import { eachMatrix, type Matrix, TALL } from './matrices.ts';
import { solve } from './solve.ts';

/** Q and R, stacked, of an m × n matrix with m ≥ n, by Householder's reflections with LAPACK's signs. */
function qrOf(a: Matrix, m: number, n: number): Matrix {
  const r = a.slice();
  const q = new Float64Array(m * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  const reflectors: { v: Float64Array; scale: number }[] = [];
  for (let k = 0; k < n; k++) {
    const v = new Float64Array(m);
    for (let i = k; i < m; i++) v[i] = r[i * n + k]!;
    const below = Math.hypot(...v.subarray(k + 1));
    const length = Math.hypot(v[k]!, below);
    if (below !== 0) v[k]! += v[k]! < 0 || Object.is(v[k], -0) ? -length : length;
    const norm = v.reduce((sum, x) => sum + x * x, 0);
    const reflector = { v, scale: below === 0 ? 0 : 2 / norm };
    reflect(r, reflector, k, m, n);
    for (let i = k + 1; i < m; i++) r[i * n + k] = 0;
    reflectors.push(reflector);
  }
  for (const [k, reflector] of [...reflectors.entries()].reverse()) reflect(q, reflector, k, m, n);
  return Float64Array.of(...q, ...r.subarray(0, n * n));
}

/** X - scale · v (vᵀ X), from row k on. */
function reflect(
  x: Matrix,
  { v, scale }: { v: Float64Array; scale: number },
  k: number,
  m: number,
  n: number,
): void {
  if (scale === 0) return;
  for (let j = 0; j < n; j++) {
    let dot = 0;
    for (let i = k; i < m; i++) dot += v[i]! * x[i * n + j]!;
    for (let i = k; i < m; i++) x[i * n + j]! -= scale * dot * v[i]!;
  }
}

function partsOf(y: Tensor, m: number, n: number) {
  const before = new Array<null>(y.ndim - 2).fill(null);
  return { q: slice(y, ...before, [null, m]), r: slice(y, ...before, [m, m + n]) };
}

/** B R⁻¹ and B R⁻ᵀ. */
const overR = (b: Tensor, r: Tensor): Tensor => transpose(solve(transpose(r), transpose(b)));
const overRt = (b: Tensor, r: Tensor): Tensor => transpose(solve(r, transpose(b)));

// With C = Qᵀ dA R⁻¹ and Ω the skew matrix that has the lower triangle of C: dQ = Q Ω + (I - Q Qᵀ) dA R⁻¹ and
// dR = (C - Ω) R. M. Seeger et al., "Auto-differentiating linear algebra" (2017).
export const qrOp: Op<undefined> = define<undefined>({
  name: 'qr',
  doc: 'Q and R of matrices with at least as many rows as columns, stacked.',
  shape: ([x]) => {
    const [m, n] = matrixSizes('qr', x!);
    return [...x!.shape.slice(0, -2), m + n, n];
  },
  dtype: floating('qr'),
  kernel: ([x], shape, dtype) => {
    const [m, n] = matrixSizes('qr', x!);
    return eachMatrix('qr', [x!], shape, dtype, (a) => qrOf(a, m, n));
  },
  vjp: (g, [x], y) => [
    () => {
      const [m, n] = matrixSizes('qr', x!);
      const { q, r } = partsOf(y, m, n);
      const { q: gq, r: gr } = partsOf(g, m, n);
      const inner = sub(matmul(r, transpose(triu(gr))), matmul(transpose(gq), q));
      const symmetric = add(tril(inner), transpose(tril(inner, { k: -1 })));
      return overRt(add(gq, matmul(q, symmetric)), r);
    },
  ],
  jvp: ([dx], [x], y) => {
    const [m, n] = matrixSizes('qr', x!);
    const { q, r } = partsOf(y, m, n);
    const moved = overR(dx!, r);
    const inner = matmul(transpose(q), moved);
    const lower = tril(inner, { k: -1 });
    const skew = sub(lower, transpose(lower));
    const dq = add(matmul(q, skew), sub(moved, matmul(q, inner)));
    return concat([dq, matmul(sub(inner, skew), r)], y.ndim - 2);
  },
  batch: ([x]) => apply(qrOp, [x!], undefined),
  samples: () =>
    TALL.map((shape) => ({
      shapes: [shape],
      options: undefined,
    })),
});

/**
 * The decomposition x = q · r of the matrices in the last two axes, q with orthonormal columns and r upper triangular.
 *
 * @example
 * import { qr, tensor } from '@leibniz/tensor';
 * const { q, r } = qr(tensor([[3, 1], [4, 2]], { dtype: 'float64' }));
 * q.matmul(r).sub(tensor([[3, 1], [4, 2]], { dtype: 'float64' })).abs().max().item() < 1e-15; // => true
 */
export function qr(x: Tensor): { readonly q: Tensor; readonly r: Tensor } {
  const [m, n] = matrixSizes('qr', x);
  if (m >= n) return partsOf(apply(qrOp, [x], undefined), m, n);
  const before = new Array<null>(x.ndim - 1).fill(null);
  const { q, r } = qr(slice(x, ...before, [null, m]));
  return { q, r: concat([r, matmul(transpose(q), slice(x, ...before, [m]))], x.ndim - 1) };
}
