import { type BinaryName, ops, type UnaryName } from '@leibniz/ops';
import { describe, expect, test } from 'vitest';
import * as table from './elementwise.ts';
import { checkOrders, sampled } from './fixtures/checkOrders.ts';
import { functions } from './functions.ts';
import { Generator } from './generator.ts';
import {
  elementwise,
  equal,
  type Formula,
  fuse,
  grad,
  greater,
  greaterEqual,
  less,
  lessEqual,
  notEqual,
  type Operand,
  type Shape,
  type Tensor,
  tensor,
  where,
} from './index.ts';

const unary = Object.keys(ops.unary) as UnaryName[];
const binary = Object.keys(ops.binary) as BinaryName[];
type Unary = (x: Operand) => Tensor;

const POINTS = [-2.7, -1, -0.4, -0, 0, 0.3, 1, 1.9, 88, Number.NaN];

describe('operations of the table', () => {
  test.each(
    (['float32', 'float64'] as const).flatMap((dtype) =>
      [...unary, ...binary].map((name) => [name, dtype] as const),
    ),
  )('%s of one element of %s is what it is among others, and so is its gradient', (name, dtype) => {
    const isBinary = name in ops.binary;
    const f = (isBinary ? table.binary(name as BinaryName) : table.unary(name as UnaryName)) as (
      ...x: Operand[]
    ) => Tensor;
    const count = isBinary ? 2 : 1;
    const make = (values: readonly number[], shape: Shape) =>
      tensor(values, { dtype, shape, requiresGrad: true });
    const both = (operands: readonly Tensor[]) => {
      const y = f(...operands);
      if (name !== 'polygamma') y.sum().backward();
      return [y, ...operands.map((x) => x.grad)].map((x) => x && Float64Array.from(x.dataSync()));
    };
    const among = both(
      Array.from({ length: count }, (_, at) =>
        make(
          POINTS.map((_, i) => POINTS[(i + 3 * at) % 10]!),
          [10],
        ),
      ),
    );
    for (const i of POINTS.keys()) {
      const one = both(Array.from({ length: count }, (_, at) => make([POINTS[(i + 3 * at) % 10]!], [])));
      expect(one.map((x) => x?.[0])).toEqual(among.map((x) => x?.[i]));
    }
  });

  test('polygamma has no rule by its first argument', () => {
    const order = tensor([1], { requiresGrad: true });
    expect(() => functions.polygamma(order, 2).sum().backward()).toThrow(
      'Cannot differentiate polygamma by its argument 0',
    );
  });

  test.each(unary)('the method x.%s() is the function', (name) => {
    const x = tensor([0.5, 0.75]);
    expect(x[name]().toArray()).toEqual((functions[name] as Unary)(x).toArray());
  });
});

describe('formulas', () => {
  const generator = new Generator(8);
  const FORMULAS: readonly { name: string; formula: Formula; shapes: readonly Shape[] }[] = [
    { name: 'one input', formula: ($, x) => $.log($.add($.int(1), $.exp(x))), shapes: [[3]] },
    {
      name: 'three inputs, broadcast',
      formula: ($, a, b, c) => $.mul($.sin(a), $.add(b, $.mul(a, c))),
      shapes: [[2, 1], [3], []],
    },
    { name: 'an unused input', formula: ($, a) => $.square(a), shapes: [[2], [2]] },
    { name: 'an input passed on', formula: (_, __, b) => b, shapes: [[2, 2], [2]] },
    { name: 'a constant', formula: ($) => $.pi, shapes: [[2]] },
    {
      name: 'a choice',
      formula: ($, a, b) => $.where($.less(a, b), $.square(a), $.mul(a, b)),
      shapes: [[4], [4]],
    },
  ];

  test.each(FORMULAS)('of $name have derivatives', ({ formula, shapes }) => {
    const inputs = shapes.map((shape) => sampled(shape, [0.5, 2], generator));
    expect(checkOrders((...x) => elementwise(formula, ...x), inputs)).toEqual([]);
  });

  test('may have several results', () => {
    const polar = (x: Tensor, y: Tensor) => fuse(($, x, y) => [$.hypot(x, y), $.atan2(y, x)], x, y);
    const inputs = [sampled([3], [1, 2], generator), sampled([2, 1], [1, 2], generator)];
    for (const at of [0, 1]) expect(checkOrders((x, y) => polar(x!, y!)[at]!, inputs)).toEqual([]);
  });

  test('take numbers as scalars', () => {
    expect(elementwise(($, x, t) => $.mul(x, t), tensor([1, 2]), 2.5).toArray()).toEqual([2.5, 5]);
  });

  test('a gradient does not pass through the branch that is not taken', () => {
    const x = tensor([0, 4], { requiresGrad: true });
    where(greater(x, 0), x.sqrt(), x).sum().backward();
    expect(x.grad!.toArray()).toEqual([Number.NaN, 0.25]);
    const y = tensor([0, 4], { requiresGrad: true });
    elementwise(($, y) => $.where($.less($.int(0), y), $.mul(y, y), y), y)
      .sum()
      .backward();
    expect(y.grad!.toArray()).toEqual([1, 8]);
  });
});

test.each([
  { f: (x: Tensor) => x.abs(), at: 0, slope: 0 },
  { f: (x: Tensor) => x.sign(), at: 0, slope: 0 },
  { f: (x: Tensor) => x.relu(), at: 0, slope: 0 },
  { f: (x: Tensor) => x.maximum(0), at: 0, slope: 0.5 },
  { f: (x: Tensor) => x.minimum(x), at: 2, slope: 1 },
  { f: (x: Tensor) => x.floor(), at: 2, slope: 0 },
])('at the kink of $f the slope is $slope', ({ f, at, slope }) => {
  expect(grad(f)(tensor(at)).item()).toBe(slope);
});

describe('broadcasting', () => {
  test.each([
    [[], [], []],
    [[2, 3], [], [2, 3]],
    [[2, 3], [3], [2, 3]],
    [
      [2, 1],
      [1, 3],
      [2, 3],
    ],
    [
      [3, 1, 2],
      [4, 1],
      [3, 4, 2],
    ],
    [[0], [1], [0]],
    [
      [2, 0],
      [2, 1],
      [2, 0],
    ],
  ])('%j and %j give %j', (a, b, shape) => {
    const [left, right] = [sampled(a, [0, 1], new Generator(1)), sampled(b, [0, 1], new Generator(2))];
    expect(left.add(right).shape).toEqual(shape);
    expect(right.add(left).toArray()).toEqual(left.add(right).toArray());
    expect(left.add(right).toArray()).toEqual(
      left.broadcastTo(shape).add(right.broadcastTo(shape)).toArray(),
    );
  });

  test.each([
    [[2, 3], [2], 'Cannot broadcast [2, 3] and [2] in add: lengths 3 and 2 differ at axis -1'],
    [[2, 3], [4, 3], 'Cannot broadcast [2, 3] and [4, 3] in add: lengths 2 and 4 differ at axis -2'],
    [[0], [2], 'Cannot broadcast [0] and [2] in add: lengths 0 and 2 differ at axis -1'],
  ])('%j and %j are refused', (a, b, message) => {
    expect(() => sampled(a, [0, 1], new Generator(1)).add(sampled(b, [0, 1], new Generator(1)))).toThrow(
      message,
    );
  });
});

describe('types', () => {
  const float32 = tensor([0.1]);
  const float64 = tensor([0.1], { dtype: 'float64' });
  const int32 = tensor([1], { dtype: 'int32' });

  test('the wider float wins, and a number adopts the type of the tensor', () => {
    expect([float32.add(float64).dtype, float32.add(0.1).dtype, float64.add(0.1).dtype]).toEqual([
      'float64',
      'float32',
      'float64',
    ]);
    expect(float32.add(float64).item()).toBe(Math.fround(0.1) + 0.1);
    expect(float32.equal(0.1).item()).toBe(1);
  });

  test('a gradient has the type of its tensor', () => {
    const x = tensor([2], { requiresGrad: true });
    x.mul(float64).sum().backward();
    expect([x.grad!.dtype, x.grad!.item()]).toEqual(['float32', Math.fround(0.1)]);
  });

  test('kinds do not mix, and functions of reals take no integers', () => {
    expect(() => int32.exp()).toThrow(
      "Cannot apply exp to int32: it is defined for float32 and float64; convert with .astype('float32')",
    );
    expect(() => float32.add(int32)).toThrow(
      "Cannot apply add to float32 and int32: kinds do not mix; convert one with .astype('float32')",
    );
    expect(() => where(float32, 1, 0)).toThrow('Cannot choose by a condition of float32: it must be bool');
    expect(() => float32.less(int32)).toThrow(expect.objectContaining({ code: 'ERR_DTYPE' }));
  });

  test('comparisons are of type bool, NaN compares as unequal', () => {
    const [a, b] = [tensor([1, 2, Number.NaN]), tensor([2, 2, Number.NaN])];
    const table = { less, lessEqual, greater, greaterEqual, equal, notEqual };
    expect(Object.entries(table).map(([name, f]) => [name, f(a, b).dtype, f(a, b).toArray()])).toEqual([
      ['less', 'bool', [true, false, false]],
      ['lessEqual', 'bool', [true, true, false]],
      ['greater', 'bool', [false, false, false]],
      ['greaterEqual', 'bool', [false, true, false]],
      ['equal', 'bool', [false, true, false]],
      ['notEqual', 'bool', [true, false, true]],
    ]);
    const big = tensor([2 ** 31 - 1, 2 ** 31 - 2], { dtype: 'int32' });
    expect(big.equal(2 ** 31 - 1).toArray()).toEqual([true, false]);
  });
});
