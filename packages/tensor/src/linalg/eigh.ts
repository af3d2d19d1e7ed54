import { concat } from '../concat.ts';
import { allocate } from '../dtype.ts';
import { LinalgError } from '../errors.ts';
import { add, mul, sub } from '../functions.ts';
import { diagonal } from '../manipulation.ts';
import { matmul } from '../matmul.ts';
import { reshape, transpose } from '../movement.ts';
import { apply, define, floating, type Op } from '../op.ts';
import { slice } from '../slice.ts';
import { Tensor } from '../tensor.ts';
import { eachMatrix, expectSquare, identity, type Matrix, SQUARES, symmetrised } from './matrices.ts';
import { quotient } from './svd.ts';

const SWEEPS = 60;

/** Eigenvalues and below them the eigenvectors as columns, by C. G. J. Jacobi's rotations (1846), row-cyclic. */
function eighOf(a: Matrix, n: number): Matrix {
  const w = a.slice();
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) w[j * n + i] = w[i * n + j]!;
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; ; sweep++) {
    let isDone = true;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = w[p * n + q]!;
        const [x, y] = [w[p * n + p]!, w[q * n + q]!];
        if (Math.abs(off) <= (Number.EPSILON / 4) * Math.sqrt(Math.abs(x * y)) || Math.abs(off) < 1e-300)
          continue;
        isDone = false;
        const theta = (y - x) / (2 * off);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(1, theta));
        const c = 1 / Math.hypot(1, t);
        rotateBoth(w, v, n, p, q, c, c * t);
      }
    }
    if (isDone) break;
    if (sweep === SWEEPS) {
      throw new LinalgError(
        'ERR_LINALG_NO_CONVERGENCE',
        `Cannot find the eigenvalues of a ${n} × ${n} matrix in ${SWEEPS} sweeps: scale it to magnitudes near 1`,
      );
    }
  }
  return ordered(w, v, n);
}

/** Jᵀ W J and V J for the rotation J of axes p and q. */
function rotateBoth(w: Matrix, v: Matrix, n: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const [a, b] = [w[k * n + p]!, w[k * n + q]!];
    w[k * n + p] = c * a - s * b;
    w[k * n + q] = s * a + c * b;
  }
  for (let k = 0; k < n; k++) {
    const [a, b] = [w[p * n + k]!, w[q * n + k]!];
    w[p * n + k] = c * a - s * b;
    w[q * n + k] = s * a + c * b;
    const [x, y] = [v[k * n + p]!, v[k * n + q]!];
    v[k * n + p] = c * x - s * y;
    v[k * n + q] = s * x + c * y;
  }
  w[p * n + q] = 0;
  w[q * n + p] = 0;
}

/** By rising eigenvalue; the largest component of each eigenvector is positive. */
function ordered(w: Matrix, v: Matrix, n: number): Matrix {
  const order = Array.from({ length: n }, (_, j) => j).sort((a, b) => w[a * n + a]! - w[b * n + b]! || a - b);
  const out = new Float64Array((n + 1) * n);
  for (const [to, from] of order.entries()) {
    out[to] = w[from * n + from]!;
    let top = 0;
    for (let i = 0; i < n; i++) if (Math.abs(v[i * n + from]!) > Math.abs(v[top * n + from]!)) top = i;
    const sign = v[top * n + from]! < 0 ? -1 : 1;
    for (let i = 0; i < n; i++) out[(i + 1) * n + to] = sign * v[i * n + from]!;
  }
  return out;
}

const row = (w: Tensor) => reshape(w, [...w.shape.slice(0, -1), 1, w.shape.at(-1)!]);
const column = (w: Tensor) => reshape(w, [...w.shape, 1]);

function partsOf(y: Tensor) {
  const before = new Array<null>(y.ndim - 2).fill(null);
  return { w: slice(y, ...before, 0), v: slice(y, ...before, [1]) };
}

/** x over w_j - w_i, and 0 on the diagonal. */
const divided = (x: Tensor, w: Tensor): Tensor =>
  quotient(mul(x, sub(1, identity(w.shape.at(-1)!, w))), sub(row(w), column(w)));

// With S = Vᵀ dA V: dw = diag S and dV = V (S / (w_j - w_i)), off the diagonal. Where eigenvalues are equal, eigenvectors
// have no derivative, and it is NaN or infinite; eigenvalues do.
export const eighOp: Op<undefined> = define<undefined>({
  name: 'eigh',
  doc: 'Eigenvalues and, below them, eigenvectors of symmetric matrices.',
  shape: ([x]) => x!.shape.with(-2, x!.shape.at(-1)! + 1),
  dtype: floating('eigh'),
  kernel: ([x], shape, dtype) => {
    const n = expectSquare('eigh', x!);
    return eachMatrix('eigh', [x!], shape, dtype, (a) => eighOf(a, n));
  },
  vjp: (g, _, y) => [
    () => {
      const { w, v } = partsOf(y);
      const { w: gw, v: gv } = partsOf(g);
      const vt = transpose(v);
      const inner = add(divided(matmul(vt, gv), w), mul(column(gw), identity(w.shape.at(-1)!, w)));
      return symmetrised(matmul(matmul(v, inner), vt));
    },
  ],
  jvp: ([dx], _, y) => {
    const { w, v } = partsOf(y);
    const inner = matmul(matmul(transpose(v), symmetrised(dx!)), v);
    return concat([row(diagonal(inner)), matmul(v, divided(inner, w))], y.ndim - 2);
  },
  batch: ([x]) => apply(eighOp, [x!], undefined),
  samples: () =>
    SQUARES.filter((shape) => shape.at(-1) !== 4)
      .concat([[2, 3, 3]])
      .map((shape) => ({ shapes: [shape], options: undefined, from: (x) => [distinct(x!)] })),
});

/** Makes a sample symmetric, with eigenvalues well apart. */
function distinct(x: Tensor): Tensor {
  const n = x.shape.at(-1)!;
  const data = allocate(x.dtype, n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = 5 * i - 4;
  return add(mul(symmetrised(x), 0.5), new Tensor([n, n], x.dtype, data));
}

export interface Eigen {
  /** In ascending order. */
  readonly eigenvalues: Tensor;
  /** As columns, in the same order, the largest component of each positive. */
  readonly eigenvectors: Tensor;
}

/**
 * Eigenvalues and eigenvectors of the symmetric matrices in the last two axes: only their lower triangles are looked at.
 *
 * @example
 * import { eigh, tensor } from '@leibniz/tensor';
 * eigh(tensor([[2, 0], [0, 1]])).eigenvalues.toArray(); // => [ 1, 2 ]
 */
export function eigh(x: Tensor): Eigen {
  expectSquare('eigh', x);
  const { w, v } = partsOf(apply(eighOp, [x], undefined));
  return { eigenvalues: w, eigenvectors: v };
}

/** The eigenvalues of symmetric matrices, in ascending order. */
export const eigvalsh = (x: Tensor): Tensor => eigh(x).eigenvalues;
