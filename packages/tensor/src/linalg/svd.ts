import { concat } from '../concat.ts';
import { allocate } from '../dtype.ts';
import { elementwise } from '../elementwise.ts';
import { GradientError, LinalgError } from '../errors.ts';
import { add, mul, square, sub } from '../functions.ts';
import { diagonal, matrixSizes } from '../manipulation.ts';
import { matmul } from '../matmul.ts';
import { reshape, transpose } from '../movement.ts';
import { apply, define, floating, type Op } from '../op.ts';
import { slice } from '../slice.ts';
import { Tensor } from '../tensor.ts';
import { eachMatrix, identity, type Matrix, TALL } from './matrices.ts';
import { qr } from './qr.ts';

const SWEEPS = 60;

interface Decomposition {
  /** m × n with orthonormal columns. */
  readonly u: Matrix;
  readonly s: Float64Array;
  /** n × n. */
  readonly v: Matrix;
}

/**
 * A = U S Vᵀ for m ≥ n by rotations of pairs of columns until all are orthogonal: M. R. Hestenes, "Inversion of
 * matrices by biorthogonalization" (1958). It finds small singular values to full relative accuracy.
 */
export function svdOf(a: Matrix, m: number, n: number): Decomposition {
  const w = a.slice();
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; ; sweep++) {
    let isDone = true;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        let [alpha, beta, gamma] = [0, 0, 0];
        for (let i = 0; i < m; i++) {
          const [x, y] = [w[i * n + p]!, w[i * n + q]!];
          alpha += x * x;
          beta += y * y;
          gamma += x * y;
        }
        if (Math.abs(gamma) <= Number.EPSILON * Math.sqrt(alpha * beta) || gamma === 0) continue;
        isDone = false;
        const zeta = (beta - alpha) / (2 * gamma);
        const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const c = 1 / Math.hypot(1, t);
        rotate(w, m, n, p, q, c, c * t);
        rotate(v, n, n, p, q, c, c * t);
      }
    }
    if (isDone) break;
    if (sweep === SWEEPS)
      throw new LinalgError(
        'ERR_LINALG_NO_CONVERGENCE',
        `Cannot find the singular values of a ${m} × ${n} matrix in ${SWEEPS} sweeps: scale it to magnitudes near 1`,
      );
  }
  return ordered(w, v, m, n);
}

function rotate(x: Matrix, rows: number, n: number, p: number, q: number, c: number, s: number): void {
  for (let i = 0; i < rows; i++) {
    const [a, b] = [x[i * n + p]!, x[i * n + q]!];
    x[i * n + p] = c * a - s * b;
    x[i * n + q] = s * a + c * b;
  }
}

/** Columns by falling length; each with its largest component in V positive, so that the result is one of its kind. */
function ordered(w: Matrix, v: Matrix, m: number, n: number): Decomposition {
  const lengths = Float64Array.from({ length: n }, (_, j) => {
    let sum = 0;
    let scale = 0;
    for (let i = 0; i < m; i++) scale = Math.max(scale, Math.abs(w[i * n + j]!));
    if (scale > 0) for (let i = 0; i < m; i++) sum += (w[i * n + j]! / scale) ** 2;
    return scale * Math.sqrt(sum);
  });
  const order = Array.from({ length: n }, (_, j) => j).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const [u, turned, s] = [new Float64Array(m * n), new Float64Array(n * n), new Float64Array(n)];
  const largest = lengths[order[0] ?? 0] ?? 0;
  for (const [to, from] of order.entries()) {
    let top = 0;
    for (let i = 0; i < n; i++) if (Math.abs(v[i * n + from]!) > Math.abs(v[top * n + from]!)) top = i;
    const sign = (v[top * n + from] ?? 1) < 0 ? -1 : 1;
    for (let i = 0; i < n; i++) turned[i * n + to] = sign * v[i * n + from]!;
    s[to] = lengths[from]!;
    const isTiny = s[to]! <= largest * Number.EPSILON * 1e-3;
    if (isTiny) completed(u, m, n, to);
    else for (let i = 0; i < m; i++) u[i * n + to] = (sign * w[i * n + from]!) / s[to]!;
  }
  return { u, s, v: turned };
}

/** Fills a column with a unit vector orthogonal to those before it. */
function completed(u: Matrix, m: number, n: number, column: number): void {
  for (let e = 0; e < m; e++) {
    const x = new Float64Array(m);
    x[e] = 1;
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < column; j++) {
        let dot = 0;
        for (let i = 0; i < m; i++) dot += u[i * n + j]! * x[i]!;
        for (let i = 0; i < m; i++) x[i]! -= dot * u[i * n + j]!;
      }
    }
    const length = Math.hypot(...x);
    if (length < 0.5 / Math.sqrt(m)) continue;
    for (let i = 0; i < m; i++) u[i * n + column] = x[i]! / length;
    return;
  }
}

/** a/b, 0/0 being 0: where a divisor vanishes, only a numerator that vanishes as well has a derivative. */
export const quotient = (a: Tensor, b: Tensor): Tensor =>
  elementwise(
    ($, a, b) => {
      const zero = $.int(0);
      return $.where($.equal(b, zero), $.where($.equal(a, zero), zero, $.div(a, zero)), $.div(a, b));
    },
    a,
    b,
  );

const column = (s: Tensor) => reshape(s, [...s.shape, 1]);
const row = (s: Tensor) => reshape(s, [...s.shape.slice(0, -1), 1, s.shape.at(-1)!]);

/** The parts of U, S and V stacked as rows. */
function partsOf(y: Tensor, m: number, n: number) {
  const before = new Array<null>(y.ndim - 2).fill(null);
  const part = (from: number, to: number) => slice(y, ...before, [from, to]);
  const s = part(m, m + 1);
  return { u: part(0, m), s: reshape(s, [...y.shape.slice(0, -2), n]), v: part(m + 1, m + 1 + n) };
}

const stacked = (u: Tensor, s: Tensor, v: Tensor): Tensor => concat([u, row(s), v], u.ndim - 2);

/** x over s_j² - s_i², and 0 on the diagonal. */
const divided = (x: Tensor, s: Tensor): Tensor => {
  const gaps = sub(row(square(s)), column(square(s)));
  return quotient(mul(x, sub(1, identity(s.shape.at(-1)!, s))), gaps);
};

// J. Townsend, "Differentiating the singular value decomposition" (2016). Where singular values are equal, or 0 and U or
// V is asked for, there is no derivative, and it is NaN or infinite.
export const svdOp: Op<undefined> = define<undefined>({
  name: 'svd',
  doc: 'U, the singular values and V of matrices with at least as many rows as columns, stacked.',
  shape: ([x]) => {
    const [m, n] = matrixSizes('svd', x!);
    return [...x!.shape.slice(0, -2), m + 1 + n, n];
  },
  dtype: floating('svd'),
  kernel: ([x], shape, dtype) => {
    const [m, n] = matrixSizes('svd', x!);
    return eachMatrix('svd', [x!], shape, dtype, (a) => {
      const { u, s, v } = svdOf(a, m, n);
      return Float64Array.of(...u, ...s, ...v);
    });
  },
  vjp: (g, [x], y) => [
    () => {
      const [m, n] = matrixSizes('svd', x!);
      const { u, s, v } = partsOf(y, m, n);
      const { u: gu, s: gs, v: gv } = partsOf(g, m, n);
      const [ut, vt] = [transpose(u), transpose(v)];
      const skew = (a: Tensor) => sub(a, transpose(a));
      const byU = mul(divided(skew(matmul(ut, gu)), s), row(s));
      const byV = mul(divided(skew(matmul(vt, gv)), s), column(s));
      const inner = add(add(byU, byV), mul(column(gs), identity(n, s)));
      const square = matmul(matmul(u, inner), vt);
      if (m === n) return square;
      const beyond = sub(gu, matmul(u, matmul(ut, gu)));
      return add(square, matmul(quotient(beyond, row(s)), vt));
    },
  ],
  jvp: ([dx], [x], y) => {
    const [m, n] = matrixSizes('svd', x!);
    const { u, s, v } = partsOf(y, m, n);
    const ut = transpose(u);
    const inner = matmul(matmul(ut, dx!), v);
    const turned = transpose(inner);
    const du = matmul(u, divided(add(mul(inner, row(s)), mul(column(s), turned)), s));
    const dv = matmul(v, divided(add(mul(column(s), inner), mul(turned, row(s))), s));
    const ds = diagonal(inner);
    if (m === n) return stacked(du, ds, dv);
    const moved = matmul(dx!, v);
    const beyond = sub(moved, matmul(u, matmul(ut, moved)));
    return stacked(add(du, quotient(beyond, row(s))), ds, dv);
  },
  batch: ([x]) => apply(svdOp, [x!], undefined),
  samples: () =>
    TALL.map((shape) => ({
      shapes: [shape],
      options: undefined,
      from: (x) => [distinct(x!)],
    })),
});

/** Makes a sample with singular values that are well apart. */
function distinct(x: Tensor): Tensor {
  const [m, n] = matrixSizes('svd', x);
  const data = allocate(x.dtype, m * n);
  for (let i = 0; i < Math.min(m, n); i++) data[i * n + i] = 4 * (i + 1);
  return add(mul(x, 0.5), new Tensor([m, n], x.dtype, data));
}

export const completionOp: Op<undefined> = define<undefined>({
  name: 'completion',
  doc: 'Orthonormal columns that complete those given to a basis.',
  shape: ([u]) => {
    const [m, n] = matrixSizes('svd', u!);
    return [...u!.shape.slice(0, -1), m - n];
  },
  dtype: floating('svd'),
  kernel: ([u], shape, dtype) => {
    const [m, n] = matrixSizes('svd', u!);
    return eachMatrix('svd', [u!], shape, dtype, (columns) => {
      const all = new Float64Array(m * m);
      for (let i = 0; i < m; i++) all.set(columns.subarray(i * n, (i + 1) * n), i * m);
      for (let j = n; j < m; j++) completed(all, m, m, j);
      return all.filter((_, at) => at % m >= n);
    });
  },
  vjp: () => [undetermined],
  jvp: undetermined,
  batch: ([u]) => apply(completionOp, [u!], undefined),
  samples: () =>
    [
      [2, 1],
      [3, 2],
      [3, 1],
      [1, 1],
      [4, 2],
      [2, 3, 2],
      [0, 0],
      [0, 3, 1],
    ].map((shape) => ({
      shapes: [shape],
      options: undefined,
      from: (x) => [qr(x!).q],
    })),
});

function undetermined(): never {
  throw new GradientError(
    'ERR_GRADIENT_UNDEFINED',
    'Cannot differentiate the columns that complete a basis: they are not determined; ask for the reduced decomposition',
  );
}

export interface SingularValueDecomposition {
  readonly u: Tensor;
  /** In descending order. */
  readonly s: Tensor;
  readonly vh: Tensor;
}

/**
 * The singular value decomposition x = u · diag(s) · vh of the matrices in the last two axes; `fullMatrices: false` for
 * the columns of u and rows of vh that belong to singular values alone, which have derivatives.
 *
 * @example
 * import { svd, tensor } from '@leibniz/tensor';
 * svd(tensor([[3, 0], [0, 4]])).s.toArray(); // => [ 4, 3 ]
 */
export function svd(
  x: Tensor,
  { fullMatrices = true }: { readonly fullMatrices?: boolean } = {},
): SingularValueDecomposition {
  const [m, n] = matrixSizes('svd', x);
  if (m < n) {
    const { u, s, vh } = svd(transpose(x), { fullMatrices });
    return { u: transpose(vh), s, vh: transpose(u) };
  }
  const { u, s, v } = partsOf(apply(svdOp, [x], undefined), m, n);
  const full = fullMatrices && m > n ? concat([u, apply(completionOp, [u], undefined)], u.ndim - 1) : u;
  return { u: full, s, vh: transpose(v) };
}

/** The singular values of the matrices in the last two axes, in descending order. */
export const svdvals = (x: Tensor): Tensor => svd(x, { fullMatrices: false }).s;
