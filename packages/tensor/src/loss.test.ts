import { describe, expect, test } from 'vitest';
import { checkOrders, sampled } from './fixtures/checkOrders.ts';
import { Generator } from './generator.ts';
import { crossEntropy, logSoftmax, logSumExp, mse, oneHot, softmax, type Tensor, tensor } from './index.ts';

const float64 = { dtype: 'float64' } as const;
const points = (shape: number[]) => sampled(shape, [-2, 2], new Generator(9));

describe('against finite differences, orders 1 and 2', () => {
  const labels = tensor([2, 0], { dtype: 'int32' });
  const soft = tensor(
    [
      [0.2, 0.3, 0.5],
      [1, 0, 0],
    ],
    float64,
  );
  test.each<[string, (x: Tensor) => Tensor]>([
    ['logSumExp', (x) => logSumExp(x)],
    ['logSumExp along an axis', (x) => logSumExp(x, 0, { keepdims: true })],
    ['softmax', (x) => softmax(x)],
    ['logSoftmax', (x) => logSoftmax(x, 0)],
    ['crossEntropy', (x) => crossEntropy(x, labels)],
    ['crossEntropy, one loss a sample', (x) => crossEntropy(x, labels, { reduction: 'none' })],
    ['crossEntropy of distributions', (x) => crossEntropy(x, soft, { reduction: 'sum' })],
    ['mse', (x) => mse(x, soft)],
  ])('%s', (_, f) => expect(checkOrders((x) => f(x!), [points([2, 3])])).toEqual([]));

  test('crossEntropy by the distributions', () => {
    expect(
      checkOrders(
        (p, x) => crossEntropy(x!, p!),
        [sampled([2, 3], [0.1, 1], new Generator(1)), points([2, 3])],
      ),
    ).toEqual([]);
  });
});

describe('crossEntropy', () => {
  test.each([
    { logits: [[1e4, -1e4]], label: 0, loss: 0, gradient: [[0, 0]] },
    { logits: [[1e4, -1e4]], label: 1, loss: 2e4, gradient: [[1, -1]] },
    { logits: [[1e4, 1e4]], label: 0, loss: Math.LN2, gradient: [[-0.5, 0.5]] },
    { logits: [[-1e4, -1e4]], label: 1, loss: Math.LN2, gradient: [[0.5, -0.5]] },
  ])('of logits $logits at $label is $loss', ({ logits, label, loss, gradient }) => {
    for (const dtype of ['float32', 'float64'] as const) {
      const x = tensor(logits, { dtype, requiresGrad: true });
      const value = crossEntropy(x, [label]);
      expect(value.item()).toBeCloseTo(loss, 6);
      value.backward();
      expect(x.grad!.toArray()).toEqual(gradient);
    }
  });

  test('takes labels as arrays, typed arrays, tensors and rows of probabilities alike', () => {
    const x = points([2, 3]);
    const loss = crossEntropy(x, [2, 0]).item();
    expect(crossEntropy(x, Uint8Array.of(2, 0)).item()).toBe(loss);
    expect(crossEntropy(x, tensor([2, 0], { dtype: 'uint8' })).item()).toBe(loss);
    expect(crossEntropy(x, oneHot(tensor([2, 0], { dtype: 'int32' }), 3, float64)).item()).toBeCloseTo(
      loss,
      14,
    );
    expect(crossEntropy(x.reshape([1, 2, 3]), tensor([[2, 0]], { dtype: 'int32' })).item()).toBe(loss);
    expect(crossEntropy(x, [2, 0], { reduction: 'sum' }).item()).toBeCloseTo(2 * loss, 14);
  });

  test.each<[string, () => unknown]>([
    [
      'Cannot take index 3 in cross-entropy: indices are integers from 0 to 2',
      () => crossEntropy(points([1, 3]), [3]),
    ],
    ['Cannot take index -1 in cross-entropy', () => crossEntropy(points([1, 3]), [-1])],
    ['Cannot take 0.5 as a class: class numbers are integers', () => crossEntropy(points([1, 3]), [0.5])],
    [
      'Cannot take the cross-entropy of 1 labels for samples of shape [2]',
      () => crossEntropy(points([2, 3]), [0]),
    ],
    [
      'Cannot take the cross-entropy: expected shape [2, 3], got [2]',
      () => crossEntropy(points([2, 3]), points([2])),
    ],
    ['Cannot take the cross-entropy of a scalar', () => crossEntropy(tensor(1), [0])],
    [
      'Cannot take the mean squared error: expected shape [2], got [2, 1]',
      () => mse(points([2]), points([2, 1])),
    ],
    ['Cannot take index 4 in oneHot', () => oneHot(tensor([4], { dtype: 'int32' }), 3)],
  ])('%s', (message, act) => expect(act).toThrow(message));
});

test('softmax and its relatives at infinities', () => {
  const x = tensor(
    [
      [Number.NEGATIVE_INFINITY, 0],
      [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ],
    float64,
  );
  expect(softmax(x).toArray()).toEqual([
    [0, 1],
    [Number.NaN, Number.NaN],
  ]);
  expect(logSumExp(x, 1).toArray()).toEqual([0, Number.NEGATIVE_INFINITY]);
  expect(logSumExp(tensor([Infinity, 1], float64)).item()).toBe(Infinity);
  expect(logSumExp(tensor([Number.NaN, 1], float64)).item()).toBe(Number.NaN);
});

test('oneHot', () => {
  expect(oneHot(tensor([[1], [0]], { dtype: 'int32' }), 2).toArray()).toEqual([[[0, 1]], [[1, 0]]]);
});
