import { mul, sub } from '../functions.ts';
import { matmul } from '../matmul.ts';
import { reshape, transpose } from '../movement.ts';
import { apply, define, floating, type Op } from '../op.ts';
import { sum } from '../reduction.ts';
import type { Tensor } from '../tensor.ts';
import { eachMatrix, expectSquare, type Matrix, regular, SQUARES } from './matrices.ts';
import { inverse, luOf } from './solve.ts';
import { svdOf } from './svd.ts';

const scalarsOf = (x: Tensor) => x.shape.slice(0, -2);
const asMatrix = (x: Tensor): Tensor => reshape(x, [...x.shape, 1, 1]);
const total = (x: Tensor): Tensor => sum(x, [-2, -1]);

function determinantOf(a: Matrix, n: number): number {
  const { lu, sign } = luOf(a, n);
  let product = sign;
  for (let i = 0; i < n; i++) product *= lu[i * n + i]!;
  return product;
}

/** The sign of the determinant and the logarithm of its magnitude. */
function logDeterminantOf(a: Matrix, n: number): [sign: number, logarithm: number] {
  const { lu, sign } = luOf(a, n);
  let [total, logarithm] = [sign, 0];
  for (let i = 0; i < n; i++) {
    total *= Math.sign(lu[i * n + i]!);
    logarithm += Math.log(Math.abs(lu[i * n + i]!));
  }
  return [total, logarithm];
}

/** det(U) det(V) · U diag(Π_{k≠j} s_k) Vᵀ, which holds for singular matrices as well. */
function cofactorsOf(a: Matrix, n: number): Matrix {
  const { u, s, v } = svdOf(a, n, n);
  const sign = determinantOf(u, n) * determinantOf(v, n);
  const others = s.map((_, j) => s.reduce((product, value, k) => (k === j ? product : product * value), 1));
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      for (let j = 0; j < n; j++) out[i * n + k]! += sign * u[i * n + j]! * others[j]! * v[k * n + j]!;
    }
  }
  return out;
}

const squareSamples = () =>
  SQUARES.map((shape) => ({ shapes: [shape], options: undefined, from: (x: Tensor) => [regular(x)] }));

// d det A = Σ cof(A) · dA
export const detOp: Op<undefined> = define<undefined>({
  name: 'det',
  doc: 'The determinants of square matrices.',
  shape: ([x]) => scalarsOf(x!),
  dtype: floating('det'),
  kernel: ([x], shape, dtype) => {
    const n = expectSquare('det', x!);
    return eachMatrix('det', [x!], shape, dtype, (a) => [determinantOf(a, n)]);
  },
  vjp: (g, [x]) => [() => mul(asMatrix(g), cofactors(x!))],
  jvp: ([dx], [x]) => total(mul(cofactors(x!), dx!)),
  batch: ([x]) => apply(detOp, [x!], undefined),
  samples: squareSamples,
});

/** det(A) (⟨B, E⟩ B - B Eᵀ B) with B = A⁻ᵀ: the derivative of the cofactors along E, and its own transpose. */
function cofactorsAlong(direction: Tensor, x: Tensor): Tensor {
  const b = transpose(inverse(x));
  const turned = matmul(matmul(b, transpose(direction)), b);
  return mul(asMatrix(det(x)), sub(mul(asMatrix(total(mul(b, direction))), b), turned));
}

export const cofactorsOp: Op<undefined> = define<undefined>({
  name: 'cofactors',
  doc: 'The cofactors of square matrices, singular ones as well; their derivatives of regular ones.',
  shape: ([x]) => x!.shape,
  dtype: floating('det'),
  kernel: ([x], shape, dtype) => {
    const n = expectSquare('det', x!);
    return eachMatrix('det', [x!], shape, dtype, (a) => cofactorsOf(a, n));
  },
  vjp: (g, [x]) => [() => cofactorsAlong(g, x!)],
  jvp: ([dx], [x]) => cofactorsAlong(dx!, x!),
  batch: ([x]) => apply(cofactorsOp, [x!], undefined),
  samples: squareSamples,
});

const cofactors = (x: Tensor): Tensor => apply(cofactorsOp, [x], undefined);

// d log|det A| = Σ A⁻ᵀ · dA
export const logAbsDetOp: Op<undefined> = define<undefined>({
  name: 'logAbsDet',
  doc: 'The logarithms of the magnitudes of determinants.',
  shape: ([x]) => scalarsOf(x!),
  dtype: floating('slogdet'),
  kernel: ([x], shape, dtype) => {
    const n = expectSquare('slogdet', x!);
    return eachMatrix('slogdet', [x!], shape, dtype, (a) => [logDeterminantOf(a, n)[1]]);
  },
  vjp: (g, [x]) => [() => mul(asMatrix(g), transpose(inverse(x!)))],
  jvp: ([dx], [x]) => total(mul(transpose(inverse(x!)), dx!)),
  batch: ([x]) => apply(logAbsDetOp, [x!], undefined),
  samples: squareSamples,
});

export const signDetOp: Op<undefined> = define<undefined>({
  name: 'signDet',
  doc: 'The signs of determinants.',
  shape: ([x]) => scalarsOf(x!),
  dtype: floating('slogdet'),
  kernel: ([x], shape, dtype) => {
    const n = expectSquare('slogdet', x!);
    return eachMatrix('slogdet', [x!], shape, dtype, (a) => [logDeterminantOf(a, n)[0]]);
  },
  vjp: (_, [x]) => [() => mul(x!, 0)],
  jvp: (_, __, y) => mul(y, 0),
  batch: ([x]) => apply(signDetOp, [x!], undefined),
  samples: squareSamples,
});

/**
 * The determinants of the square matrices in the last two axes; the gradient, the cofactors, is right for singular ones
 * too, that of the gradient is an error there.
 *
 * @example
 * import { det, tensor } from '@leibniz/tensor';
 * det(tensor([[1, 2], [3, 4]], { dtype: 'float64' })).item().toFixed(12); // => -2.000000000000
 */
export function det(x: Tensor): Tensor {
  expectSquare('det', x);
  return apply(detOp, [x], undefined);
}

/** The signs of the determinants and the logarithms of their magnitudes, which neither overflow nor vanish. */
export function slogdet(x: Tensor): { readonly sign: Tensor; readonly logabsdet: Tensor } {
  expectSquare('slogdet', x);
  return { sign: apply(signDetOp, [x], undefined), logabsdet: apply(logAbsDetOp, [x], undefined) };
}
