import { describe, expect, test } from 'vitest';
import { checkOrders, sampled } from './fixtures/checkOrders.ts';
import { Generator } from './generator.ts';
import * as library from './index.ts';
import {
  argmax,
  concat,
  grad,
  linear,
  matmul,
  prod,
  type Range,
  repeat,
  reshape,
  slice,
  stack,
  type Tensor,
  take,
  takeAlongAxis,
  tensor,
} from './index.ts';

const count = (n: number) => Array.from({ length: n }, (_, i) => i);
const X = reshape(tensor(count(6)), [2, 3]);

describe('slices are those of Python', () => {
  const five = tensor([0, 1, 2, 3, 4]);
  test.each<[Range, unknown]>([
    [2, 2],
    [-1, 4],
    [
      [1, 3],
      [1, 2],
    ],
    [[3], [3, 4]],
    [
      [null, -2],
      [0, 1, 2],
    ],
    [
      [null, null, 2],
      [0, 2, 4],
    ],
    [
      [null, null, -1],
      [4, 3, 2, 1, 0],
    ],
    [
      [3, 0, -2],
      [3, 1],
    ],
    [
      [-2, -9, -1],
      [3, 2, 1, 0],
    ],
    [
      [2, 99],
      [2, 3, 4],
    ],
    [[4, 2], []],
    [
      [-99, 2],
      [0, 1],
    ],
    [null, [0, 1, 2, 3, 4]],
  ])('%j gives %j', (range, expected) => expect(slice(five, range).toArray()).toEqual(expected));

  test('of several axes', () => {
    expect(X.slice(1, [null, null, -1]).toArray()).toEqual([5, 4, 3]);
    expect(X.slice(null, 0).toArray()).toEqual([0, 3]);
  });
});

describe('methods are the functions', () => {
  const x = tensor(Float64Array.of(3, -1.5, 2, 0, Number.NaN, -2.5), { shape: [2, 3, 1] });
  type Call = (...args: unknown[]) => Tensor;
  const [functions, methods] = [library, x] as unknown as readonly Record<string, Call>[];
  const cases: Partial<Record<keyof typeof library, readonly unknown[]>> = {
    all: [1],
    any: [0, { keepdims: true }],
    argmax: [1],
    argmin: [0],
    argsort: [0, { descending: true }],
    clip: [-1, 2],
    cumulativeProd: [{ axis: 0 }],
    cumulativeSum: [{ axis: 1, includeInitial: true }],
    expandDims: [1],
    flip: [1],
    isfinite: [],
    isinf: [],
    isnan: [],
    round: [],
    sort: [1],
    squeeze: [],
    std: [1, { correction: 1 }],
    tril: [{ k: -1 }],
    triu: [{ k: 1 }],
    trunc: [],
    var: [0],
  };
  test.each(Object.entries(cases))('%s', (name, args) => {
    const y = methods![name]!(...args);
    const expected = functions![name]!(x, ...args);
    expect([y.dtype, y.toArray()]).toEqual([expected.dtype, expected.toArray()]);
  });
});

test('nothing is rolled by any number', () => {
  expect(library.roll(tensor([]), 3).shape).toEqual([0]);
  expect(library.roll(X, [4, -1], [0, 1]).toArray()).toEqual([
    [1, 2, 0],
    [4, 5, 3],
  ]);
});

test.each([
  [0, [0, 4]],
  [1, [1, 5]],
  [2, [2]],
  [-1, [3]],
  [3, []],
  [-2, []],
])('the diagonal %d to the right', (offset, expected) =>
  expect(library.diagonal(X, { offset }).toArray()).toEqual(expected),
);

describe('reductions', () => {
  const x = tensor(
    [
      [1, 5, 5],
      [-2, 0, 3],
    ],
    { dtype: 'float64' },
  );
  test.each<[string, unknown, unknown]>([
    ['sum', x.sum().item(), 12],
    ['sum of rows', x.sum(1).toArray(), [11, 1]],
    ['sum of columns, kept', x.sum(0, { keepdims: true }).toArray(), [[-1, 5, 8]]],
    ['mean', x.mean(-1).toArray(), [11 / 3, 1 / 3]],
    ['max', x.max([0, 1]).item(), 5],
    ['min', x.min(0).toArray(), [-2, 0, 3]],
    ['prod', x.prod(1).toArray(), [25, -0]],
    ['argmax', argmax(x, 1).toArray(), [1, 2]],
    ['argmax of all', argmax(x).item(), 1],
    ['argmax, kept', argmax(x, 0, { keepdims: true }).toArray(), [[0, 0, 0]]],
    ['prod of nothing', prod(tensor([]), 0).item(), 1],
    ['sum of nothing', tensor([]).sum().item(), 0],
  ])('%s', (_, actual, expected) => expect(actual).toEqual(expected));

  test('equal maxima share the gradient', () => {
    expect(grad((x: Tensor) => x.max(1).sum())(x).toArray()).toEqual([
      [0, 0.5, 0.5],
      [0, 0, 1],
    ]);
  });

  test('the gradient of a product is right where factors are 0', () => {
    const product = grad((x: Tensor) => x.prod());
    expect(product(tensor([2, 0, 3, 5])).toArray()).toEqual([0, 30, 0, 0]);
    expect(product(tensor([2, 0, 0])).toArray()).toEqual([0, 0, 0]);
    for (const n of [1, 2, 3, 5, 8])
      expect(checkOrders((x) => x!.prod(), [sampled([n], [-2, 2], new Generator(n))])).toEqual([]);
  });
});

describe('matmul', () => {
  const [a, b] = [
    tensor([
      [1, 2],
      [3, 4],
    ]),
    tensor([5, 6]),
  ];
  test.each([
    ['matrix and vector', matmul(a, b).toArray(), [17, 39]],
    ['vector and matrix', matmul(b, a).toArray(), [23, 34]],
    ['vectors', matmul(b, b).toArray(), 61],
    [
      'transposed',
      matmul(a, a, { transposeA: true }).toArray(),
      [
        [10, 14],
        [14, 20],
      ],
    ],
    [
      'a stack of matrices',
      matmul(stack([a, a.neg()]), b).toArray(),
      [
        [17, 39],
        [-17, -39],
      ],
    ],
  ])('of %s', (_, actual, expected) => expect(actual).toEqual(expected));

  test('is promoted', () => {
    expect(matmul(a, b.astype('float64')).dtype).toBe('float64');
  });
});

test('take, takeAlongAxis, concat, stack, T', () => {
  expect(take(X, [1, 0, 1]).toArray()).toEqual([
    [3, 4, 5],
    [0, 1, 2],
    [3, 4, 5],
  ]);
  expect(take(X, tensor([2], { dtype: 'int32' }), 1).toArray()).toEqual([[2], [5]]);
  expect(takeAlongAxis(X, tensor([[2], [0]], { dtype: 'int32' }), 1).toArray()).toEqual([[2], [3]]);
  expect(takeAlongAxis(X, tensor([[1, 0, 1]], { dtype: 'uint8' }), 0).toArray()).toEqual([[3, 1, 5]]);
  expect(concat([X, X.neg()], 1).slice(0).toArray()).toEqual([0, 1, 2, -0, -1, -2]);
  expect(stack([X, X], -1).shape).toEqual([2, 3, 2]);
  expect(X.T.toArray()).toEqual([
    [0, 3],
    [1, 4],
    [2, 5],
  ]);
});

test('repeat may leave elements out', () => {
  expect(repeat(tensor([1, 2]), [0, 2]).toArray()).toEqual([2, 2]);
  expect(repeat(tensor([1, 2]), tensor([2, 1], { dtype: 'int32' })).toArray()).toEqual([1, 1, 2]);
});

test('takeAlongAxis has derivatives', () => {
  const indices = tensor(
    [
      [2, 2],
      [0, 1],
    ],
    { dtype: 'int32' },
  );
  expect(
    checkOrders((x) => takeAlongAxis(x!, indices, 1), [sampled([2, 3], [-1, 1], new Generator(1))]),
  ).toEqual([]);
});

test('astype truncates to integers and refuses what they do not hold', () => {
  expect(tensor([1.9, -1.9, 0]).astype('int32').toArray()).toEqual([1, -1, 0]);
  expect(tensor([2, 0]).astype('bool').toArray()).toEqual([true, false]);
  expect(tensor([true, false]).astype('float32').toArray()).toEqual([1, 0]);
  expect(() => tensor([256]).astype('uint8')).toThrow(
    'Cannot convert 256 to uint8: the type does not hold it',
  );
  expect(() => tensor([Number.NaN]).astype('int32')).toThrow('Cannot convert NaN to int32');
});

describe('errors name the operation, the shapes and a remedy', () => {
  test.each<[string, () => unknown]>([
    [
      'Cannot multiply matrices of shape [2, 3] and [2, 3]: inner sizes 3 and 2 must agree',
      () => matmul(X, X as Tensor),
    ],
    [
      'Cannot multiply matrices of shape [2, 3] (transposed) and [3, 2]: inner sizes 2 and 3 must agree',
      () => matmul(X, X.T, { transposeA: true }),
    ],
    ['Cannot multiply matrices of shape [] and [2, 3]: use mul for scalars', () => matmul(tensor(1), X)],
    [
      'Cannot reshape [2, 3] to [4]: it has 6 elements; one length may be -1 and is then found',
      () => X.reshape([4]),
    ],
    ['Cannot reshape [2, 3] to [4, -1]: it has 6 elements', () => X.reshape([4, -1])],
    ['Cannot permute the axes of [2, 3] to [0,0]: each axis must be named once', () => X.permuteDims([0, 0])],
    ['Cannot transpose [1]: it has 1 axes, and 2 are needed', () => tensor([1]).T],
    ['Cannot broadcast [2, 3] to [2, 1]: only axes of length 1 can be repeated', () => X.broadcastTo([2, 1])],
    ['Cannot take axis 2 of a tensor of rank 2 in sum: axes are -2 to 1', () => X.sum(2)],
    ['Cannot take axis 0 of a tensor of rank 0 in max: it has no axes', () => tensor(1).max(0)],
    ['Cannot take the axes [0,-2] in sum: an axis is named twice', () => X.sum([0, -2])],
    [
      'Cannot take the max of [0, 2] along axis 0: it has no elements',
      () => tensor([], { shape: [0, 2] }).max(0),
    ],
    ['Cannot take index 5 of axis 1: its indices are -3 to 2', () => X.slice(0, 5)],
    ['Cannot slice axis 0 with step 0: it must be an integer other than 0', () => X.slice([0, 1, 0])],
    ['Cannot slice 3 axes of [2, 3]: it has 2', () => X.slice(0, 0, 0)],
    ['Cannot take index 2 in take: indices are integers from 0 to 1', () => take(X, [0, 2])],
    ['Cannot take index 0.5 in take: indices are integers from 0 to 1', () => take(X, [0.5])],
    [
      'Cannot take [2, 2] along axis 0 of [2, 3]: the other axes must agree',
      () =>
        takeAlongAxis(
          X,
          tensor(
            [
              [0, 0],
              [0, 0],
            ],
            { dtype: 'int32' },
          ),
          0,
        ),
    ],
    [
      'Cannot join [2, 3] and [3, 2] along axis 0: the other axes must agree',
      () => concat([X, X.T as Tensor]),
    ],
    ['Cannot join no tensors: at least one is needed', () => concat([])],
    ['Cannot use float32 as indices in take: they must be int32 or uint8', () => take(X, tensor([0]))],
  ])('%s', (message, act) => {
    expect(act).toThrow(message);
    expect(act).toThrow(expect.objectContaining({ code: expect.stringMatching(/^ERR_(SHAPE_|DTYPE)/) }));
  });
});

describe('linear is a product and a sum, to the bit', () => {
  const random = (shape: number[], seed: number) =>
    sampled(shape, [-2, 2], new Generator(seed)).astype('float32');
  test.each<[string, Tensor, number[]]>([
    ['a matrix', random([7, 5], 1), [5, 3]],
    ['one that is mostly zeros', random([100, 300], 1).relu().sub(1).relu(), [300, 40]],
    ['a transposed one', random([5, 7], 1).T, [5, 3]],
    ['a vector', random([5], 1), [5, 3]],
    ['a batch of matrices', random([2, 7, 5], 1), [5, 3]],
  ])('%s', (_, x, shape) => {
    const [weight, bias] = [random(shape, 2), random([shape[1]!], 3)];
    const expected = matmul(x, weight, {}).add(bias);
    expect(linear(x, weight, bias).toArray()).toEqual(expected.toArray());
  });
});
