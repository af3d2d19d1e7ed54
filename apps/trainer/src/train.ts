import { Adam, SGD } from '@leibniz/optimizers';
import { crossEntropy, Generator, permutation, type Tensor } from '@leibniz/tensor';
import { activationOf } from './activation.ts';
import { agreeing, batchOf, Classifier, type Digits } from './classifier.ts';
import { DivergedError } from './errors.ts';

interface Rates {
  readonly lr: number;
  readonly momentum: number;
}

/** The optimizers by name. */
export const OPTIMIZERS = {
  adam: (parameters: readonly Tensor[], { lr }: Rates) => new Adam(parameters, { lr }),
  sgd: (parameters: readonly Tensor[], { lr, momentum }: Rates) => new SGD(parameters, { lr, momentum }),
};

export type OptimizerName = keyof typeof OPTIMIZERS;

export interface TrainingOptions {
  readonly epochs: number;
  readonly batch: number;
  readonly lr: number;
  readonly optimizer: OptimizerName;
  readonly momentum: number;
  readonly hidden: number;
  /** A formula in one variable, such as `relu(x)` or `x*sigmoid(x)`. */
  readonly activation: string;
  readonly seed: number;
}

export const DEFAULTS: TrainingOptions = {
  epochs: 5,
  batch: 100,
  lr: 0.001,
  optimizer: 'adam',
  momentum: 0,
  hidden: 200,
  activation: 'relu(x)',
  seed: 1,
};

/** What one step did. */
export interface StepReport {
  readonly step: number;
  readonly total: number;
  readonly loss: number;
  /** The share of the batch that was classified right before the step. */
  readonly accuracy: number;
}

/** A training in progress: `steps()` makes one step for each value that is asked for. */
export class Training {
  readonly activation;
  readonly classifier: Classifier;
  readonly losses: number[] = [];
  readonly total: number;
  readonly #options: TrainingOptions;
  readonly #digits: Digits;
  readonly #generator: Generator;

  constructor(digits: Digits, options: TrainingOptions) {
    this.#digits = digits;
    this.#options = options;
    this.#generator = new Generator(options.seed);
    this.activation = activationOf(options.activation);
    const pixels = digits.images.length / digits.count;
    this.classifier = new Classifier(pixels, options.hidden, this.activation, this.#generator);
    this.total = options.epochs * Math.ceil(digits.count / options.batch);
  }

  /**
   * Every epoch sees every digit once, in a new order.
   *
   * @throws DivergedError when the loss is no longer a number.
   */
  *steps(): IterableIterator<StepReport> {
    const { lr, momentum, optimizer: name, epochs, batch } = this.#options;
    const optimizer = OPTIMIZERS[name](Object.values(this.classifier.parameters), { lr, momentum });
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = permutation(this.#digits.count, { generator: this.#generator }).dataSync();
      for (let start = 0; start < order.length; start += batch) {
        const { x, labels } = batchOf(this.#digits, order.subarray(start, start + batch));
        optimizer.zeroGrad();
        const logits = this.classifier.logits(x);
        const loss = crossEntropy(logits, labels);
        const value = loss.item();
        const step = this.losses.push(value);
        if (!Number.isFinite(value)) throw new DivergedError(step, value, lr);
        loss.backward();
        optimizer.step();
        yield { step, total: this.total, loss: value, accuracy: agreeing(logits, labels) / labels.length };
      }
    }
  }
}
