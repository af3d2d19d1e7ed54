// Plain numbers as a carrier, rounded at the same places as the kernels, with the same bits: what the kernels are compared
// with, and what single elements are computed by, which are not worth a kernel.

import { type Carrier, ops } from '@leibniz/ops';
import type { FloatArray, FloatName } from './dtype.ts';
import type { Doubles } from './elementary.ts';
import { functions, inSingles } from './functions.ts';

const roundings: Readonly<Record<FloatName, (x: number) => number>> = {
  float32: Math.fround,
  float64: (x) => x,
};

/** Rounds to the type of an array. */
export const roundingOf = (like: FloatArray): ((x: number) => number) =>
  roundings[like instanceof Float32Array ? 'float32' : 'float64'];

const known = new Map<FloatName, Carrier<number, boolean>>();

/** Numbers of a type, every operation rounded to it. */
export function numbersOf(precision: FloatName): Carrier<number, boolean> {
  const found = known.get(precision) ?? roundedNumbers(precision);
  known.set(precision, found);
  return found;
}

/**
 * A formula of single numbers, to the same bits as its kernel has for elements of the type.
 *
 * @example
 * import { evaluate } from '@leibniz/kernels';
 * evaluate('float32', ($, x) => $.div(x, $.int(3)), 1); // => 0.3333333432674408
 */
export function evaluate(
  dtype: FloatName,
  formula: <T, C>($: Carrier<T, C>, ...x: T[]) => T,
  ...x: number[]
): number {
  return formula(numbersOf(dtype), ...x.map(roundings[dtype]));
}

function roundedNumbers(precision: FloatName): Carrier<number, boolean> {
  const round = roundings[precision];
  const $: Record<string, unknown> = { ...ops.numbers };
  for (const [name, { code, value }] of Object.entries({ ...ops.unary, ...ops.binary })) {
    const own = code as (($: Carrier<number, boolean>, ...x: number[]) => number) | undefined;
    const compute = value as (...x: number[]) => number;
    $[name] = (...x: number[]) => (own ? own(carrier, ...x) : round(compute(...x)));
  }
  for (const [name, f] of Object.entries(functions[precision])) {
    $[name] = (x: number) => round(f(partsFor(precision, name), x, precision));
  }
  const carrier = $ as unknown as Carrier<number, boolean>;
  return Object.assign(carrier, {
    int: (n: number | bigint) => round(ops.numbers.int(n)),
    rational: (p: number | bigint, q: number | bigint) => round(ops.numbers.rational(p, q)),
    pi: round(Math.PI),
  });
}

const words = new BigUint64Array(1);
const double = new Float64Array(words.buffer);

function bitsOf(x: number): bigint {
  double[0] = x;
  return words[0]!;
}

function fromBits(bits: bigint): number {
  words[0] = bits;
  return double[0]!;
}

/** The parts of a double, on plain numbers. */
export const doubles: Doubles<number, boolean> = {
  ...ops.numbers,
  arithmetic: 'float64',
  constant: (x) => x,
  rescue: (condition, name, x, value) => (condition ? Math[name](x) : value),
  clamp: (x, from, to) => Math.max(Math.min(x, to), from),
  nearest: (x) => x + 2 ** 52 * 1.5 - 2 ** 52 * 1.5,
  power2: (n) => fromBits(BigInt.asUintN(64, BigInt(Number.isNaN(n) ? 0 : n + 1023) << 52n)),
  scale: (x, n) => x * doubles.power2(Math.floor(n / 2)) * doubles.power2(Math.ceil(n / 2)),
  exponent: (x) => Number(bitsOf(x) >> 52n) - 1023,
  significand: (x) => fromBits((bitsOf(x) & ((1n << 52n) - 1n)) | (1023n << 52n)),
};

/** The parts of a float32, every operation rounded: what a function that is right in float32 arithmetic needs. */
export const singles: Doubles<number, boolean> = {
  ...doubles,
  arithmetic: 'float32',
  constant: Math.fround,
  int: (n) => Math.fround(ops.numbers.int(n)),
  add: (a, b) => Math.fround(a + b),
  sub: (a, b) => Math.fround(a - b),
  mul: (a, b) => Math.fround(a * b),
  clamp: (x, from, to) => doubles.clamp(x, Math.fround(from), Math.fround(to)),
  scale: (x, n) => Math.fround(doubles.scale(x, n)),
};

/** What a function of this precision is computed over. */
export const partsFor = (precision: FloatName, name: string): Doubles<number, boolean> =>
  precision === 'float32' && inSingles.has(name) ? singles : doubles;
