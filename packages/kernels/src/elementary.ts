// The exponential and the logarithm from their mathematics: an exact reduction to a small argument and a power series.
// They are written over a carrier, so that the same text runs in vector registers and on plain numbers, with the same
// bits on every machine. In float64 they are right to 1 ulp; for float32 they run in float64, on fewer terms, or, where
// that keeps enough digits, in float32.

import type { Carrier } from '@leibniz/ops';

/** What the reductions need besides the carrier's operations: the parts of a number, here named after a double. */
export interface Doubles<T, C> extends Carrier<T, C> {
  /** The type that the operations round to. */
  readonly arithmetic: Precision;
  /** A number as it is. */
  constant(x: number): T;
  /** The nearest number in an interval; NaN stays NaN. */
  clamp(x: T, from: number, to: number): T;
  /** The nearest integer, the even one of two. */
  nearest(x: T): T;
  /** 2ⁿ for an integer n from -1022 to 1023, or from -126 to 127 in float32. */
  power2(n: T): T;
  /** 2ⁿ·x, rounded once, for 1/2 < x < 2 and an integer n of which half is such a one. */
  scale(x: T, n: T): T;
  /** The n of x = 2ⁿ·s with 1 ≤ s < 2, for positive normal x. */
  exponent(x: T): T;
  /** The value, or where the condition holds, what the platform's function of this name gives. */
  rescue(condition: C, name: 'sin' | 'cos' | 'tan', x: T, value: T): T;
  /** The s of x = 2ⁿ·s with 1 ≤ s < 2, for positive normal x. */
  significand(x: T): T;
}

/** log 2 in two parts; the first has 40 bits, so that its product with an exponent is exact. */
const LN2_HIGH = 0.6931471805592082;
const LN2_LOW = 7.371002565167799e-13;

/** By arithmetic: log 2 in two such parts, of 16 bits in float32, and beyond where exp is 0 or infinite. */
const EXPONENTIAL = {
  float64: { high: LN2_HIGH, low: LN2_LOW, from: -760, to: 720 },
  float32: { high: 45425 / 65536, low: Math.LN2 - 45425 / 65536, from: -104, to: 89 },
} as const;

/**
 * q₀, q₁, … of eʳ = 1 + r + r²(q₀ + q₁r + …) for |r| ≤ log(2)/2. For float64 the series 1/2! + r/3! + …, of which the first
 * term left out is below 2⁻⁵⁵; for float32 those of least error, 2⁻²⁸, by fixtures/exponential.py.
 */
const EXPONENTIAL_TAIL = {
  float32: [
    0.49999993451708435, 0.1666652068983302, 0.04166838736126115, 0.008368709824171195, 0.0013814613260779772,
  ],
  float64: factorials(13),
} as const;

/** Terms of the series of the logarithm: the first one left out is below 2⁻⁵⁵, or 2⁻²⁵ for float32. */
const LOGARITHM_TERMS = { float32: 5, float64: 10 } as const;

export type Precision = keyof typeof LOGARITHM_TERMS;

/** c₀ + c₁z + c₂z² + …, even and odd terms apart: two short chains of operations instead of a long one. */
export function polynomial<T, C>($: Doubles<T, C>, z: T, coefficients: readonly number[]): T {
  const square = $.mul(z, z);
  const half = (parity: number) =>
    coefficients
      .filter((_, power) => power % 2 === parity)
      .map((c) => $.constant(c))
      .reduceRight((sum, c) => $.add($.mul(sum, square), c));
  return $.add(half(0), $.mul(z, half(1)));
}

/** 1/2!, 1/3!, … */
function factorials(last: number): number[] {
  let factorial = 1;
  return Array.from({ length: last - 1 }, (_, index) => {
    factorial *= index + 2;
    return 1 / factorial;
  });
}

/** An odd function from its values for positive numbers; ±0 stays what it is. */
export function odd<T, C>($: Doubles<T, C>, x: T, f: (size: T) => T): T {
  const value = f($.abs(x));
  const signed = $.where($.less(x, $.int(0)), $.neg(value), value);
  return $.where($.equal(x, $.int(0)), x, signed);
}

/** n = round(x / log 2), and eʳ - 1 = r + r²(q₀ + q₁r + …) for the rest r, |r| ≤ log(2)/2. */
export function reducedExponential<T, C>($: Doubles<T, C>, x: T, precision: Precision) {
  const n = $.nearest($.mul(x, $.constant(Math.LOG2E)));
  const { high, low } = EXPONENTIAL[$.arithmetic];
  const r = $.sub($.sub(x, $.mul(n, $.constant(high))), $.mul(n, $.constant(low)));
  const tail = polynomial($, r, EXPONENTIAL_TAIL[precision]);
  return { n, powerMinus1: $.add(r, $.mul($.mul(r, r), tail)) };
}

/** eˣ = 2ⁿ·eʳ. */
export function exp<T, C>($: Doubles<T, C>, x: T, precision: Precision): T {
  const { from, to } = EXPONENTIAL[$.arithmetic];
  const { n, powerMinus1 } = reducedExponential($, $.clamp(x, from, to), precision);
  return $.scale($.add($.int(1), powerMinus1), n);
}

/**
 * log x = n·log 2 + log(1+f) with √½ < 1+f ≤ √2. With s = f/(2+f), log(1+f) = 2 artanh s = 2s + sR where
 * R = s²(2/3 + s²(2/5 + …)), and 2s = f - f²/2 + s·f²/2, which leaves f to be added last, unrounded.
 */
export function log<T, C>($: Doubles<T, C>, x: T, precision: Precision): T {
  const isSubnormal = $.less(x, $.constant(2 ** -1022));
  const normal = $.where(isSubnormal, $.mul(x, $.constant(2 ** 54)), x);
  const above = $.less($.constant(Math.SQRT2), $.significand(normal));
  const f = $.sub(
    $.where(above, $.mul($.significand(normal), $.constant(0.5)), $.significand(normal)),
    $.int(1),
  );
  const shift = $.add($.where(above, $.int(1), $.int(0)), $.where(isSubnormal, $.int(-54), $.int(0)));
  const n = $.add($.exponent(normal), shift);
  const s = $.div(f, $.add($.int(2), f));
  const z = $.mul(s, s);
  const coefficients = Array.from({ length: LOGARITHM_TERMS[precision] }, (_, k) => 2 / (2 * k + 3));
  const rest = $.mul(z, polynomial($, z, coefficients));
  const halfSquare = $.mul($.constant(0.5), $.mul(f, f));
  const small = $.add($.mul(s, $.add(halfSquare, rest)), $.mul(n, $.constant(LN2_LOW)));
  const value = $.sub($.mul(n, $.constant(LN2_HIGH)), $.sub($.sub(halfSquare, small), f));
  const isOrdinary = $.and($.less($.int(0), x), $.less(x, $.constant(Infinity)));
  const negative = $.where($.less(x, $.int(0)), $.constant(Number.NaN), x);
  return $.where(isOrdinary, value, $.where($.equal(x, $.int(0)), $.constant(-Infinity), negative));
}
