import { describe, expect, test } from 'vitest';
import { broadcastStrides, isRowMajor, positionsOf, type Shape, stridesOf } from './shape.ts';

test.each<[Shape, number[]]>([
  [[], []],
  [[3], [1]],
  [
    [2, 3, 4],
    [12, 4, 1],
  ],
  [
    [2, 0, 4],
    [0, 4, 1],
  ],
])('the strides of %j are %j', (shape, strides) => {
  expect(stridesOf(shape)).toEqual(strides);
  expect(isRowMajor(shape, strides)).toBe(true);
});

describe('row by row lies', () => {
  test.each<[Shape, number[], boolean]>([
    [[2, 3], [3, 1], true],
    [[2, 3], [1, 2], false],
    [[2, 3], [6, 2], false],
    [[2, 3], [-3, 1], false],
    [[3, 3], [0, 1], false],
    [[1, 3], [99, 1], true],
    [[2, 1, 3], [3, 99, 1], true],
    [[2, 0], [7, 7], true],
    [[0, 2], [7, 7], false],
    [[], [], true],
  ])('%j with strides %j: %j', (shape, strides, is) => expect(isRowMajor(shape, strides)).toBe(is));
});

test.each<[Shape, Shape, number[]]>([
  [[3], [2, 3], [0, 1]],
  [
    [2, 1],
    [2, 3],
    [1, 0],
  ],
  [[], [2, 2], [0, 0]],
  [
    [2, 3],
    [2, 3],
    [3, 1],
  ],
])('%j read as %j has the strides %j', (from, to, strides) =>
  expect(broadcastStrides(from, to)).toEqual(strides),
);

test('positions are in row-major order, from an offset', () => {
  expect([...positionsOf([2, 3], [10, -1], 5)]).toEqual([5, 4, 3, 15, 14, 13]);
  expect([...positionsOf([], [], 7)]).toEqual([7]);
  expect([...positionsOf([0, 2], [1, 1], 0)]).toEqual([]);
});
