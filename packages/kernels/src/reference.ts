// What every kernel computes, in plain JavaScript: slow, obvious, and rounded at the same places, so that the kernels
// are compared with it bit for bit.

import { type FloatArray, type FloatName, floats } from './dtype.ts';
import type { Formula } from './map.ts';
import type { MatmulSizes } from './matmul.ts';
import { MULTIPLIERS, type PhiloxKey, ROUNDS, WEYL } from './philox.ts';
import type { ReduceSizes } from './reduce.ts';
import { blockOf, type Reduction, reductions, VECTORS } from './reductions.ts';
import { numbersOf, roundingOf } from './rounded.ts';
import type { Kind } from './rowPlan.ts';
import type { RowFormula, RowSizes } from './rows.ts';
import type { RowCarrier } from './trace.ts';

/** The product by its definition, each element summed over k in ascending order. */
export function matmul<A extends FloatArray>(out: A, a: A, b: A, sizes: MatmulSizes): A {
  const { m, n, k, transposeA, transposeB } = sizes;
  const round = roundingOf(out);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let step = 0; step < k; step++) {
        const left = a[transposeA ? step * m + i : i * k + step]!;
        const right = b[transposeB ? j * k + step : step * n + j]!;
        sum = round(sum + round(left * right));
      }
      out[i * n + j] = sum;
    }
  }
  return out;
}

const COMBINE: Readonly<Record<Reduction, (a: number, b: number) => number>> = {
  sum: (a, b) => a + b,
  prod: (a, b) => a * b,
  max: Math.max,
  min: Math.min,
};

/** The reduction in the tree that its documentation describes. */
export function reduce<A extends FloatArray>(name: Reduction, out: A, x: A, sizes: ReduceSizes): A {
  const { outer, n, inner } = sizes;
  const round = roundingOf(out);
  const combine = (a: number, b: number) => round(COMBINE[name](a, b));
  const lanes = inner === 1 ? (VECTORS * 16) / out.BYTES_PER_ELEMENT : 1;
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < inner; j++) {
      let level = Array.from({ length: n }, (_, k) => x[(i * n + k) * inner + j]!);
      while (level.length > 1)
        level = chunks(level, blockOf(inner)).map((block) => dealt(block, lanes, combine));
      out[i * inner + j] = level[0]!;
    }
  }
  return out;
}

function chunks(values: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, at) =>
    values.slice(at * size, (at + 1) * size),
  );
}

/** Deals the values out to the lanes in turn, then combines the upper half of the lanes with the lower. */
function dealt(values: readonly number[], lanes: number, combine: (a: number, b: number) => number): number {
  const sums: number[] = [];
  for (const [at, value] of values.entries()) {
    sums[at % lanes] = at < lanes ? value : combine(sums[at % lanes]!, value);
  }
  for (let half = lanes / 2; half >= 1; half /= 2) {
    for (let at = half; at < Math.min(2 * half, sums.length); at++)
      sums[at - half] = combine(sums[at - half]!, sums[at]!);
    sums.length = Math.min(half, sums.length);
  }
  return sums[0]!;
}

/** The four random words that belong to a counter under a key. */
export function philox(counter: readonly [number, number, number, number], key: PhiloxKey): number[] {
  let [c0, c1, c2, c3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  const word = (x: bigint) => BigInt.asUintN(32, x);
  for (let round = 0; round < ROUNDS; round++) {
    const [product0, product1] = [BigInt(MULTIPLIERS[0]) * c0, BigInt(MULTIPLIERS[1]) * c2];
    [c0, c1, c2, c3] = [
      (product1 >> 32n) ^ c1 ^ k0,
      word(product1),
      (product0 >> 32n) ^ c3 ^ k1,
      word(product0),
    ];
    [k0, k1] = [word(k0 + BigInt(WEYL[0])), word(k1 + BigInt(WEYL[1]))];
  }
  return [c0, c1, c2, c3].map(Number);
}

/** The formula, one element after the other, every operation rounded to the type of the result. */
export function map<A extends FloatArray>(formula: Formula, out: A, ...inputs: ArrayLike<number>[]): A {
  const $ = numbersOf(out instanceof Float32Array ? 'float32' : 'float64');
  return out.map((_, at) => formula($, ...inputs.map((x) => x[at]!)) as number) as A;
}

/**
 * A formula over rows: each value is a list, of one number or of one for each column, and each operation is applied to
 * all columns. The lists of all rows are joined.
 */
export function rows(
  dtype: FloatName,
  formula: RowFormula,
  { m, n }: RowSizes,
  inputs: readonly { readonly kind: Kind; readonly data: ArrayLike<number> }[],
): number[][] {
  const { array } = floats[dtype];
  const round = roundingOf(new array(0));
  const $: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(numbersOf(dtype))) $[name] = lifted(value);
  const carrier = Object.assign($ as unknown as RowCarrier<Values, Values>, {
    columns: [round(n)],
    reduce: (name: Reduction, x: Values) => {
      if (n === 0) return [reductions[name].empty!];
      const values = new array(n).map((_, j) => x[x.length === 1 ? 0 : j] as number);
      return [...reduce(name, new array(1), values, { outer: 1, n, inner: 1 })];
    },
  });
  const results = Array.from({ length: m }, (_, i) => {
    const x = inputs.map(({ kind, data }) => {
      const first = { matrix: i * n, row: 0, column: i, scalar: 0 }[kind];
      const length = kind === 'matrix' || kind === 'row' ? n : 1;
      return Array.from({ length }, (_, at) => round(data[first + at]!));
    });
    const result = formula(carrier, ...x) as Values | Values[];
    return (Array.isArray(result[0]) ? result : [result]) as number[][];
  });
  return (results[0] ?? []).map((_, at) => results.flatMap((row) => row[at]!));
}

type Values = readonly (number | boolean)[];

function lifted(value: unknown): unknown {
  if (typeof value !== 'function') return [value];
  return (...x: (Values | number | bigint)[]) => {
    const length = x.reduce<number>(
      (most, list) => (Array.isArray(list) && list.length !== 1 ? list.length : most),
      1,
    );
    return Array.from({ length }, (_, at) =>
      value(...x.map((list) => (Array.isArray(list) ? list[list.length === 1 ? 0 : at] : list))),
    );
  };
}
