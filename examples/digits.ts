// The digits of MNIST as tensors, all of them or a batch.
import { loadMnist, type Split } from '@leibniz/mnist-data';
import { randint, type Tensor, tensor } from '@leibniz/tensor';

/** Digits as rows of 784 grey values, 0 to 255, and the numbers they mean. */
export interface Digits {
  readonly pixels: Tensor;
  readonly labels: Tensor;
}

/** 60,000 digits to train on, 10,000 to test on. */
export interface Data {
  readonly train: Digits;
  readonly test: Digits;
}

export async function loadDigits(): Promise<Data> {
  const { train, test } = await loadMnist();
  return { train: asTensors(train), test: asTensors(test) };
}

const asTensors = ({ images, labels, count, rows, cols }: Split): Digits => ({
  pixels: tensor(images, { shape: [count, rows * cols] }),
  labels: tensor(labels),
});

/** A batch drawn at random, with replacement. */
export function batchOf(size: number, { pixels, labels }: Digits): Digits {
  const indices = randint(0, labels.size, [size]);
  return { pixels: pixels.take(indices), labels: labels.take(indices) };
}
