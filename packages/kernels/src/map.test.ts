import { type BinaryName, type Carrier, dual, ops, type UnaryName } from '@leibniz/ops';
import { afterAll, describe, expect, test } from 'vitest';
import { floats } from './dtype.ts';
import { difference } from './fixtures/difference.ts';
import { clear, PLACEMENTS } from './fixtures/placement.ts';
import { SPECIAL } from './fixtures/special.ts';
import { useThreads } from './fixtures/threads.ts';
import { uniform } from './fixtures/uniform.ts';
import { allocate, release } from './heap.ts';
import { compileMap, type Formula } from './map.ts';
import * as reference from './reference.ts';
import { copyStrided } from './strided.ts';

const LENGTHS = [0, 1, 3, 4, 5, 17, 1000];

afterAll(() => useThreads(1));

/** `n` points of an interval. */
const sample = (n: number, [from, to]: readonly [number, number], seed: number) =>
  uniform(n, seed).map((u) => from + ((u + 1) / 2) * (to - from));

describe.each(Object.values(floats))(
  'maps of $name equal the reference bit for bit',
  ({ name: dtype, array }) => {
    const unary = Object.keys(ops.unary) as UnaryName[];
    const binary = (Object.keys(ops.binary) as BinaryName[]).filter((name) => name !== 'polygamma');
    const pairs = SPECIAL.flatMap((a) => SPECIAL.map((b) => [a, b] as const));

    test.each(unary)('%s', (name) => {
      const formula: Formula = ($, x) => $[name](x);
      const kernel = compileMap({ dtype, inputs: 1 }, formula);
      for (const points of [...LENGTHS.map((n) => sample(n, ops.unary[name].sample, n + 1)), SPECIAL]) {
        const x = array.from(points);
        expect(kernel(new array(x.length), x)).toEqual(reference.map(formula, new array(x.length), x));
      }
    });

    test.each(binary)('%s', (name) => {
      const formula: Formula = ($, a, b) => $[name](a, b);
      const kernel = compileMap({ dtype, inputs: 2 }, formula);
      const [first, second] = ops.binary[name].sample;
      const samples = LENGTHS.map((n) => [sample(n, first, n + 1), sample(n, second, n + 2)] as const);
      for (const points of [...samples, [pairs.map(([a]) => a), pairs.map(([, b]) => b)] as const]) {
        const [a, b] = points.map((point) => array.from(point)) as [
          typeof array.prototype,
          typeof array.prototype,
        ];
        expect(kernel(new array(a.length), a, b)).toEqual(reference.map(formula, new array(a.length), a, b));
      }
    });

    test('polygamma', () => {
      const formula: Formula = ($, x) => $.polygamma($.int(2), x);
      const x = array.from(sample(17, [0.5, 6], 1));
      expect(compileMap({ dtype, inputs: 1 }, formula)(new array(17), x)).toEqual(
        reference.map(formula, new array(17), x),
      );
    });

    test.each<[string, <T, C>($: Carrier<T, C>, a: T, b: T) => C]>([
      ['less', ($, a, b) => $.less(a, b)],
      ['lessEqual', ($, a, b) => $.lessEqual(a, b)],
      ['equal', ($, a, b) => $.equal(a, b)],
      ['not', ($, a, b) => $.not($.less(a, b))],
      ['and', ($, a, b) => $.and($.lessEqual(a, b), $.lessEqual(b, a))],
      ['or', ($, a, b) => $.or($.less(a, b), $.less(b, a))],
    ])('where %s', (_, condition) => {
      const formula: Formula = ($, a, b) => $.where(condition($, a, b), $.int(1), $.rational(-1, 3));
      const [a, b] = [array.from(pairs.map(([x]) => x)), array.from(pairs.map(([, y]) => y))];
      expect(compileMap({ dtype, inputs: 2 }, formula)(new array(a.length), a, b)).toEqual(
        reference.map(formula, new array(a.length), a, b),
      );
    });

    test('the derivative of a formula is a formula', () => {
      const formula: Formula = ($, x) => {
        const $$ = dual($);
        const input = { value: x, tangent: $.int(1) };
        return $$.log($$.add($$.add($$.pow(input, $$.int(4)), $$.pow(input, $$.int(3))), $$.int(2))).tangent!;
      };
      const x = array.from(sample(17, [-2, 2], 3));
      expect(compileMap({ dtype, inputs: 1 }, formula)(new array(17), x)).toEqual(
        reference.map(formula, new array(17), x),
      );
    });

    test('constants are exact, then rounded', () => {
      const formula: Formula = ($, x) => [
        $.mul(x, $.rational(1, 3)),
        $.mul(x, $.pi),
        $.mul(x, $.int(16777217)),
      ];
      const outs = [new array(1), new array(1), new array(1)];
      compileMap({ dtype, inputs: 1 }, formula)(outs, array.of(1));
      expect(outs.flatMap((out) => [...out])).toEqual([...array.of(1 / 3, Math.PI, 16777217)]);
    });
  },
);

describe.each(Object.values(floats))('large maps of $name', ({ name: dtype, array }) => {
  test('are the same in every placement and on any number of threads', async () => {
    const formula: Formula = ($, x, y) => [$.exp($.mul(x, y)), $.sub($.log($.abs(x)), y)];
    const kernel = compileMap({ dtype, inputs: 2 }, formula);
    const length = 150_001;
    const [x, y] = [1, 2].map((seed) => array.from(uniform(length, seed))) as [A, A];
    const right = [0, 1].map((at) =>
      reference.map(($, a, b) => (formula($, a, b) as never[])[at]!, new array(length), x, y),
    );
    for (const threads of [1, 2, 3]) {
      await useThreads(threads);
      for (const place of Object.values(PLACEMENTS)) {
        const outs = kernel([place(x), place(y)] as A[], place(x), place(y));
        for (const [at, out] of outs.entries()) expect(difference(out, right[at]!)).toBeUndefined();
      }
      clear();
    }
  });
  type A = typeof array.prototype;
});

describe.each(Object.values(floats))('maps of $name over rows and columns', ({ name: dtype, array }) => {
  type A = typeof array.prototype;
  const formula: Formula = ($, x, p, q) => [$.sub($.mul(x, p), $.div(q, x)), $.add(p, q)];
  /** How an input of so many elements lies over a matrix of m × n. */
  const LAYOUTS = {
    matrix: (m: number, n: number) => ({ size: m * n, strides: [n, 1], offset: 0 }),
    row: (_: number, n: number) => ({ size: n, strides: [0, 1], offset: 0 }),
    column: (m: number, _: number) => ({ size: m, strides: [1, 0], offset: 0 }),
    'a part of a row': (_: number, n: number) => ({ size: n + 3, strides: [0, 1], offset: 3 }),
    'a part of each row': (m: number, n: number) => ({ size: m * (n + 3), strides: [n + 3, 1], offset: 2 }),
    'every third of a column': (m: number, _: number) => ({ size: 3 * m, strides: [3, 0], offset: 1 }),
    'one element': () => ({ size: 2, strides: [0, 0], offset: 1 }),
    'rows from the last': (m: number, n: number) => ({ size: m * n, strides: [-n, 1], offset: (m - 1) * n }),
    transposed: (m: number, n: number) => ({ size: m * n, strides: [1, m], offset: 0 }),
  } as const;
  const layouts = Object.keys(LAYOUTS) as (keyof typeof LAYOUTS)[];

  /** An input as a strided array, and the same with all its elements written out. */
  function laid(layout: keyof typeof LAYOUTS, m: number, n: number, seed: number) {
    const { size, strides, offset } = LAYOUTS[layout](m, n);
    const data = array.from(uniform(size, seed)) as A;
    const full = copyStrided(new array(m * n) as A, data, [m, n], strides, offset);
    return { full, at: (place: (data: A) => A) => ({ data: place(data), shape: [m, n], strides, offset }) };
  }

  const compare = (m: number, n: number, first: keyof typeof LAYOUTS, second: keyof typeof LAYOUTS) => {
    const kernel = compileMap({ dtype, inputs: 3 }, formula);
    const [x, p, q] = (['matrix', first, second] as const).map((layout, at) =>
      laid(layout, m, n, at + 1),
    ) as [Laid, Laid, Laid];
    const right = [0, 1].map((result) =>
      reference.map(
        ($, ...z) => (formula($, ...z) as never[])[result]!,
        new array(m * n) as A,
        x.full,
        p.full,
        q.full,
      ),
    );
    for (const place of Object.values(PLACEMENTS)) {
      const [apart, over] = [place(new array(m * n) as A), place(x.full)];
      const further = place(new array(m * n) as A);
      kernel([apart, further], x.full, p.at(place), q.at(place));
      expect(
        [apart, further].map((out, at) => difference(out, right[at]!)),
        `${m} × ${n}`,
      ).toEqual([undefined, undefined]);
      kernel([over, further], over, p.at(place), q.at(place));
      expect(difference(over, right[0]!), `${m} × ${n}, in place`).toBeUndefined();
    }
    clear();
  };
  type Laid = ReturnType<typeof laid>;

  test.each(layouts.flatMap((first) => layouts.map((second) => [first, second] as const)))(
    '%s and %s',
    (first, second) => {
      for (const n of [1, 3, 4, 5, 10, 64, 200]) compare(6, n, first, second);
      compare(1, 7, first, second);
    },
  );

  test.each([1, 2])('large, on %i threads', async (threads) => {
    await useThreads(threads);
    for (const [m, n] of [
      [20_000, 3],
      [3000, 31],
      [3, 40_001],
    ] as const) {
      compare(m, n, 'row', 'column');
      compare(m, n, 'a part of each row', 'one element');
    }
  });

  test('touch nothing beside their result', () => {
    const add = compileMap({ dtype, inputs: 2 }, ($, x, row) => $.add(x, row));
    const around = allocate(dtype, 64).fill(7);
    for (const n of [1, 2, 3, 4, 5]) {
      for (const start of [0, 1, 2, 3, 20]) {
        const out = around.fill(7).subarray(start, start + 2 * n) as A;
        add(out, array.from(uniform(2 * n, 1)) as A, {
          data: array.from(uniform(n, 2)),
          shape: [2, n],
          strides: [0, 1],
          offset: 0,
        });
        const outside = [...around].filter((_, at) => at < start || at >= start + 2 * n);
        expect(outside).toEqual(outside.map(() => 7));
      }
    }
    release(around);
  });
});

describe('a map', () => {
  const float64 = { dtype: 'float64' } as const;

  test('has several results, which may be written over its inputs', () => {
    const kernel = compileMap({ ...float64, inputs: ['array', 'scalar', 'array'] }, ($, x, t, y) => [
      $.add(x, $.mul(t, y)),
      $.sub(y, $.mul(t, x)),
    ]);
    const [x, y] = [Float64Array.of(1, 2, 3), Float64Array.of(10, 20, 30)];
    kernel([x, y], x, 0.5, y);
    expect([...x, ...y]).toEqual([6, 12, 18, 9.5, 19, 28.5]);
  });

  test('runs over more elements than a chunk holds', () => {
    const x = Float64Array.from({ length: 100_001 }, (_, i) => i);
    const out = compileMap({ ...float64, inputs: 1 }, ($, a) => $.add(a, $.int(1)))(
      new Float64Array(x.length),
      x,
    );
    expect(out.every((value, i) => value === i + 1)).toBe(true);
  });

  test('takes strided inputs: broadcast rows, columns and reversed arrays', () => {
    const kernel = compileMap({ ...float64, inputs: 3 }, ($, a, b, c) => $.add($.add(a, b), c));
    const shape = [2, 3];
    const row = { data: Float64Array.of(1, 2, 3), shape, strides: [0, 1], offset: 0 };
    const column = { data: Float64Array.of(10, 20), shape, strides: [1, 0], offset: 0 };
    const reversed = { data: Uint8Array.of(0, 100, 200), shape, strides: [0, -1], offset: 2 };
    expect([...kernel(new Float64Array(6), row, column, reversed)]).toEqual([211, 112, 13, 221, 122, 23]);
  });

  test('of a formula without arrays fills the result', () => {
    const kernel = compileMap({ ...float64, inputs: ['scalar'] }, ($, a) => $.sqrt(a));
    expect([...kernel(new Float64Array(3), 16)]).toEqual([4, 4, 4]);
    expect([...compileMap({ ...float64, inputs: 0 }, ($) => $.pi)(new Float64Array(2))]).toEqual([
      Math.PI,
      Math.PI,
    ]);
  });

  test('that was compiled before is the same kernel, whatever closure wrote it', () => {
    const softsign: Formula = ($, x) => $.div(x, $.add($.int(1), $.abs(x)));
    const again: Formula = ($, x) => $.div(x, $.add($.mul($.int(1), $.int(1)), $.abs(x)));
    const kernel = compileMap({ ...float64, inputs: 1 }, softsign);
    expect(compileMap({ ...float64, inputs: 1 }, again)).toBe(kernel);
    expect(compileMap({ dtype: 'float32', inputs: 1 }, softsign)).not.toBe(kernel);
    expect(compileMap({ ...float64, inputs: ['scalar'] }, softsign)).not.toBe(kernel);
  });

  test('tells how many results its formula has, which inputs it reads, and whether it merely passes one on', () => {
    const second = compileMap({ ...float64, inputs: 3 }, ($, a, b) =>
      $.add($.mul($.int(0), $.int(1)), $.mul(b, a)),
    );
    expect([second.results, second.reads, second.passes]).toEqual([1, [true, true, false], undefined]);
    const passing = compileMap({ ...float64, inputs: 2 }, ($, _, b) => $.mul($.int(1), b));
    expect([passing.reads, passing.passes]).toEqual([[false, true], 1]);
  });

  test('refuses what does not fit', () => {
    const add = compileMap({ ...float64, inputs: ['array', 'scalar'] }, ($, a, b) => $.add(a, b));
    const x = new Float64Array(3);
    expect(() => add(new Float64Array(4), x, 1)).toThrow(
      'Cannot run a map on its input 0: expected 4 elements, got 3',
    );
    expect(() => add(x, x)).toThrow('Cannot run a map of 2 inputs and 1 results with 1 and 1');
    expect(() => add(x, x, x)).toThrow('Cannot run a map: its input 1 must be scalar, got object');
    expect(() => add(new Float32Array(3), x, 1)).toThrow('Cannot run a map of float64 into Float32Array');
    expect(() => add(x, { data: x, shape: [3], strides: [2], offset: 0 }, 1)).toThrow(
      'Cannot read [3] with strides [2] from 0 on: it reaches from 0 to 4 in 3 elements',
    );
    const whole = new Float64Array(4);
    const overlap = expect.objectContaining({ code: 'ERR_KERNEL_OVERLAP' });
    expect(() => add(whole.subarray(1), whole.subarray(0, 3), 1)).toThrow(overlap);
    expect(() => add(whole, { data: whole, shape: [4], strides: [0], offset: 0 }, 1)).toThrow(overlap);
    expect(add(whole.subarray(2), whole.subarray(0, 2), 1)).toHaveLength(2);
  });

  test('may be of thousands of operations, up to the limit of a kernel', () => {
    const chain =
      (length: number): Formula =>
      ($, x) => {
        let y = x;
        for (let step = 0; step < length; step++) y = $.sub(x, y);
        return y;
      };
    expect([
      ...compileMap({ ...float64, inputs: 1 }, chain(20_001))(new Float64Array(1), Float64Array.of(7)),
    ]).toEqual([0]);
    expect(() => compileMap({ ...float64, inputs: 1 }, chain(50_000))).toThrow(
      'Cannot compile a formula of 50001 instructions',
    );
  });

  test('refuses numbers and foreign values in its formula', () => {
    const careless = (($: Carrier<unknown, unknown>, x: unknown) => $.mul(2, x)) as Formula;
    expect(() => compileMap({ ...float64, inputs: 1 }, careless)).toThrow(
      expect.objectContaining({
        code: 'ERR_KERNEL_FORMULA',
        message: 'Cannot use 2 in a formula: take it as an input, or write $.int(n) or $.rational(p, q)',
      }),
    );
    let leaked: unknown;
    compileMap({ ...float64, inputs: 1 }, ($, x) => {
      leaked = x;
      return $.neg(x);
    });
    const foreign: Formula = ($, x) => $.add(x, leaked as typeof x);
    expect(() => compileMap({ ...float64, inputs: 1 }, foreign)).toThrow(
      'Cannot use a value of another formula',
    );
  });
});

test('several sets of arrays, in the memory or not, are computed in one go', () => {
  const formula: Formula = ($, scale, x, y) => $.add($.mul(scale, x), y);
  const kernel = compileMap({ dtype: 'float32', inputs: ['scalar', 'array', 'array'] }, formula);
  const sets = [3, 64, 5000].flatMap((length) =>
    Object.values(PLACEMENTS).map((place) => {
      const [x, y] = [uniform(length, 1), uniform(length, 2)].map((values) => Float32Array.from(values));
      return { out: place(new Float32Array(length)), inputs: [length, place(x!), place(y!)] as const };
    }),
  );
  kernel.each(sets.map(({ out, inputs }) => [out, ...inputs]));
  for (const { out, inputs } of sets) {
    const alone = kernel(new Float32Array(out.length), ...inputs);
    expect(Float32Array.from(out)).toEqual(alone);
  }
  clear();
});
