import { astype } from './astype.ts';
import { notEqual } from './comparison.ts';
import { div, sqrt, square, sub } from './functions.ts';
import { logicalNot } from './logic.ts';
import { countOver, mean, type ReduceOptions, type Reducer, sum } from './reduction.ts';
import type { Axes } from './shape.ts';
import type { Tensor } from './tensor.ts';

export interface VarianceOptions<Keep extends boolean = boolean> extends ReduceOptions<Keep> {
  /** Taken off the number of elements: 0 by default, 1 for the unbiased estimate from a sample. */
  readonly correction?: number;
}

/**
 * The variance along an axis, several, or all: the mean of the squared distances from the mean, in two passes.
 *
 * @example
 * import { std, tensor, variance } from '@leibniz/tensor';
 * const x = tensor([1, 2, 3, 4]);
 * variance(x).item(); // => 1.25
 * std(x, undefined, { correction: 1 }).item(); // => 1.29099440574646
 */
export const variance = ((
  x: Tensor,
  axis?: Axes,
  { correction = 0, keepdims = false }: VarianceOptions = {},
) => {
  const middle = mean(x, axis, { keepdims: true });
  const squares = sum(square(sub(x, middle)), axis, { keepdims });
  return div(squares, Math.max(0, countOver('variance', x, axis) - correction));
}) as Reducer & ((x: Tensor, axis?: Axes, options?: VarianceOptions) => Tensor);

/** The standard deviation: the square root of the variance. */
export const std = ((x: Tensor, axis?: Axes, options: VarianceOptions = {}) =>
  sqrt(variance(x, axis, options))) as Reducer &
  ((x: Tensor, axis?: Axes, options?: VarianceOptions) => Tensor);

const truth = (x: Tensor): Tensor => (x.dtype === 'bool' ? x : notEqual(x, 0));

/** How many elements are not 0, along an axis, several, or all, as int32. */
export const countNonzero = ((x: Tensor, axis?: Axes, options: ReduceOptions = {}) =>
  sum(astype(truth(x), 'int32'), axis, options)) as Reducer;

/**
 * Whether any element is not 0, along an axis, several, or all; false of none.
 *
 * @example
 * import { all, any, tensor } from '@leibniz/tensor';
 * any(tensor([0, 1])).item(); // => 1
 * all(tensor([0, 1])).item(); // => 0
 */
export const any = ((x: Tensor, axis?: Axes, options: ReduceOptions = {}) =>
  astype(countNonzero(x, axis, options), 'bool')) as Reducer;

/** Whether no element is 0, along an axis, several, or all; true of none. */
export const all = ((x: Tensor, axis?: Axes, options: ReduceOptions = {}) => {
  const zeros = countNonzero(logicalNot(truth(x)), axis, options);
  return logicalNot(astype(zeros, 'bool'));
}) as Reducer;
