import { allocate, type FloatDType, isFloat } from './dtype.ts';
import { elementwise, unary } from './elementwise.ts';
import { DTypeError, ShapeError } from './errors.ts';
import { expectIndices, takeAlongAxis } from './gather.ts';
import { reshape } from './movement.ts';
import { mean, sum } from './reduction.ts';
import { type Shape, sameShape, show, sizeOf } from './shape.ts';
import { logSoftmax } from './softmax.ts';
import { internals, Tensor } from './tensor.ts';

/** How the losses of the samples become one. */
export interface LossOptions {
  readonly reduction?: 'mean' | 'sum' | 'none';
}

/** Class numbers, one a sample. */
export type Labels = Tensor | Uint8Array | Int32Array | readonly number[];

const neg = unary('neg');

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
export function crossEntropy(logits: Tensor, labels: Labels, options: LossOptions = {}): Tensor {
  if (logits.ndim === 0)
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      'Cannot take the cross-entropy of a scalar: the last axis of the logits are the classes',
    );
  const logProbabilities = logSoftmax(logits);
  if (labels instanceof Tensor && isFloat(labels.dtype)) {
    expectSame('cross-entropy', logits.shape, labels.shape);
    return reduced(
      sum(
        elementwise(($, p, l) => $.neg($.mul(p, l)), labels, logProbabilities),
        -1,
      ),
      options,
    );
  }
  const samples = logits.shape.slice(0, -1);
  const picked = takeAlongAxis(logProbabilities, classNumbers(labels, samples), -1);
  return reduced(neg(reshape(picked, samples)), options);
}

/** The labels as an index for each sample. */
function classNumbers(labels: Labels, samples: Shape): Tensor {
  const index = [...samples, 1];
  if (labels instanceof Tensor) {
    expectSame('cross-entropy', samples, labels.shape);
    return reshape(labels, index);
  }
  if (labels.length !== sizeOf(samples)) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot take the cross-entropy of ${labels.length} labels for samples of shape ${show(samples)}: one label a sample is needed`,
    );
  }
  const wrong = [...labels].find((label) => !Number.isInteger(label));
  if (wrong !== undefined)
    throw new DTypeError(
      `Cannot take ${wrong} as a class: class numbers are integers; a distribution is given as a float tensor`,
    );
  return new Tensor(index, 'int32', Int32Array.from(labels));
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
