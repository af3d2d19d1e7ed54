// Exponentials normalised over axes, with the largest exponent taken out first, so that none overflows.

import { ShapeError } from './errors.ts';
import { permuteDims, reshape } from './movement.ts';
import { largest, type RowFormula, rowwise, softmaxFormula } from './rowwise.ts';
import { type Axes, expectAxes, expectAxis, show, sizeOf } from './shape.ts';
import type { Tensor } from './tensor.ts';

const logSumExpFormula: RowFormula = ($, x) => {
  const top = largest($, x);
  return $.add($.log($.reduce('sum', $.exp($.sub(x, top)))), top);
};

export const logSoftmaxFormula: RowFormula = ($, x) => {
  const shifted = $.sub(x, largest($, x));
  return $.sub(shifted, $.log($.reduce('sum', $.exp(shifted))));
};

/**
 * log Σ exp(x) along axes, without overflow.
 *
 * @example
 * import { logSumExp, tensor } from '@leibniz/tensor';
 * logSumExp(tensor([10000, 10000], { dtype: 'float64' })).item(); // => 10000.69314718056
 */
export function logSumExp(x: Tensor, axis?: Axes, { keepdims = false } = {}): Tensor {
  const axes = expectAxes('logSumExp', axis, x.ndim);
  const kept = x.shape.flatMap((_, at) => (axes.includes(at) ? [] : [at]));
  const [rows, columns] = [kept, axes].map((some) => some.map((at) => x.shape[at]!)) as [number[], number[]];
  if (columns.includes(0)) throw nothingAlong('logSumExp', x, axes[columns.indexOf(0)]!);
  const moved = reshape(permuteDims(x, [...kept, ...axes]), [...rows, sizeOf(columns)]);
  const y = rowwise('logSumExp', logSumExpFormula, moved);
  return reshape(y, keepdims ? x.shape.map((n, at) => (axes.includes(at) ? 1 : n)) : rows);
}

/** Applies a formula to the rows along an axis, which is moved to the end meanwhile. */
function along(name: string, x: Tensor, axis: number, formula: RowFormula): Tensor {
  const at = expectAxis(name, axis, x.ndim);
  if (x.shape[at] === 0) throw nothingAlong(name, x, at);
  if (at === x.ndim - 1) return rowwise(name, formula, x);
  const swapped = x.shape
    .map((_, each) => each)
    .with(at, x.ndim - 1)
    .with(-1, at);
  return permuteDims(rowwise(name, formula, permuteDims(x, swapped)), swapped);
}

const nothingAlong = (name: string, x: Tensor, axis: number): ShapeError =>
  new ShapeError(
    'ERR_SHAPE_EMPTY',
    `Cannot take the ${name} of ${show(x.shape)} along axis ${axis}: it has no elements`,
  );

/**
 * exp(x) / Σ exp(x) along an axis, without overflow.
 *
 * @example
 * import { softmax, tensor } from '@leibniz/tensor';
 * softmax(tensor([1000, 1000])).toArray(); // => [ 0.5, 0.5 ]
 */
export const softmax = (x: Tensor, axis = -1): Tensor => along('softmax', x, axis, softmaxFormula);

/**
 * log softmax(x): x less the largest first, then less the logarithm of the sum, which keeps all digits.
 *
 * @example
 * import { logSoftmax, tensor } from '@leibniz/tensor';
 * logSoftmax(tensor([10000, 0])).toArray(); // => [ 0, -10000 ]
 */
export const logSoftmax = (x: Tensor, axis = -1): Tensor => along('logSoftmax', x, axis, logSoftmaxFormula);
