// What the compiler knows of shapes: `tsc` checks this file; running it checks that what it promises comes true.

import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  add,
  broadcastTo,
  concat,
  exp,
  less,
  linspace,
  matmul,
  max,
  mean,
  ones,
  permuteDims,
  randn,
  reshape,
  type Shape,
  stack,
  sum,
  type Tensor,
  transpose,
  where,
  zeros,
  zerosLike,
} from './index.ts';

const a = zeros([2, 3]);
const b = zeros([3, 4]);
const row = zeros([3]);
const column = zeros([2, 1]);
const cube = zeros([5, 2, 3]);
const scalar = zeros([]);
const unknown: Tensor = a;
const length: number = 2;
const axis: number = 1;
const partly = zeros([length, 3]);

/** Each with the type that it has; the shape at run time is the one that the type says. */
test('literal shapes', () => {
  expectTypeOf(a).toEqualTypeOf<Tensor<[2, 3]>>();
  expectTypeOf(scalar).toEqualTypeOf<Tensor<[]>>();
  expectTypeOf(partly).toEqualTypeOf<Tensor<[number, 3]>>();
  expectTypeOf(zeros([2, 3] as number[])).toEqualTypeOf<Tensor<Shape>>();
  expectTypeOf(ones([7])).toEqualTypeOf<Tensor<[7]>>();
  expectTypeOf(zerosLike(a)).toEqualTypeOf<Tensor<[2, 3]>>();
  expectTypeOf(linspace(0, 1, 3)).toEqualTypeOf<Tensor>();
  expectTypeOf(a.shape).toEqualTypeOf<readonly [2, 3]>();
  expectTypeOf(a).toExtend<Tensor>();
  expectTypeOf(unknown.shape).toEqualTypeOf<Shape>();
});

describe('of results', () => {
  const cases = [
    [a.exp(), [2, 3]],
    [exp(a), [2, 3]],
    [a.add(row), [2, 3]],
    [row.add(a), [2, 3]],
    [column.mul(row), [2, 3]],
    [add(column, cube), [5, 2, 3]],
    [a.add(1), [2, 3]],
    [a.add(scalar), [2, 3]],
    [less(a, row), [2, 3]],
    [a.greater(column), [2, 3]],
    [a.matmul(b), [2, 4]],
    [matmul(a, row), [2]],
    [matmul(row, b), [4]],
    [matmul(row, row), []],
    [matmul(cube, b), [5, 2, 4]],
    [a.sum(), []],
    [a.sum(0), [3]],
    [a.sum(-1), [2]],
    [a.sum(1, { keepdims: true }), [2, 1]],
    [sum(a, undefined, { keepdims: true }), [1, 1]],
    [mean(cube, 1), [5, 3]],
    [max(cube, -3), [2, 3]],
    [cube.prod([2]), [5, 2]],
    [transpose(a), [3, 2]],
    [a.T, [3, 2]],
    [cube.T, [5, 3, 2]],
    [permuteDims(cube, [2, 0, 1]), [3, 5, 2]],
    [reshape(a, [3, 2]), [3, 2]],
    [a.reshape([6]), [6]],
    [broadcastTo(row, [4, 3]), [4, 3]],
    [concat([a, a]), [4, 3]],
    [concat([a, column], 1), [2, 4]],
    [stack([a, a, a]), [3, 2, 3]],
    [stack([row, row], 1), [3, 2]],
    [a.astype('float64'), [2, 3]],
    [a.stopGradient(), [2, 3]],
    [a.softmax(), [2, 3]],
    [a.sort(0), [2, 3]],
    [a.flip(), [2, 3]],
    [a.tril({ k: 1 }), [2, 3]],
    [a.isnan(), [2, 3]],
    [a.var(0), [3]],
    [a.std(1, { keepdims: true, correction: 1 }), [2, 1]],
    [a.any(-1), [2]],
    [a.all(), []],
  ] as const;

  test.each(cases.map(([x, shape]) => ({ x, shape })))('$shape', ({ x, shape }) => {
    expect(x.shape).toEqual(shape);
  });

  test('are those of the types', () => {
    type ShapesOf<T> = {
      [K in keyof T]: T[K] extends readonly [Tensor<infer S>, unknown] ? Readonly<S> : never;
    };
    type Expected<T> = { [K in keyof T]: T[K] extends readonly [unknown, infer S] ? S : never };
    expectTypeOf<ShapesOf<typeof cases>>().toEqualTypeOf<Expected<typeof cases>>();
  });
});

test('where something is not known, so is the result', () => {
  expectTypeOf(partly.add(row)).toEqualTypeOf<Tensor<[number, 3]>>();
  expectTypeOf(partly.add(column)).toEqualTypeOf<Tensor<[2, 3]>>();
  expectTypeOf(partly.matmul(b)).toEqualTypeOf<Tensor<[number, 4]>>();
  expectTypeOf(partly.sum(1)).toEqualTypeOf<Tensor<[number]>>();
  expectTypeOf(partly.sum(axis)).toEqualTypeOf<Tensor>();
  expectTypeOf(partly.T).toEqualTypeOf<Tensor<[3, number]>>();
  expectTypeOf(a.reshape([-1, 2])).toEqualTypeOf<Tensor<[number, 2]>>();
  expectTypeOf(unknown.add(a)).toEqualTypeOf<Tensor>();
  expectTypeOf(unknown.T.matmul(a)).toEqualTypeOf<Tensor>();
  expectTypeOf(unknown.sum(0)).toEqualTypeOf<Tensor>();
  expectTypeOf(concat([partly, a])).toEqualTypeOf<Tensor<[number, 3]>>();
  expectTypeOf(concat([unknown, a])).toEqualTypeOf<Tensor>();
  expectTypeOf(concat([zeros([5000]), zeros([1])])).toEqualTypeOf<Tensor<[number]>>();
  expectTypeOf(where(a.less(0), a, 0)).toEqualTypeOf<Tensor>();
  expectTypeOf(randn([2])).toExtend<Tensor>();
});

test('what does not fit does not compile, and throws', () => {
  const refused: (() => unknown)[] = [
    // @ts-expect-error lengths 3 and 4 do not broadcast
    () => a.add(zeros([4])),
    // @ts-expect-error
    () => add(a, zeros([3, 3])),
    // @ts-expect-error
    () => zeros([2, 2, 3]).mul(cube),
    // @ts-expect-error
    () => less(a, zeros([2])),
    // @ts-expect-error inner lengths 3 and 2
    () => a.matmul(a),
    // @ts-expect-error
    () => matmul(row, a),
    // @ts-expect-error
    () => b.matmul(b),
    // @ts-expect-error batches of 5 and 4
    () => matmul(cube, zeros([4, 3, 2])),
    // @ts-expect-error the other axes differ
    () => concat([a, b]),
    // @ts-expect-error
    () => concat([a, row]),
  ];
  for (const act of refused) expect(act).toThrow(expect.objectContaining({ code: 'ERR_SHAPE_MISMATCH' }));
});

test('a network', () => {
  const images = zeros([500, 784]);
  const [w1, b1, w2] = [zeros([784, 200]), zeros([200]), zeros([200, 10])] as const;
  const hidden = images.matmul(w1).add(b1).relu();
  expectTypeOf(hidden).toEqualTypeOf<Tensor<[500, 200]>>();
  const logits = hidden.matmul(w2);
  expectTypeOf(logits).toEqualTypeOf<Tensor<[500, 10]>>();
  expectTypeOf(logits.sub(logits.max(1, { keepdims: true }))).toEqualTypeOf<Tensor<[500, 10]>>();
  expect(logits.shape).toEqual([500, 10]);
});
