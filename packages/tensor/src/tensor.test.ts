import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { arange, eye, full, linspace, ones, type Tensor, tensor, zeros, zerosLike } from './index.ts';

describe('tensor', () => {
  test.each([
    [5, [], 'float32'],
    [[1, 2], [2], 'float32'],
    [[[1], [2]], [2, 1], 'float32'],
    [[], [0], 'float32'],
    [[[], []], [2, 0], 'float32'],
    [true, [], 'bool'],
    [[[true, false]], [1, 2], 'bool'],
    [Float64Array.of(1, 2), [2], 'float64'],
    [Int32Array.of(1, 2), [2], 'int32'],
    [Uint8Array.of(1, 2), [2], 'uint8'],
  ])('of %j has shape %j and type %s', (values, shape, dtype) => {
    const x = tensor(values);
    expect([x.shape, x.dtype, x.ndim, x.size]).toEqual([shape, dtype, shape.length, x.dataSync().length]);
  });

  test.each([
    1.5,
    [
      [1, 2],
      [3, 4],
    ],
    [[[true], [false]]],
    [[], []],
    [],
  ])('%j comes back by toArray', (values) => {
    expect(tensor(values).toArray()).toEqual(values);
  });

  test('copies what it is given and what it gives away', async () => {
    const values = Float32Array.of(1, 2);
    const x = tensor(values);
    values[0] = 9;
    x.dataSync()[1] = 9;
    (await x.data())[1] = 9;
    expect(x.toArray()).toEqual([1, 2]);
  });

  test.each<[string, () => unknown]>([
    [
      'Cannot make a tensor of ragged rows: at axis 1 one has length 2, another 1',
      () => tensor([[1, 2], [3]]),
    ],
    ['Cannot make a tensor of ragged rows: at axis 1 one has length 1, another none', () => tensor([[1], 2])],
    ['Cannot make a tensor of shape [3] of 2 elements: it takes 3', () => tensor([1, 2], { shape: [3] })],
    ['Cannot make a tensor of shape [-1]: lengths are integers from 0', () => zeros([-1])],
    ['Cannot hold 1.5 in a tensor of int32', () => tensor([1.5], { dtype: 'int32' })],
    ['Cannot hold 300 in a tensor of uint8', () => full([1], 300, { dtype: 'uint8' })],
    ['Cannot hold 0.5 in a tensor of int32', () => full([0], 0.5, { dtype: 'int32' })],
    ['Cannot hold 2 in a tensor of bool', () => tensor([2], { dtype: 'bool' })],
    [
      'Cannot require a gradient by a tensor of int32',
      () => tensor([1], { dtype: 'int32', requiresGrad: true }),
    ],
    ['Cannot make a tensor of Float16', () => tensor(new (class Float16 extends Float32Array {})(1))],
    ['Cannot make a tensor of string', () => tensor(['1'] as unknown as number[])],
    ['Cannot take the item of a tensor of shape [2]: it has 2 elements, not 1', () => tensor([1, 2]).item()],
  ])('%s', (message, act) => expect(act).toThrow(message));

  test('shapes cannot be changed', () => {
    expect(() => (zeros([2]).shape as unknown as number[]).push(3)).toThrow(TypeError);
  });
});

test.each([
  [tensor(1.5), 'tensor(1.5, float32)'],
  [tensor([0.1, Number.NaN, -Infinity]), 'tensor([0.1, NaN, -Infinity], float32)'],
  [
    tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { dtype: 'int32' },
    ),
    'tensor([[1, 2],\n [3, 4]], int32)',
  ],
  [tensor([true]), 'tensor([true], bool)'],
  [zeros([50, 50]), 'tensor(shape [50, 50], float32)'],
])('%s is shown as text', (x, text) => {
  expect(String(x)).toBe(text);
  expect(inspect(x)).toBe(text);
});

test.each<[string, Tensor, unknown]>([
  ['zeros', zeros([2]), [0, 0]],
  ['ones', ones([1, 2], { dtype: 'int32' }), [[1, 1]]],
  ['full', full([2], 0.5), [0.5, 0.5]],
  ['zerosLike', zerosLike(tensor([true])), [false]],
  ['arange to 3', arange(3), [0, 1, 2]],
  ['arange down', arange(2, -1, -1), [2, 1, 0]],
  ['arange of nothing', arange(2, 0), []],
  ['linspace', linspace(0, 1, 5), [0, 0.25, 0.5, 0.75, 1]],
  ['linspace of one', linspace(3, 9, 1), [3]],
  [
    'eye',
    eye(2, 3),
    [
      [1, 0, 0],
      [0, 1, 0],
    ],
  ],
])('%s', (_, x, expected) => expect(x.toArray()).toEqual(expected));

test('arange refuses steps that do not arrive', () => {
  expect(() => arange(0, 1, 0)).toThrow('Cannot count from 0 to 1 in steps of 0');
});

test('withData lends the elements themselves, of a view in its order', () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  expect(x.T.withData((data) => [...data])).toEqual([1, 3, 2, 4]);
  expect(x.withData((data) => data)).toBe(x.withData((data) => data));
});
