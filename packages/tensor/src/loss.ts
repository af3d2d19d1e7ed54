// Losses of predictions, each stable for logits of any size.

import { astype } from './astype.ts';
import { less } from './comparison.ts';
import { allocate, expectFloat, type FloatDType, isFloat } from './dtype.ts';
import { elementwise } from './elementwise.ts';
import { DTypeError, ShapeError } from './errors.ts';
import { add, mul } from './functions.ts';
import { checkIndices, expectIndices } from './gather.ts';
import { reshape } from './movement.ts';
import { mean, sum } from './reduction.ts';
import { type RowFormula, rowwise } from './rowwise.ts';
import { type Shape, sameShape, show, sizeOf } from './shape.ts';
import { logSoftmaxFormula } from './softmax.ts';
import { roomFor } from './storage.ts';
import { internals, Tensor } from './tensor.ts';
import { where } from './where.ts';

/** How the losses of the samples become one. */
export interface LossOptions {
  readonly reduction?: 'mean' | 'sum' | 'none';
}

/** Class numbers, one a sample. */
export type Labels = Tensor | Uint8Array | Int32Array | readonly number[];

export interface CrossEntropyOptions extends LossOptions {
  /** The part of each label that is spread over all classes alike, from 0 to 1 (C. Szegedy et al., 2016). */
  readonly labelSmoothing?: number;
}

function reduced(losses: Tensor, { reduction = 'mean' }: LossOptions): Tensor {
  if (reduction === 'none') return losses;
  return reduction === 'mean' ? mean(losses) : sum(losses);
}

/**
 * The cross-entropy between softmax(logits) and the labels: class numbers, or a distribution over the classes for each
 * sample. Classes are the last axis of the logits; the mean over samples by default. No logits overflow it.
 *
 * @example
 * import { crossEntropy, tensor } from '@leibniz/tensor';
 * const logits = tensor([[0, 0], [10000, 0]], { requiresGrad: true });
 * const loss = crossEntropy(logits, [1, 1], { reduction: 'sum' });
 * loss.item(); // => 10000.693359375
 * loss.backward();
 * logits.grad?.toArray(); // => [ [ 0.5, -0.5 ], [ 1, -1 ] ]
 */
export function crossEntropy(logits: Tensor, labels: Labels, options: CrossEntropyOptions = {}): Tensor {
  if (logits.ndim === 0)
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      'Cannot take the cross-entropy of a scalar: the last axis of the logits are the classes',
    );
  const { labelSmoothing = 0 } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ShapeError(
      'ERR_SHAPE_INVALID',
      `Cannot smooth labels by ${labelSmoothing} in crossEntropy: labelSmoothing is a number from 0 to 1`,
    );
  }
  return reduced(againstLabels('cross-entropy', ENTROPIES, logits, labels, labelSmoothing), options);
}

/**
 * The negative log-likelihood of labels, given logarithms of probabilities, as `logSoftmax` makes them.
 *
 * @example
 * import { logSoftmax, nll, tensor } from '@leibniz/tensor';
 * nll(logSoftmax(tensor([[0, 0]])), [1]).item(); // => 0.6931471824645996
 */
export function nll(logProbabilities: Tensor, labels: Labels, options: LossOptions = {}): Tensor {
  if (logProbabilities.ndim === 0)
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      'Cannot take the likelihood of a scalar in nll: the last axis of the log-probabilities are the classes',
    );
  return reduced(againstLabels('negative log-likelihood', LIKELIHOODS, logProbabilities, labels, 0), options);
}

/** Losses of rows by what the labels are. */
interface LossFormulas {
  /** Of the scores, the number of each column, and that of the class. */
  readonly byClass: RowFormula;
  /** Of the scores and the probability of each class; one of 0 counts 0, be its logarithm infinite. */
  readonly byProbability: RowFormula;
  /** The part of the loss that smooth labels add. */
  readonly uniform: RowFormula;
}

const LIKELIHOODS: LossFormulas = {
  byClass: ($, l, column, label) => $.reduce('sum', $.where($.equal(column!, label!), $.neg(l!), $.int(0))),
  byProbability: ($, l, p) => $.reduce('sum', $.where($.equal(p!, $.int(0)), $.int(0), $.neg($.mul(p!, l!)))),
  uniform: ($, l) => $.neg($.div($.reduce('sum', l!), $.columns)),
};

const ENTROPIES: LossFormulas = {
  byClass: ($, x, ...labels) => LIKELIHOODS.byClass($, logSoftmaxFormula($, x!), ...labels),
  byProbability: ($, x, ...labels) => LIKELIHOODS.byProbability($, logSoftmaxFormula($, x!), ...labels),
  uniform: ($, x) => LIKELIHOODS.uniform($, logSoftmaxFormula($, x!)),
};

/** The loss of each sample, -Σ p log q, p being given by the labels, and smoothed. */
function againstLabels(
  op: string,
  { byClass, byProbability, uniform }: LossFormulas,
  scores: Tensor,
  labels: Labels,
  smoothing: number,
): Tensor {
  const samples = scores.shape.slice(0, -1);
  const isDistribution = labels instanceof Tensor && isFloat(labels.dtype);
  if (isDistribution) expectSame(op, scores.shape, labels.shape);
  const formula = isDistribution ? byProbability : byClass;
  const operands = isDistribution ? [labels] : classColumns(op, scores, labels);
  const losses = rowwise(op, formula, scores, ...operands);
  if (smoothing === 0) return reshape(losses, samples);
  const smoothed = add(mul(losses, 1 - smoothing), mul(rowwise(op, uniform, scores), smoothing));
  return reshape(smoothed, samples);
}

/** Kernels compare class numbers as floats; beyond this, those of 32 bits do not tell all integers apart. */
const MOST_CLASSES = 2 ** 24;

/** The numbers of the columns, and for each row that of its class. */
function classColumns(op: string, scores: Tensor, labels: Labels): Tensor[] {
  const dtype = expectFloat(op, scores.dtype);
  const classes = scores.shape.at(-1)!;
  const samples = scores.shape.slice(0, -1);
  if (classes > MOST_CLASSES) {
    throw new ShapeError(
      'ERR_SHAPE_INVALID',
      `Cannot take the ${op} over ${classes} classes: there may be ${MOST_CLASSES} at most`,
    );
  }
  const numbers = roomFor(dtype, classes);
  for (let at = 0; at < classes; at++) numbers[at] = at;
  const columns = new Tensor([classes], dtype, numbers);
  if (labels instanceof Tensor) {
    expectSame(op, samples, labels.shape);
    checkIndices(op, labels, classes);
    return [columns, reshape(astype(labels, dtype), [...samples, 1])];
  }
  if (labels.length !== sizeOf(samples)) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot take the ${op} of ${labels.length} labels for samples of shape ${show(samples)}: one label a sample is needed`,
    );
  }
  const chosen = roomFor(dtype, labels.length);
  for (let at = 0; at < chosen.length; at++) {
    const label = labels[at]!;
    if (!Number.isInteger(label))
      throw new DTypeError(
        `Cannot take ${label} as a class: class numbers are integers; a distribution is given as a float tensor`,
      );
    if (label < 0 || label >= classes) checkIndices(op, [label], classes);
    chosen[at] = label;
  }
  return [columns, new Tensor([...samples, 1], dtype, chosen)];
}

function expectSame(op: string, wanted: Shape, found: Shape): void {
  if (sameShape(wanted, found)) return;
  throw new ShapeError(
    'ERR_SHAPE_MISMATCH',
    `Cannot take the ${op}: expected shape ${show(wanted)}, got ${show(found)}`,
  );
}

/**
 * The mean of the squared differences.
 *
 * @example
 * import { mse, tensor } from '@leibniz/tensor';
 * mse(tensor([1, 2]), tensor([1, 4])).item(); // => 2
 */
export function mse(prediction: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  expectSame('mean squared error', prediction.shape, target.shape);
  return reduced(
    elementwise(($, p, t) => $.square($.sub(p, t)), prediction, target),
    options,
  );
}

/**
 * The binary cross-entropy between sigmoid(logits) and targets from 0 to 1: max(x, 0) - x t + log(1 + exp(-|x|)), which
 * no logits overflow.
 *
 * @example
 * import { binaryCrossEntropy, tensor } from '@leibniz/tensor';
 * binaryCrossEntropy(tensor([10000, 0]), tensor([1, 0]), { reduction: 'none' }).toArray(); // => [ 0, 0.6931471824645996 ]
 */
export function binaryCrossEntropy(logits: Tensor, targets: Tensor, options: LossOptions = {}): Tensor {
  expectSame('binary cross-entropy', logits.shape, targets.shape);
  // softplus(x) - x t, whose derivative is sigmoid(x) - t.
  return reduced(
    elementwise(($, x, t) => $.sub($.softplus(x), $.mul(x, t)), logits, targets),
    options,
  );
}

/**
 * P. J. Huber's loss (1964): half the square of a difference up to `delta`, beyond it `delta` times the distance from
 * half of `delta`.
 *
 * @example
 * import { huber, tensor } from '@leibniz/tensor';
 * huber(tensor([0.5, 3]), tensor([0, 0]), { reduction: 'none' }).toArray(); // => [ 0.125, 2.5 ]
 */
export function huber(
  prediction: Tensor,
  target: Tensor,
  { delta = 1, ...options }: LossOptions & { readonly delta?: number } = {},
): Tensor {
  expectSame('Huber loss', prediction.shape, target.shape);
  if (!(delta > 0)) {
    throw new ShapeError(
      'ERR_SHAPE_INVALID',
      `Cannot take the Huber loss with delta ${delta}: it is a number above 0`,
    );
  }
  const losses = elementwise(
    ($, p, t, d) => {
      const distance = $.abs($.sub(p, t));
      const half = $.rational(1, 2);
      const far = $.mul(d, $.sub(distance, $.mul(half, d)));
      return $.where($.lessEqual(distance, d), $.mul(half, $.square($.sub(p, t))), far);
    },
    prediction,
    target,
    delta,
  );
  return reduced(losses, options);
}

/**
 * The divergence of S. Kullback and R. A. Leibler (1951) Σ p (log p - log q) of distributions over the last axis, from
 * log q, as `logSoftmax` makes it, and p; 0 log 0 is 0. The mean is over samples.
 *
 * @example
 * import { klDivergence, logSoftmax, tensor } from '@leibniz/tensor';
 * klDivergence(logSoftmax(tensor([[0, 0]])), tensor([[1, 0]])).item(); // => 0.6931471824645996
 */
export function klDivergence(logProbabilities: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  expectSame('divergence', logProbabilities.shape, target.shape);
  if (target.ndim === 0)
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      'Cannot take the divergence of scalars: the last axis are the classes',
    );
  const isPositive = less(0, target);
  const known = where(isPositive, target, 1);
  const terms = elementwise(($, p, q) => $.mul(p, $.sub($.log(p), q)), known, logProbabilities);
  return reduced(sum(where(isPositive, terms, 0), -1), options);
}

/**
 * For each class number a row that is 1 at that class and 0 elsewhere.
 *
 * @example
 * import { oneHot, tensor } from '@leibniz/tensor';
 * oneHot(tensor([1, 0], { dtype: 'int32' }), 3).toArray(); // => [ [ 0, 1, 0 ], [ 1, 0, 0 ] ]
 */
export function oneHot(
  labels: Tensor,
  classes: number,
  { dtype = 'float32' }: { dtype?: FloatDType } = {},
): Tensor {
  const rows = allocate(dtype, labels.size * classes);
  const data = internals.data(expectIndices('oneHot', labels, classes));
  for (const [row, label] of data.entries()) rows[row * classes + label] = 1;
  return new Tensor([...labels.shape, classes], dtype, rows);
}
