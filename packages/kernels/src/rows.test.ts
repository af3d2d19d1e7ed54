import { afterAll, describe, expect, test } from 'vitest';
import { floats } from './dtype.ts';
import { difference } from './fixtures/difference.ts';
import { clear, PLACEMENTS } from './fixtures/placement.ts';
import { ulps } from './fixtures/special.ts';
import { useThreads } from './fixtures/threads.ts';
import { uniform } from './fixtures/uniform.ts';
import { compileMap } from './map.ts';
import { reduce } from './reduce.ts';
import * as reference from './reference.ts';
import type { Kind } from './rowPlan.ts';
import { compileRows, type RowFormula } from './rows.ts';
import type { RowCarrier } from './trace.ts';

/** The largest of a row, or 0 where it is not finite. */
const largest = <T, C>($: RowCarrier<T, C>, x: T): T => {
  const top = $.reduce('max', x);
  return $.where($.equal($.sub(top, top), $.int(0)), top, $.int(0));
};
const mean = <T, C>($: RowCarrier<T, C>, x: T): T => $.div($.reduce('sum', x), $.columns);

const softmax: RowFormula = ($, x) => {
  const powers = $.exp($.sub(x, largest($, x)));
  return $.div(powers, $.reduce('sum', powers));
};

interface Case {
  readonly inputs: readonly Kind[];
  readonly formula: RowFormula;
  readonly isMatrix: readonly boolean[];
}

const CASES: Readonly<Record<string, Case>> = {
  softmax: { inputs: ['matrix'], formula: softmax, isMatrix: [true] },
  'the gradient of softmax': {
    inputs: ['matrix', 'matrix'],
    formula: ($, g, y) => $.mul(y, $.sub(g, $.reduce('sum', $.mul(g, y)))),
    isMatrix: [true],
  },
  logSoftmax: {
    inputs: ['matrix'],
    formula: ($, x) => {
      const shifted = $.sub(x, largest($, x));
      return $.sub(shifted, $.log($.reduce('sum', $.exp(shifted))));
    },
    isMatrix: [true],
  },
  logSumExp: {
    inputs: ['matrix'],
    formula: ($, x) => {
      const top = largest($, x);
      return $.add($.log($.reduce('sum', $.exp($.sub(x, top)))), top);
    },
    isMatrix: [false],
  },
  'layer normalisation, with its mean and scale': {
    inputs: ['matrix', 'row', 'row', 'scalar'],
    formula: ($, x, gamma, beta, epsilon) => {
      const centre = mean($, x);
      const centred = $.sub(x, centre);
      const scale = $.inv($.sqrt($.add(mean($, $.square(centred)), epsilon)));
      return [$.add($.mul($.mul(centred, scale), gamma), beta), centre, scale];
    },
    isMatrix: [true, false, false],
  },
  'several reductions in one pass': {
    inputs: ['matrix', 'column', 'row'],
    formula: ($, x, column, row) => [
      $.sub($.reduce('max', $.mul(x, row)), $.reduce('min', x)),
      $.mul($.reduce('prod', $.add($.int(1), $.div(x, $.int(100)))), column),
      $.add($.reduce('sum', column), $.reduce('sum', row)),
    ],
    isMatrix: [false, false, false],
  },
  'what is costly, reduced twice and used again': {
    inputs: ['matrix'],
    formula: ($, x) => {
      const y = $.tanh($.exp(x));
      const z = $.sub(y, $.reduce('sum', y));
      return [$.mul(z, $.reduce('max', $.abs(z))), $.add(y, $.reduce('max', y))];
    },
    isMatrix: [true, true],
  },
  'what is costly, and its argument once more': {
    inputs: ['matrix'],
    formula: ($, x) => {
      const y = $.exp($.tanh(x));
      return $.div($.mul(x, y), $.reduce('sum', y));
    },
    isMatrix: [true],
  },
  'passes that are long together, but not each': {
    inputs: ['matrix'],
    formula: ($, x) => $.add($.tanh(x), $.reduce('sum', $.sin(x))),
    isMatrix: [true],
  },
  'no reduction': {
    inputs: ['column', 'row', 'matrix', 'scalar'],
    formula: ($, column, row, x, t) => [$.add(column, row), $.exp(column), $.mul(x, t), t],
    isMatrix: [true, false, true, false],
  },
  'a function that is called for each element': {
    inputs: ['matrix'],
    formula: ($, x) =>
      $.div($.gamma($.add($.abs(x), $.int(1))), $.reduce('sum', $.gamma($.add($.abs(x), $.int(1))))),
    isMatrix: [true],
  },
};

const WIDTHS = [1, 2, 5, 10, 31, 100, 1000, 4097];
const LARGE = 1000;
const lengthOf = (kind: Kind, m: number, n: number) =>
  ({ matrix: m * n, row: n, column: m, scalar: 1 })[kind];

afterAll(() => useThreads(1));

describe.each(Object.values(floats))('rows of $name', ({ name: dtype, array, bytes }) => {
  type A = typeof array.prototype;
  const place = (kind: Kind, data: A, where: (data: A) => A) => (kind === 'scalar' ? data[0]! : where(data));

  /** Runs a case in every placement, apart and in place, beside the reference. */
  function compare({ inputs, formula, isMatrix }: Case, m: number, n: number, data?: A) {
    const kernel = compileRows({ dtype, inputs }, formula);
    expect(kernel.isMatrix).toEqual(isMatrix);
    const x = inputs.map((kind, at) => ({
      kind,
      data: kind === 'matrix' && data ? data : (array.from(uniform(lengthOf(kind, m, n), at + 1)) as A),
    }));
    const right = reference.rows(dtype, formula, { m, n }, x);
    for (const where of Object.values(PLACEMENTS)) {
      const outs = isMatrix.map((full) => where(new array(full ? m * n : m).fill(7) as A));
      kernel(outs, { m, n }, ...x.map(({ kind, data }) => place(kind, data, where)));
      for (const [at, out] of outs.entries())
        expect(difference(out, right[at]!), `result ${at} of ${m} × ${n}`).toBeUndefined();
      const first = inputs.indexOf('matrix');
      if (first < 0 || !isMatrix[0]) continue;
      const values = x.map(({ kind, data }) => place(kind, data, where));
      kernel([values[first] as A, ...outs.slice(1)], { m, n }, ...values);
      expect(difference(values[first] as A, right[0]!), `${m} × ${n}, in place`).toBeUndefined();
    }
    clear();
  }

  describe.each(Object.entries(CASES))('%s', (_, program) => {
    test.each(WIDTHS)('%i columns: equal the reference bit for bit', (n) =>
      compare(program, n < LARGE ? 3 : 1, n),
    );
  });

  test('are the same on any number of threads', async () => {
    const { inputs, formula } = CASES['layer normalisation, with its mean and scale']!;
    const kernel = compileRows({ dtype, inputs }, formula);
    for (const [m, n] of [
      [10_000, 10],
      [100, 5000],
    ] as const) {
      const results = [];
      for (const threads of [1, 2, 3]) {
        await useThreads(threads);
        const values = inputs.map((kind, at) =>
          place(kind, array.from(uniform(lengthOf(kind, m, n), at + 1)) as A, PLACEMENTS.allocated),
        );
        results.push(kernel([values[0] as A, new array(m) as A, new array(m) as A], { m, n }, ...values));
        clear();
      }
      for (const result of results)
        for (const [at, out] of result.entries())
          expect(difference(out, results[0]![at]!), `result ${at} of ${m} × ${n}`).toBeUndefined();
    }
    await useThreads(1);
  });

  test('special values behave as in the reference', () => {
    const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
    const lists = [
      [nan, 1, 2],
      [1, inf, 2],
      [-inf, -inf, -inf],
      [-inf, 3, 4],
      [inf, -inf, 0],
      [1e30, -1e30, 0],
      [-0, -0, -0],
    ];
    const data = array.from(lists.flat()) as A;
    for (const program of Object.values(CASES)) compare(program, lists.length, 3, data);
  });

  test('no rows, and rows of no elements: sums are 0, a maximum is an error', () => {
    const sum = compileRows({ dtype, inputs: ['matrix'] }, ($, x) => $.reduce('sum', x));
    const product = compileRows({ dtype, inputs: ['matrix'] }, ($, x) => $.reduce('prod', x));
    const none = new array(0);
    for (const where of Object.values(PLACEMENTS)) {
      expect([...sum(where(new array(2).fill(7) as A), { m: 2, n: 0 }, where(none as A))]).toEqual([0, 0]);
      expect([...product(where(new array(2).fill(7) as A), { m: 2, n: 0 }, where(none as A))]).toEqual([
        1, 1,
      ]);
      clear();
    }
    const kernel = compileRows({ dtype, inputs: ['matrix'] }, softmax);
    expect(kernel(none, { m: 0, n: 3 }, none)).toHaveLength(0);
    expect(kernel(none, { m: 0, n: 0 }, none)).toHaveLength(0);
    expect(() => kernel(none, { m: 2, n: 0 }, none)).toThrow(
      expect.objectContaining({
        code: 'ERR_KERNEL_EMPTY',
        message: 'Cannot take the max of no elements: it has no value',
      }),
    );
  });

  test('give what maps and reductions give one after another, bit for bit', () => {
    for (const n of WIDTHS) {
      const m = 3;
      const x = array.from(uniform(m * n, 5)) as A;
      const sizes = { outer: m, n, inner: 1 };
      const column = (data: A) => ({ data, shape: [m, n], strides: [1, 0], offset: 0 });
      const top = reduce('max', new array(m) as A, x, sizes);
      const powers = compileMap({ dtype, inputs: 2 }, ($, x, top) => $.exp($.sub(x, top)))(
        new array(m * n) as A,
        x,
        column(top),
      );
      const total = reduce('sum', new array(m) as A, powers, sizes);
      const right = compileMap({ dtype, inputs: 2 }, ($, p, s) => $.div(p, s))(
        new array(m * n) as A,
        powers,
        column(total),
      );
      expect(
        difference(
          compileRows({ dtype, inputs: ['matrix'] }, softmax)(new array(m * n) as A, { m, n }, x),
          right,
        ),
      ).toBeUndefined();
    }
  });

  test('softmax is that of its definition in doubles', () => {
    const n = 1000;
    const x = array.from(uniform(n, 9).map((u) => 20 * u)) as A;
    const top = Math.max(...x);
    const total = Array.from(x, (v) => Math.exp(v - top))
      .toSorted((a, b) => a - b)
      .reduce((sum, power) => sum + power, 0);
    const y = compileRows({ dtype, inputs: ['matrix'] }, softmax)(new array(n) as A, { m: 1, n }, x);
    for (const [at, value] of y.entries()) {
      const right = Math.exp(x[at]! - top) / total;
      // The difference x - top is rounded to the type, which moves the result by half an ulp of the difference.
      const tolerance = (Math.abs(x[at]! - top) + 8) * (bytes === 4 ? 2 ** -24 : 2 ** -53);
      expect(Math.abs(value / right - 1)).toBeLessThan(2 * tolerance);
    }
    const third = array.of(1 / 3)[0]!;
    const even = compileRows({ dtype, inputs: ['matrix'] }, softmax)(
      new array(3) as A,
      { m: 1, n: 3 },
      new array(3).fill(7) as A,
    );
    for (const value of even) expect(ulps(value, third, array)).toBeLessThanOrEqual(0);
  });
});

test('the sum of ten million times 0.1 in float32 keeps six digits', () => {
  const n = 1e7;
  const sum = compileRows({ dtype: 'float32', inputs: ['matrix'] }, ($, x) => $.reduce('sum', x));
  const x = new Float32Array(n).fill(0.1);
  const [total] = sum(new Float32Array(1), { m: 1, n }, x);
  expect(total).toBe(reduce('sum', new Float32Array(1), x, { outer: 1, n, inner: 1 })[0]);
  expect(Math.abs(total! / (n * Math.fround(0.1)) - 1)).toBeLessThan(1e-6);
});

describe('a kernel of rows', () => {
  const kernel = compileRows(
    { dtype: 'float64', inputs: ['matrix', 'row', 'column', 'scalar'] },
    ($, x, row, column, t) => [$.mul($.add($.mul(x, row), column), t), $.reduce('sum', x)],
  );
  const [x, row, column] = [
    Float64Array.of(1, 2, 3, 4, 5, 6),
    Float64Array.of(1, 10, 100),
    Float64Array.of(7, 8),
  ];
  const outs = () => [new Float64Array(6), new Float64Array(2)];

  test('takes inputs of other types', () => {
    const [y, sums] = kernel(outs(), { m: 2, n: 3 }, Uint8Array.from(x), row, column, 2);
    expect([...y!, ...sums!]).toEqual([16, 54, 614, 24, 116, 1216, 6, 15]);
  });

  test('that was compiled before is the same, whatever closure wrote it', () => {
    const again = () =>
      compileRows({ dtype: 'float32', inputs: ['matrix'] }, ($, x) => $.reduce('max', $.mul(x, x)));
    expect(again()).toBe(again());
    expect(
      compileRows({ dtype: 'float32', inputs: ['row'] }, ($, x) => $.reduce('max', $.mul(x, x))),
    ).not.toBe(again());
  });

  test.each<[string, () => unknown, string, string]>([
    [
      'too few results',
      () => kernel([new Float64Array(6)], { m: 2, n: 3 }, x, row, column, 2),
      'LENGTH',
      'the formula has 4 and 2',
    ],
    [
      'too few inputs',
      () => kernel(outs(), { m: 2, n: 3 }, x, row, column),
      'LENGTH',
      'with 3 inputs and 2 results',
    ],
    [
      'a short matrix',
      () => kernel(outs(), { m: 2, n: 3 }, row, row, column, 2),
      'LENGTH',
      'on input 0, a matrix: expected 6 elements, got 3',
    ],
    [
      'a short result',
      () => kernel([column, column], { m: 2, n: 3 }, x, row, column, 2),
      'LENGTH',
      'into result 0: expected 6 elements, got 2',
    ],
    [
      'fractions of rows',
      () => kernel(outs(), { m: 1.5, n: 4 }, x, row, column, 2),
      'LENGTH',
      'over 1.5 rows of 4 elements: give whole numbers',
    ],
    [
      'a number for a row',
      () => kernel(outs(), { m: 2, n: 3 }, x, 1, column, 2),
      'DTYPE',
      'input 1 must be a row, got number',
    ],
    [
      'a result of another type',
      () => kernel([new Float32Array(6), new Float32Array(2)], { m: 2, n: 3 }, x, row, column, 2),
      'DTYPE',
      'into Float32Array',
    ],
    [
      'a result over a row',
      () => kernel([x, column], { m: 2, n: 3 }, x, row, column, 2),
      'OVERLAP',
      'part of its own input',
    ],
    [
      'an unknown reduction',
      () => compileRows({ dtype: 'float64', inputs: ['matrix'] }, ($, x) => $.reduce('mean' as 'sum', x)),
      'FORMULA',
      'Cannot reduce by mean: there are sum, prod, max, min',
    ],
  ])('refuses %s', (_, run, code, message) => {
    expect(run).toThrow(
      expect.objectContaining({ code: `ERR_KERNEL_${code}`, message: expect.stringContaining(message) }),
    );
  });
});
