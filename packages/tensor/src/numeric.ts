// Elementwise functions that round, and that look at signs and neighbours.

import { type BinaryFunction, notEqual, type UnaryFunction } from './comparison.ts';
import { allocate, type DType, type Kind } from './dtype.ts';
import { ArithmeticError } from './errors.ts';
import { maximum, minimum, mul, neg } from './functions.ts';
import { type Pointwise, pointwise, pointwiseOp } from './pointwise.ts';
import type { Shape } from './shape.ts';
import { type Operand, Tensor } from './tensor.ts';
import { where } from './where.ts';

const NUMBERS: readonly Kind[] = ['float', 'integer'];

const wholeDivisor = (a: number, b: number): void => {
  if (b === 0)
    throw new ArithmeticError(`Cannot divide ${a} by 0 in integers: convert with .astype('float64')`);
};

/** Towards -∞; the quotient is found from the exact remainder, so that it is never off by one. */
function floorQuotient(a: number, b: number): number {
  if (b === 0 || !Number.isFinite(a)) return Math.floor(a / b);
  if (!Number.isFinite(b)) return Number.isNaN(b) ? b : a === 0 ? a / b : a < 0 === b < 0 ? 0 : -1;
  const rest = a % b;
  const quotient = (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0);
  if (quotient === 0) return isNegative(a / b) ? -0 : 0;
  return Math.round(quotient);
}

/** With the sign of the divisor, as Python's %. */
function floorRemainder(a: number, b: number): number {
  const rest = a % b;
  if (Number.isNaN(rest)) return rest;
  if (rest === 0) return b < 0 || Object.is(b, -0) ? -0 : 0;
  return rest < 0 !== b < 0 ? (Number.isFinite(b) ? rest + b : b) : rest;
}

/** To the nearest integer, halves to the even one. */
function roundHalfToEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest === 0.5) return down % 2 === 0 ? down + (x < 0 ? -0 : 0) : Math.ceil(x);
  return rest < 0.5 ? (down === 0 && x < 0 ? -0 : down) : Math.ceil(x);
}

const BITS = new DataView(new ArrayBuffer(8));

/** The next float after a towards b. */
function next(a: number, b: number, dtype: DType): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  if (a === b) return b;
  const isSingle = dtype === 'float32';
  if (a === 0) return (b > 0 ? 1 : -1) * (isSingle ? 2 ** -149 : Number.MIN_VALUE);
  const step = a < b === a > 0 ? 1 : -1;
  if (isSingle) {
    BITS.setFloat32(0, a);
    BITS.setInt32(0, BITS.getInt32(0) + step);
    return BITS.getFloat32(0);
  }
  BITS.setFloat64(0, a);
  BITS.setBigInt64(0, BITS.getBigInt64(0) + BigInt(step));
  return BITS.getFloat64(0);
}

const isNegative = (x: number) => x < 0 || Object.is(x, -0);

const facts = {
  floorDivide: {
    doc: 'The quotient, rounded towards -∞.',
    kinds: NUMBERS,
    arity: 2,
    on: (dtype) => (a, b) => {
      if (dtype === 'float32' || dtype === 'float64') return floorQuotient(a, b);
      wholeDivisor(a, b);
      return Math.floor(a / b);
    },
  },
  // a - b ⌊a/b⌋
  remainder: {
    doc: 'What a division rounded towards -∞ leaves; it has the sign of the divisor.',
    kinds: NUMBERS,
    arity: 2,
    on: (dtype) => (a, b) => {
      if (dtype === 'float32' || dtype === 'float64') return floorRemainder(a, b);
      wholeDivisor(a, b);
      return floorRemainder(a, b);
    },
    partials: [(t) => t, (t, [a, b]) => neg(mul(t, floorDivide(a!, b!)))],
  },
  copysign: {
    doc: 'The magnitude of the first with the sign of the second.',
    kinds: ['float'],
    arity: 2,
    on: () => (a, b) => (isNegative(a) === isNegative(b) ? a : -a),
    partials: [(t, [a, b]) => where(notEqual(signbit(a!), signbit(b!)), neg(t), t), undefined],
  },
  nextafter: {
    doc: 'The next number of the type towards the second.',
    kinds: ['float'],
    arity: 2,
    on: (dtype) => (a, b) => next(a, b, dtype),
    partials: [(t) => t, undefined],
  },
  round: {
    doc: 'The nearest integer, of two equally near the even one.',
    kinds: NUMBERS,
    arity: 1,
    on: () => roundHalfToEven,
  },
  trunc: { doc: 'The integer part.', kinds: NUMBERS, arity: 1, on: () => Math.trunc },
  signbit: {
    doc: 'Whether the sign is negative, as that of -0.',
    kinds: ['float'],
    arity: 1,
    result: 'bool',
    on: () => (x) => Number(isNegative(x)),
  },
  isnan: {
    doc: 'Whether it is NaN.',
    kinds: NUMBERS,
    arity: 1,
    result: 'bool',
    on: () => (x) => Number(Number.isNaN(x)),
  },
  isinf: {
    doc: 'Whether it is infinite.',
    kinds: NUMBERS,
    arity: 1,
    result: 'bool',
    on: () => (x) => Number(Math.abs(x) === Number.POSITIVE_INFINITY),
  },
  isfinite: {
    doc: 'Whether it is neither NaN nor infinite.',
    kinds: NUMBERS,
    arity: 1,
    result: 'bool',
    on: () => (x) => Number(Number.isFinite(x)),
  },
} as const satisfies Record<string, Omit<Pointwise, 'name' | 'result'> & { readonly result?: 'bool' }>;

const ops = Object.fromEntries(
  Object.entries(facts).map(([name, each]) => [name, pointwiseOp({ result: 'same', ...each, name })]),
) as { [K in keyof typeof facts]: ReturnType<typeof pointwiseOp> };

export const numericOps = Object.values(ops);

/**
 * The quotient rounded towards -∞; its derivative is 0.
 *
 * @example
 * import { floorDivide, tensor } from '@leibniz/tensor';
 * floorDivide(tensor([7, -7]), 2).toArray(); // => [ 3, -4 ]
 */
export const floorDivide: BinaryFunction = pointwise(ops.floorDivide) as BinaryFunction;

/**
 * What a division rounded towards -∞ leaves, as Python's %: it has the sign of the divisor.
 *
 * @example
 * import { remainder, tensor } from '@leibniz/tensor';
 * remainder(tensor([7, -7]), 3).toArray(); // => [ 1, 2 ]
 */
export const remainder: BinaryFunction = pointwise(ops.remainder) as BinaryFunction;

/** The magnitude of the first with the sign of the second, be it that of -0. */
export const copysign: BinaryFunction = pointwise(ops.copysign) as BinaryFunction;

/** The next number of the type after the first towards the second. */
export const nextafter: BinaryFunction = pointwise(ops.nextafter) as BinaryFunction;

/**
 * The nearest integer, of two equally near the even one.
 *
 * @example
 * import { round, tensor } from '@leibniz/tensor';
 * round(tensor([0.5, 1.5, -2.5])).toArray(); // => [ 0, 2, -2 ]
 */
export const round: UnaryFunction = pointwise(ops.round) as UnaryFunction;

/** The integer part. */
export const trunc: UnaryFunction = pointwise(ops.trunc) as UnaryFunction;

/** Whether the sign is negative, as that of -0 is. */
export const signbit: UnaryFunction = pointwise(ops.signbit) as UnaryFunction;

/** Whether each element is NaN. */
export const isnan: UnaryFunction = pointwise(ops.isnan) as UnaryFunction;

/** Whether each element is infinite. */
export const isinf: UnaryFunction = pointwise(ops.isinf) as UnaryFunction;

/** Whether each element is neither NaN nor infinite. */
export const isfinite: UnaryFunction = pointwise(ops.isfinite) as UnaryFunction;

/**
 * Elements kept between bounds, each of which may be left out; where they are equal to a bound, half of the gradient
 * passes, as by `maximum`.
 *
 * @example
 * import { clip, tensor } from '@leibniz/tensor';
 * clip(tensor([-2, 0.5, 2]), -1, 1).toArray(); // => [ -1, 0.5, 1 ]
 */
export function clip(x: Tensor, least?: Operand | null, most?: Operand | null): Tensor {
  const raised = least === undefined || least === null ? x : maximum(x, least);
  return most === undefined || most === null ? raised : minimum(raised, most);
}

/** The same elements: +x. */
export const positive: UnaryFunction = ((x: Operand) => mul(x, 1)) as UnaryFunction;

/** The complex conjugate, which of a real is itself. */
export const conj: UnaryFunction = positive;
/** The real part, which of a real is itself. */
export const real: UnaryFunction = positive;
/** The imaginary part, which of a real is 0. */
export const imag = <S extends Shape>(x: Tensor<S>): Tensor<S> =>
  new Tensor(x.shape, x.dtype, allocate(x.dtype, x.size));
