import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { argmax } from './argmax.ts';
import { floats } from './dtype.ts';
import { difference } from './fixtures/difference.ts';
import { clear, PLACEMENTS } from './fixtures/placement.ts';
import { SPECIAL } from './fixtures/special.ts';
import { useThreads } from './fixtures/threads.ts';
import { uniform } from './fixtures/uniform.ts';
import { reduce } from './reduce.ts';
import { type Reduction, reductions } from './reductions.ts';
import * as reference from './reference.ts';

const NAMES = Object.keys(reductions) as Reduction[];
const LENGTHS = [1, 2, 3, 4, 5, 16, 17, 31, 33, 255, 256, 257, 1000];
const SHAPES = LENGTHS.flatMap((n) => [
  { outer: 1, n, inner: 1 },
  { outer: 3, n, inner: 1 },
  { outer: 2, n, inner: 3 },
  { outer: 1, n, inner: 17 },
]);

/** Large enough to be cut for threads: along the axis, by rows, and rows of columns that no vector divides. */
const LARGE = [
  { outer: 1, n: 700_001, inner: 1 },
  { outer: 2, n: 350_001, inner: 1 },
  { outer: 300, n: 2400, inner: 1 },
  { outer: 1, n: 70_000, inner: 10 },
  { outer: 1, n: 300_000, inner: 3 },
  { outer: 9, n: 3000, inner: 27 },
];

afterEach(clear);
afterAll(() => useThreads(1));

describe.each(Object.values(floats))('reductions of $name', ({ array }) => {
  type A = typeof array.prototype;

  test.each(NAMES)('%s equals the reference bit for bit', (name) => {
    for (const sizes of [...SHAPES, { outer: 2, n: 70_001, inner: 1 }, { outer: 1, n: 9000, inner: 10 }]) {
      const x = array.from(uniform(sizes.outer * sizes.n * sizes.inner, 1)) as A;
      const right = reference.reduce(name, new array(sizes.outer * sizes.inner), x, sizes);
      for (const place of Object.values(PLACEMENTS)) {
        const out = reduce(name, place(new array(right.length)), place(x), sizes);
        expect(difference(out, right), JSON.stringify(sizes)).toBeUndefined();
      }
      clear();
    }
  });

  test('are the same on any number of threads', async () => {
    const cases = LARGE.map((sizes) => {
      const x = array.from(uniform(sizes.outer * sizes.n * sizes.inner, 1)) as A;
      const right = reference.reduce('sum', new array(sizes.outer * sizes.inner), x, sizes);
      return { sizes, x: PLACEMENTS['a view'](x), right };
    });
    for (const threads of [1, 2, 3]) {
      await useThreads(threads);
      for (const { sizes, x, right } of cases) {
        const out = reduce('sum', new array(right.length), x, sizes);
        expect(difference(out, right), JSON.stringify(sizes)).toBeUndefined();
      }
    }
  });

  test.each(NAMES)('%s of special values', (name) => {
    for (const a of SPECIAL) {
      for (const b of SPECIAL) {
        const x = array.of(a, b);
        const sizes = { outer: 1, n: 2, inner: 1 };
        expect(reduce(name, new array(1), x, sizes)).toEqual(reference.reduce(name, new array(1), x, sizes));
      }
    }
  });

  test('a maximum and a minimum mind NaN and the sign of 0 wherever they are', () => {
    for (const name of ['max', 'min'] as const) {
      for (const n of [3, 16, 70, 256, 600]) {
        for (const [most, one] of [
          [-0, 0],
          [0, -0],
          [1, Number.NaN],
          [0, Number.NaN],
          [-1, 0],
          [1, -0],
        ] as const) {
          for (const at of new Set([0, 1, n >> 1, n - 2, n - 1])) {
            const x = new array(n).fill(most);
            x[at] = one;
            const sizes = { outer: 1, n, inner: 1 };
            const right = reference.reduce(name, new array(1) as A, x as A, sizes);
            expect(
              difference(reduce(name, new array(1) as A, x as A, sizes), right),
              `${name} ${most} ${one}`,
            ).toBeUndefined();
          }
        }
      }
    }
  });

  test('of no elements: 0, 1, or an error where there is no value', () => {
    const none = { outer: 2, n: 0, inner: 1 };
    const empty = new array(0);
    expect([...reduce('sum', new array(2).fill(7), empty, none)]).toEqual([0, 0]);
    expect([...reduce('prod', new array(2).fill(7), empty, none)]).toEqual([1, 1]);
    for (const name of ['max', 'min'] as const) {
      expect(() => reduce(name, new array(2), empty, none)).toThrow(
        expect.objectContaining({
          code: 'ERR_KERNEL_EMPTY',
          message: `Cannot take the ${name} of no elements: it has no value`,
        }),
      );
      expect(reduce(name, empty, empty, { outer: 0, n: 0, inner: 1 })).toHaveLength(0);
    }
  });
});

test('the sum of ten million times 0.1 in float32 keeps six digits', () => {
  const n = 1e7;
  const [sum] = reduce('sum', new Float32Array(1), new Float32Array(n).fill(0.1), { outer: 1, n, inner: 1 });
  expect(Math.abs(sum! / (n * Math.fround(0.1)) - 1)).toBeLessThan(1e-6);
});

test.each([
  { x: [1, 3, 3, 2], at: 1 },
  { x: [-Infinity, -Infinity], at: 0 },
  { x: [1, Number.NaN, 9, Number.NaN], at: 1 },
  { x: [-0, 0], at: 0 },
])('argmax of $x is $at', ({ x, at }) => {
  expect([...argmax(new Int32Array(1), Float64Array.from(x), { outer: 1, n: x.length, inner: 1 })]).toEqual([
    at,
  ]);
});

test('argmax along an inner axis, and of no elements', () => {
  const x = Float32Array.of(1, 9, 5, 2, 3, 9, 0, 0, 1, 1, 1, 1);
  expect([...argmax(new Int32Array(4), x, { outer: 2, n: 3, inner: 2 })]).toEqual([1, 0, 1, 1]);
  expect(() => argmax(new Int32Array(1), new Float32Array(0), { outer: 1, n: 0, inner: 1 })).toThrow(
    expect.objectContaining({ code: 'ERR_KERNEL_EMPTY' }),
  );
});
