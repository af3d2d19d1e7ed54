import { loadMnist } from '@leibniz/mnist-data';
import { decodeSafetensors, encodeSafetensors } from '@leibniz/tensor';
import { beforeAll, describe, expect, it } from 'vitest';
import { agreeing, batchOf, type Digits } from './classifier.ts';
import { DivergedError } from './errors.ts';
import { DEFAULTS, Training, type TrainingOptions } from './train.ts';

let train: Digits;
let test: Digits;

/** The first digits of a split. */
const first = ({ images, labels, count }: Digits, n: number): Digits => {
  const size = images.length / count;
  return { images: images.subarray(0, n * size), labels: labels.subarray(0, n), count: n };
};

beforeAll(async () => {
  const mnist = await loadMnist({ from: import.meta.url });
  train = first(mnist.train, 3000);
  test = first(mnist.test, 1000);
});

function trained(options: Partial<TrainingOptions> = {}) {
  const training = new Training(train, { ...DEFAULTS, epochs: 2, hidden: 32, ...options });
  const reports = [...training.steps()];
  return { training, reports, weights: encodeSafetensors(training.classifier.parameters) };
}

describe('on 3,000 real digits', () => {
  it.each([
    [{}, 0.7],
    [{ activation: 'x*sigmoid(x)' }, 0.7],
    [{ optimizer: 'sgd', lr: 0.1, momentum: 0.9 }, 0.8],
  ] as const)('%j learns', (options, least) => {
    const { training, reports } = trained(options);
    expect(reports).toHaveLength(60);
    expect(reports.at(-1)).toMatchObject({ step: 60, total: 60 });
    expect(training.losses.at(-1)).toBeLessThan(training.losses[0]! / 2);
    expect(training.classifier.countCorrect(test) / test.count).toBeGreaterThan(least);
  });

  it('the same seed gives the same bits, another seed others', () => {
    const { weights } = trained();
    expect(trained().weights).toEqual(weights);
    expect(trained({ seed: 2 }).weights).not.toEqual(weights);
  });

  it('the weights come back from their file', () => {
    const { training, weights } = trained({ epochs: 1 });
    const { tensors } = decodeSafetensors(weights);
    for (const [name, parameter] of Object.entries(training.classifier.parameters)) {
      expect(tensors.get(name)!.dataSync()).toEqual(parameter.dataSync());
    }
  });

  it('a rate far too large is told as divergence', () => {
    expect(() => trained({ lr: 1e30 })).toThrow(DivergedError);
  });
});

it('a batch holds the chosen digits in [0, 1]', () => {
  const digits = { images: Uint8Array.of(0, 255, 51, 102, 1, 2), labels: Uint8Array.of(7, 8, 9), count: 3 };
  const { x, labels } = batchOf(digits, [2, 1]);
  expect(x.shape).toEqual([2, 2]);
  expect([...x.dataSync()]).toEqual([1 / 255, 2 / 255, 51 / 255, 102 / 255].map(Math.fround));
  expect([...labels]).toEqual([9, 8]);
  expect(agreeing(x, Uint8Array.of(1, 1))).toBe(2);
});
