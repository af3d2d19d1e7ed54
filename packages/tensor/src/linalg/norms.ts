import { astype } from '../astype.ts';
import { greater, notEqual } from '../comparison.ts';
import { finfo } from '../dtypeInfo.ts';
import { DTypeError } from '../errors.ts';
import { abs, mul, pow, sqrt, square } from '../functions.ts';
import { matrixSizes } from '../manipulation.ts';
import { reshape } from '../movement.ts';
import { floating } from '../op.ts';
import { max, min, sum, withOnes } from '../reduction.ts';
import { type Axes, expectAxes, show } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { where } from '../where.ts';
import { svdvals } from './svd.ts';

export interface NormOptions {
  readonly axis?: Axes;
  readonly keepdims?: boolean;
  /** 2 by default; Infinity for the largest magnitude, 0 for the number of elements that are not 0. */
  readonly ord?: number;
}

/** √x with derivative 0 at 0, as suits the norm of a zero vector. */
const rootOf = (x: Tensor): Tensor => {
  const isPositive = greater(x, 0);
  return where(isPositive, sqrt(where(isPositive, x, 1)), mul(x, 0));
};

/**
 * The norms of vectors along an axis, or of all elements together: (Σ |x|^ord)^(1/ord). The gradient of the norm of a
 * zero vector is 0.
 *
 * @example
 * import { tensor, vectorNorm } from '@leibniz/tensor';
 * vectorNorm(tensor([3, 4])).item(); // => 5
 * vectorNorm(tensor([3, -4]), { ord: 1 }).item(); // => 7
 */
export function vectorNorm(x: Tensor, { axis, keepdims = false, ord = 2 }: NormOptions = {}): Tensor {
  floating('vectorNorm')([x]);
  const over = { keepdims };
  if (ord === 2) {
    // Scaled by the largest magnitude, so that squares neither overflow nor vanish.
    const axes = expectAxes('vectorNorm', axis, x.ndim);
    if (x.size === 0) return sum(square(x), axes, over);
    const top = max(abs(x), axes, { keepdims: true }).stopGradient();
    const isScalable = greater(top, 0);
    const scale = where(isScalable, where(notEqual(top, Number.POSITIVE_INFINITY), top, 1), 1);
    const norm = mul(rootOf(sum(square(x.div(scale)), axes, { keepdims: true })), scale);
    return keepdims
      ? norm
      : reshape(
          norm,
          x.shape.filter((_, at) => !axes.includes(at)),
        );
  }
  const magnitudes = abs(x);
  if (ord === Number.POSITIVE_INFINITY) return max(magnitudes, axis, over);
  if (ord === Number.NEGATIVE_INFINITY) return min(magnitudes, axis, over);
  if (ord === 0) return sum(astype(notEqual(x, 0), x.dtype), axis, over);
  if (ord === 1) return sum(magnitudes, axis, over);
  return pow(sum(pow(magnitudes, ord), axis, over), 1 / ord);
}

/** Frobenius norm, sum of singular values; largest or smallest column sum (±1), singular value (±2), row sum (±∞). */
export type MatrixNorm = 'fro' | 'nuc' | 1 | -1 | 2 | -2 | typeof Infinity;

/**
 * The norms of the matrices in the last two axes, by default Frobenius'.
 *
 * @example
 * import { matrixNorm, tensor } from '@leibniz/tensor';
 * matrixNorm(tensor([[1, -2], [-3, 4]]), { ord: 1 }).item(); // => 6
 */
export function matrixNorm(
  x: Tensor,
  { ord = 'fro', keepdims = false }: { readonly ord?: MatrixNorm; readonly keepdims?: boolean } = {},
): Tensor {
  matrixSizes('matrixNorm', x);
  if (ord === 'fro') return vectorNorm(x, { axis: [-2, -1], keepdims });
  const norm = ofMatrix(x, ord);
  return keepdims ? reshape(norm, withOnes(x.shape, [x.ndim - 2, x.ndim - 1])) : norm;
}

function ofMatrix(x: Tensor, ord: Exclude<MatrixNorm, 'fro'>): Tensor {
  switch (ord) {
    case 'nuc':
      return sum(svdvals(x), -1);
    case 2:
      return max(svdvals(x), -1);
    case -2:
      return min(svdvals(x), -1);
    case 1:
      return max(sum(abs(x), -2), -1);
    case -1:
      return min(sum(abs(x), -2), -1);
    case Number.POSITIVE_INFINITY:
      return max(sum(abs(x), -1), -1);
    case Number.NEGATIVE_INFINITY:
      return min(sum(abs(x), -1), -1);
    default:
      throw new DTypeError(
        `Cannot take the norm ${ord} of matrices of ${show(x.shape)}: there are 'fro', 'nuc', ±1, ±2 and ±Infinity`,
      );
  }
}

/**
 * How many singular values are larger than the largest times `rtol`, which is max(m, n)·eps by default, as int32.
 *
 * @example
 * import { matrixRank, tensor } from '@leibniz/tensor';
 * matrixRank(tensor([[1, 2], [2, 4]])).item(); // => 1
 */
export function matrixRank(x: Tensor, { rtol }: { readonly rtol?: number } = {}): Tensor {
  const [m, n] = matrixSizes('matrixRank', x);
  const s = svdvals(x);
  if (s.size === 0) return astype(sum(s, -1), 'int32');
  const least = mul(max(s, -1, { keepdims: true }), rtol ?? Math.max(m, n) * finfo(x).eps);
  return sum(astype(greater(s, least), 'int32'), -1);
}
