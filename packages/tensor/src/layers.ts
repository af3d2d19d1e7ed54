// Layers as plain functions of their inputs and parameters.

import { astype } from './astype.ts';
import { less } from './comparison.ts';
import { ones } from './create.ts';
import { ShapeError } from './errors.ts';
import { add, div, mul, sqrt, sub } from './functions.ts';
import { take } from './gather.ts';
import type { Generator } from './generator.ts';
import { matmul } from './matmul.ts';
import { reshape, transpose } from './movement.ts';
import { rand } from './random.ts';
import { mean } from './reduction.ts';
import { type Axes, show } from './shape.ts';
import { softmax } from './softmax.ts';
import { variance } from './statistics.ts';
import type { Tensor } from './tensor.ts';
import { tril } from './triangle.ts';
import { where } from './where.ts';

interface NormOptions {
  readonly weight?: Tensor | undefined;
  readonly bias?: Tensor | undefined;
  /** Added to the variance; 1e-5 by default. */
  readonly eps?: number;
}

/** (x - mean) / √(variance + eps) */
const standardised = (x: Tensor, middle: Tensor, spread: Tensor, eps: number): Tensor =>
  div(sub(x, middle), sqrt(add(spread, eps)));

function scaled(x: Tensor, weight: Tensor | undefined, bias: Tensor | undefined): Tensor {
  const y = weight === undefined ? x : mul(x, weight);
  return bias === undefined ? y : add(y, bias);
}

/**
 * Each sample with mean 0 and variance 1 over its last axes, as many as `axes` says, 1 by default; then scaled and moved.
 * J. L. Ba et al., "Layer normalization", 2016.
 *
 * @example
 * import { layerNorm, tensor } from '@leibniz/tensor';
 * layerNorm(tensor([1, 3]), { eps: 0 }).toArray(); // => [ -1, 1 ]
 */
export function layerNorm(
  x: Tensor,
  { weight, bias, eps = 1e-5, axes = 1 }: NormOptions & { readonly axes?: number } = {},
): Tensor {
  const over: Axes = Array.from({ length: axes }, (_, i) => -1 - i);
  const kept = { keepdims: true };
  return scaled(standardised(x, mean(x, over, kept), variance(x, over, kept), eps), weight, bias);
}

export interface BatchNormOptions extends NormOptions {
  /** Mean and variance to use instead of those of the batch, as after training. */
  readonly running?: { readonly mean: Tensor; readonly variance: Tensor } | undefined;
}

/** Mean and variance of each channel, which is axis 1, over all other axes. */
export function channelMoments(x: Tensor): { readonly mean: Tensor; readonly variance: Tensor } {
  const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  return { mean: mean(x, axes), variance: variance(x, axes) };
}

/**
 * Each channel, which is axis 1, with mean 0 and variance 1 over the batch; then scaled and moved. S. Ioffe and
 * C. Szegedy, "Batch normalization", 2015.
 *
 * @example
 * import { batchNorm, tensor } from '@leibniz/tensor';
 * batchNorm(tensor([[1], [3]]), { eps: 0 }).toArray(); // => [ [ -1 ], [ 1 ] ]
 */
export function batchNorm(x: Tensor, { weight, bias, eps = 1e-5, running }: BatchNormOptions = {}): Tensor {
  if (x.ndim < 2) {
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      `Cannot apply batchNorm to ${show(x.shape)}: axis 0 are the samples, axis 1 the channels`,
    );
  }
  const perChannel = (y: Tensor) => reshape(y, [y.size, ...new Array<number>(x.ndim - 2).fill(1)]);
  const { mean, variance } = running ?? channelMoments(x);
  const y = standardised(x, perChannel(mean), perChannel(variance), eps);
  return scaled(y, weight && perChannel(weight), bias && perChannel(bias));
}

/**
 * Elements set to 0 with probability `rate`, the others scaled so that the mean stays; outside of training, as they are.
 * N. Srivastava et al., 2014.
 *
 * @example
 * import { dropout, Generator, ones } from '@leibniz/tensor';
 * dropout(ones([1000]), 0.5, { generator: new Generator(1) }).mean().item().toFixed(1); // => 1.0
 * dropout(ones([2]), 0.5, { isTraining: false }).toArray(); // => [ 1, 1 ]
 */
export function dropout(
  x: Tensor,
  rate: number,
  { isTraining = true, generator }: { readonly isTraining?: boolean; readonly generator?: Generator } = {},
): Tensor {
  if (!(rate >= 0 && rate < 1))
    throw new ShapeError(
      'ERR_SHAPE_INVALID',
      `Cannot drop elements with probability ${rate} in dropout: it is from 0 to below 1`,
    );
  if (!isTraining || rate === 0) return x;
  const isKept = less(rand(x.shape, { generator }), 1 - rate);
  return mul(x, div(astype(isKept, x.dtype), 1 - rate));
}

/** The rows of a table that integers pick: a vector for each. */
export const embedding = (indices: Tensor, table: Tensor): Tensor => take(table, indices, 0);

export interface AttentionOptions {
  /** Where attention may go: of type bool, broadcast to [..., queries, keys]. */
  readonly mask?: Tensor | undefined;
  /** Whether a query sees only keys up to its own place. */
  readonly isCausal?: boolean;
}

/**
 * softmax(q kᵀ / √d) v, for queries, keys and values of shape [..., length, d]. A. Vaswani et al., "Attention is all you
 * need", 2017.
 *
 * @example
 * import { attention, ones, tensor } from '@leibniz/tensor';
 * attention(ones([1, 2]), ones([2, 2]), tensor([[1, 0], [0, 1]])).toArray(); // => [ [ 0.5, 0.5 ] ]
 */
export function attention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  { mask, isCausal = false }: AttentionOptions = {},
): Tensor {
  const scores = mul(matmul(q, transpose(k)), 1 / Math.sqrt(q.shape.at(-1)!));
  const isSeen = (allowed: Tensor, x: Tensor) => where(allowed, x, Number.NEGATIVE_INFINITY);
  const masked = mask === undefined ? scores : isSeen(mask, scores);
  const [rows, columns] = scores.shape.slice(-2) as [number, number];
  const limited = isCausal ? isSeen(tril(ones([rows, columns], { dtype: 'bool' })), masked) : masked;
  return matmul(softmax(limited), v);
}
