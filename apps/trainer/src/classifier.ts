import { type Generator, initHe, linear, noGrad, type Tensor, tensor, zeros } from '@leibniz/tensor';
import type { Activation } from './activation.ts';

/** Grey values of digits, one after the other, and what they mean. */
export interface Digits {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly count: number;
}

const CLASSES = 10;

/**
 * A network of two layers: logits = activation(x·w1 + b1)·w2 + b2. Weights start as He et al. (2015) say, biases at 0.
 */
export class Classifier {
  readonly parameters: Readonly<Record<'w1' | 'b1' | 'w2' | 'b2', Tensor>>;
  readonly #activation: Activation;

  constructor(pixels: number, hidden: number, activation: Activation, generator: Generator) {
    const trained = { generator, requiresGrad: true };
    this.#activation = activation;
    this.parameters = {
      w1: initHe([pixels, hidden], trained),
      b1: zeros([hidden], { requiresGrad: true }),
      w2: initHe([hidden, CLASSES], trained),
      b2: zeros([CLASSES], { requiresGrad: true }),
    };
  }

  /** Scores of shape [n, 10] for pixels of shape [n, pixels] in [0, 1]. */
  logits(x: Tensor): Tensor {
    const { w1, b1, w2, b2 } = this.parameters;
    return linear(this.#activation.apply(linear(x, w1, b1)), w2, b2);
  }

  /** How many of the digits get the highest score for what they mean. */
  countCorrect(digits: Digits): number {
    return noGrad(() => {
      let correct = 0;
      for (let start = 0; start < digits.count; start += EVALUATED_AT_ONCE) {
        const indices = range(start, Math.min(start + EVALUATED_AT_ONCE, digits.count));
        const { x, labels } = batchOf(digits, indices);
        correct += agreeing(this.logits(x), labels);
      }
      return correct;
    });
  }
}

const EVALUATED_AT_ONCE = 1000;

const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);

/** How many rows of the scores are highest at the label. */
export function agreeing(logits: Tensor, labels: Uint8Array): number {
  const predicted = logits.argmax(1).dataSync();
  return labels.reduce((count, label, i) => count + (predicted[i] === label ? 1 : 0), 0);
}

/** Grey values as parts of the greatest. */
const GREY = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/** The chosen digits as pixels in [0, 1], of shape [n, pixels], and their labels. */
export function batchOf(
  { images, labels, count }: Digits,
  indices: ArrayLike<number>,
): { x: Tensor; labels: Uint8Array } {
  const pixels = images.length / count;
  const x = new Float32Array(indices.length * pixels);
  const chosen = new Uint8Array(indices.length);
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row]!;
    const from = index * pixels;
    for (let i = 0; i < pixels; i++) x[row * pixels + i] = GREY[images[from + i]!]!;
    chosen[row] = labels[index]!;
  }
  return { x: tensor(x, { shape: [indices.length, pixels] }), labels: chosen };
}
