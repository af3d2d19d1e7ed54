// Exponentials normalised over axes, with the largest exponent taken out first, so that none overflows.

import { less } from './comparison.ts';
import { elementwise, unary } from './elementwise.ts';
import { reshape } from './movement.ts';
import { max, sum } from './reduction.ts';
import { type Axes, expectAxes } from './shape.ts';
import { stopGradient } from './stopGradient.ts';
import type { Tensor } from './tensor.ts';
import { where } from './where.ts';

const abs = unary('abs');

/** The largest element along the axes as a constant, or 0 where it is not finite, and Σ exp(x - largest). */
function shifted(x: Tensor, axis: Axes) {
  const top = stopGradient(max(x, axis, { keepdims: true }));
  const largest = where(less(abs(top), Number.POSITIVE_INFINITY), top, 0);
  const powers = elementwise(($, x, m) => $.exp($.sub(x, m)), x, largest);
  return { largest, powers, total: sum(powers, axis, { keepdims: true }) };
}

/**
 * log Σ exp(x) along axes, without overflow.
 *
 * @example
 * import { logSumExp, tensor } from '@leibniz/tensor';
 * logSumExp(tensor([10000, 10000], { dtype: 'float64' })).item(); // => 10000.69314718056
 */
export function logSumExp(x: Tensor, axis?: Axes, { keepdims = false } = {}): Tensor {
  const { largest, total } = shifted(x, axis);
  const y = elementwise(($, s, m) => $.add($.log(s), m), total, largest);
  const axes = expectAxes('logSumExp', axis, x.ndim);
  return keepdims
    ? y
    : reshape(
        y,
        x.shape.filter((_, at) => !axes.includes(at)),
      );
}

/**
 * exp(x) / Σ exp(x) along an axis, without overflow.
 *
 * @example
 * import { softmax, tensor } from '@leibniz/tensor';
 * softmax(tensor([1000, 1000])).toArray(); // => [ 0.5, 0.5 ]
 */
export function softmax(x: Tensor, axis = -1): Tensor {
  const { powers, total } = shifted(x, axis);
  return elementwise(($, p, s) => $.div(p, s), powers, total);
}

/**
 * log softmax(x): x less the largest first, then less the logarithm of the sum, which keeps all digits.
 *
 * @example
 * import { logSoftmax, tensor } from '@leibniz/tensor';
 * logSoftmax(tensor([10000, 0])).toArray(); // => [ 0, -10000 ]
 */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  const { largest, total } = shifted(x, axis);
  return elementwise(($, x, m, s) => $.sub($.sub(x, m), $.log(s)), x, largest, total);
}
