import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { floats } from './dtype.ts';
import type { Epilogue } from './epilogue.ts';
import { KernelError } from './errors.ts';
import { difference } from './fixtures/difference.ts';
import { clear, PLACEMENTS } from './fixtures/placement.ts';
import { useThreads } from './fixtures/threads.ts';
import { uniform } from './fixtures/uniform.ts';
import { matmul } from './matmul.ts';
import * as reference from './reference.ts';
import { setRelaxed } from './relaxed.ts';
import { sparsePlan } from './sparse.ts';

const SIZES = [1, 3, 4, 5, 8, 9, 17];
const SHAPES = [
  ...SIZES.flatMap((m) => SIZES.flatMap((n) => [0, 1, 2, 5, 8, 19].map((k) => [m, n, k] as const))),
  [0, 4, 3],
  [3, 0, 2],
  [33, 10, 200],
  [600, 3, 130],
] as const;

const LAYOUTS = [false, true].flatMap((transposeA) =>
  [false, true].map((transposeB) => ({ transposeA, transposeB })),
);

const filledWithZeros = (x: number) => (Math.abs(x) > 0.15 ? x * 0 : x); // of both signs

/** Large enough to be cut: by columns, by rows, ragged; and with zeros to skip, of more rows than are condensed at once. */
const LARGE = {
  dense: {
    filling: (x: number) => x,
    layouts: LAYOUTS,
    shapes: [
      [130, 70, 301],
      [1001, 10, 300],
      [64, 515, 97],
    ],
  },
  'full of zeros': {
    filling: filledWithZeros,
    layouts: LAYOUTS.filter(({ transposeB }) => !transposeB),
    shapes: [
      [130, 70, 301],
      [500, 40, 350],
      [1000, 20, 60],
    ],
  },
} as const;

const hasRelaxed = (() => {
  try {
    setRelaxed(true);
    return true;
  } catch {
    return false;
  } finally {
    setRelaxed(false);
  }
})();

afterEach(clear);
afterAll(() => useThreads(1));

describe.each(Object.values(floats))('matmul of $name', (float) => {
  const { array } = float;
  type A = typeof array.prototype;
  const matrix = (length: number, seed: number) => array.from(uniform(length, seed)) as A;

  test.each(LAYOUTS)('equals the reference bit for bit in every shape and placement: %j', (layout) => {
    for (const [m, n, k] of SHAPES) {
      const sizes = { m, n, k, ...layout };
      const [a, b] = [matrix(m * k, 1), matrix(k * n, 2)];
      const right = reference.matmul(new array(m * n), a, b, sizes);
      for (const [placement, place] of Object.entries(PLACEMENTS)) {
        const out = matmul(place(new array(m * n).fill(7)), place(a), place(b), sizes);
        expect(difference(out, right), `${placement} ${m} × ${k} × ${n}`).toBeUndefined();
      }
      clear();
    }
  });

  describe.each(Object.entries(LARGE))('large and %s', (_, { filling, layouts, shapes }) => {
    test.each(layouts)('equals the reference bit for bit on any number of threads: %j', async (layout) => {
      const cases = shapes.map(([m, n, k]) => {
        const sizes = { m, n, k, ...layout };
        const [a, b] = [matrix(m * k, 1).map(filling) as A, matrix(k * n, 2)];
        const right = reference.matmul(new array(m * n), a, b, sizes);
        const operands = [a, b, new array(m * n) as A].map(PLACEMENTS.allocated) as [A, A, A];
        return { sizes, operands, right };
      });
      for (const threads of [1, 2, 3]) {
        await useThreads(threads);
        for (const { sizes, operands, right } of cases) {
          const [a, b, out] = operands;
          out.fill(7);
          expect(difference(matmul(out, a, b, sizes), right), JSON.stringify(sizes)).toBeUndefined();
        }
      }
    });
  });

  describe.skipIf(!hasRelaxed)('with relaxed SIMD', () => {
    afterEach(() => setRelaxed(false));

    test.each(LAYOUTS)(
      'differs by roundings alone, and is the same on any number of threads: %j',
      async (layout) => {
        const epsilon = float.bytes === 4 ? 2 ** -24 : 2 ** -53;
        for (const filling of [(x: number) => x, filledWithZeros]) {
          for (const [m, n, k] of [
            [5, 3, 19],
            [130, 70, 301],
            [1000, 20, 60],
          ] as const) {
            const sizes = { m, n, k, ...layout };
            const [a, b] = [matrix(m * k, 1).map(filling) as A, matrix(k * n, 2)];
            const absolute = (x: A) => x.map(Math.abs) as A;
            const bound = reference.matmul(new array(m * n), absolute(a), absolute(b), sizes);
            const right = reference.matmul(new array(m * n), a, b, sizes);
            setRelaxed(true);
            const results: A[] = [];
            for (const threads of [1, 2]) {
              await useThreads(threads);
              results.push(matmul(new array(m * n) as A, a, b, sizes));
            }
            setRelaxed(false);
            expect(difference(results[0]!, results[1]!)).toBeUndefined();
            const isNear = (x: number, i: number) => Math.abs(x - right[i]!) <= 2 * k * epsilon * bound[i]!;
            expect(results[0]!.every(isNear), JSON.stringify(sizes)).toBe(true);
          }
        }
      },
    );
  });

  test.each([Number.NaN, Infinity, -Infinity])('%d is not lost among zeros', (value) => {
    const [m, n, k] = [100, 64, 128];
    const sizes = { m, n, k };
    const a = matrix(m * k, 1).map(filledWithZeros) as A;
    expect(sparsePlan(float, a, sizes)).toBeDefined();
    for (const [x, y] of [
      [a.slice().fill(value, 1000, 1001) as A, matrix(k * n, 2)],
      [a, matrix(k * n, 2).fill(value, 5000, 5001) as A],
      [a, matrix(k * n, 2).fill(value, k * n - 1) as A],
    ] as const) {
      const out = matmul(new array(m * n), x, y, sizes);
      expect(difference(out, reference.matmul(new array(m * n), x, y, sizes))).toBeUndefined();
      expect(out.every(Number.isFinite)).toBe(false);
    }
  });

  test('zeros are not counted where they cannot be skipped', () => {
    const zeros = new array(100 * 128);
    expect(sparsePlan(float, zeros, { m: 100, n: 64, k: 128, transposeB: true })).toBeUndefined();
    expect(sparsePlan(float, zeros, { m: 100, n: 3, k: 128 })).toBeUndefined();
    expect(sparsePlan(float, zeros.fill(1), { m: 100, n: 64, k: 128 })).toBeUndefined();
  });

  const EPILOGUES: Readonly<Record<string, (m: number, n: number) => Epilogue>> = {
    'a bias and an activation': (_, n) => ({
      formula: ($, x, bias) => $.relu($.add(x, bias)),
      inputs: [matrix(n, 3)],
    }),
    'a matrix, a number and a function of exp': (m, n) => ({
      formula: ($, x, scale, other) => $.sigmoid($.add($.mul(scale, x), other)),
      inputs: [0.3, matrix(m * n, 4)],
    }),
    'a function that is called for each element': () => ({ formula: ($, x) => $.gamma(x) }),
    'no product at all': (_, n) => ({ formula: ($, _x, row) => $.mul(row, $.pi), inputs: [matrix(n, 3)] }),
  };

  test.each(Object.entries(EPILOGUES))('stores %s', async (_, make) => {
    await useThreads(2);
    const shapes = [
      [1, 1, 3],
      [5, 3, 4],
      [6, 9, 5],
      [100, 64, 128],
    ] as const;
    for (const [m, n, k] of shapes) {
      const epilogue = make(m, n);
      for (const { filling } of Object.values(LARGE)) {
        const [a, b] = [matrix(m * k, 1).map(filling) as A, matrix(k * n, 2)];
        const product = reference.matmul(new array(m * n), a, b, { m, n, k });
        const spread = (epilogue.inputs ?? []).map((input) =>
          product.map((_, at) => (typeof input === 'number' ? input : input[at % input.length]!)),
        );
        const right = reference.map(epilogue.formula, new array(m * n), product, ...spread);
        for (const place of Object.values(PLACEMENTS)) {
          const inputs = epilogue.inputs?.map((x) => (typeof x === 'number' ? x : place(x as A))) ?? [];
          const sizes = { m, n, k, epilogue: { ...epilogue, inputs } };
          const out = matmul(place(new array(m * n)), place(a), place(b), sizes);
          expect(difference(out, right), `${m} × ${k} × ${n}`).toBeUndefined();
        }
        clear();
      }
    }
  });

  test('infinities and NaN stay in their rows and columns', () => {
    const a = array.of(Infinity, 1, 2, 3);
    const b = array.of(1, 0, 2, Number.NaN, 1, 1);
    const out = matmul(new array(6), a, b, { m: 2, n: 3, k: 2 });
    expect([...out]).toEqual([Number.NaN, Number.NaN, Infinity, Number.NaN, 3, 7]);
  });

  test.each(Object.entries(PLACEMENTS))('the result may be one of the operands: %s', (_, place) => {
    const a = place(array.of(1, 2, 3, 4));
    expect([...matmul(a, a, a, { m: 2, n: 2, k: 2 })]).toEqual([7, 10, 15, 22]);
  });
});

test('what does not fit is refused', () => {
  const a = new Float32Array(6);
  const sizes = { m: 2, n: 2, k: 3 };
  const out = new Float32Array(4);
  expect(() => matmul(out, a, new Float32Array(5), sizes)).toThrow(
    new KernelError('length', 'Cannot run matmul on b (3 × 2): expected 6 elements, got 5'),
  );
  expect(() => matmul<Float32Array | Float64Array>(out, a, new Float64Array(6), sizes)).toThrow(
    expect.objectContaining({ code: 'ERR_KERNEL_DTYPE' }),
  );
  const add: Epilogue['formula'] = ($, x, y) => $.add(x, y);
  const bias = new Float32Array(3);
  expect(() => matmul(out, a, a, { ...sizes, epilogue: { formula: add, inputs: [bias] } })).toThrow(
    'Cannot combine a product of 2 × 2 with 3 elements: expected 2 or 4',
  );
  expect(() => matmul(out, a, a, { ...sizes, epilogue: { formula: (_, x) => [x, x] } })).toThrow(
    expect.objectContaining({ code: 'ERR_KERNEL_FORMULA' }),
  );
});
