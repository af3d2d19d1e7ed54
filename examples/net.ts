// The network of Listings A.2 to A.5: two layers without biases, from 784 pixels by way of 200 units to 10 digits.
import { crossEntropy, noGrad, randn, type Tensor } from '@leibniz/tensor';
import type { Digits } from './digits.ts';

export interface Net {
  readonly w1: Tensor;
  readonly w2: Tensor;
}

/** Weights as the listings draw them: normal, with variance 1. */
export const randomNet = (): Net => ({
  w1: randn([784, 200], { requiresGrad: true }),
  w2: randn([200, 10], { requiresGrad: true }),
});

/** A batch divided by its greatest grey value. */
export function scaled(pixels: Tensor): Tensor {
  const x = pixels.astype('float32');
  return x.div(x.max());
}

/** 200 numbers for each digit, none below 0. */
export const hidden = ({ w1 }: Net, pixels: Tensor): Tensor => scaled(pixels).matmul(w1).relu();

/** 10 numbers for each digit: the greatest is the guess. */
export const logits = (net: Net, pixels: Tensor): Tensor => hidden(net, pixels).matmul(net.w2);

export const loss = (net: Net, { pixels, labels }: Digits): Tensor =>
  crossEntropy(logits(net, pixels), labels);

/** The share of the digits that are guessed right. */
export function accuracy(net: Net, { pixels, labels }: Digits): number {
  const isRight = noGrad(() => logits(net, pixels).argmax(1).equal(labels));
  return isRight.astype('float32').sum().item() / labels.size;
}
