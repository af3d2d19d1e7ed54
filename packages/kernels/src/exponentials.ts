// Functions made of the exponential and the logarithm, on double vectors.

import { type Doubles, exp, log, odd, type Precision, reducedExponential } from './elementary.ts';

/** 2ⁿ(eʳ - 1) + (2ⁿ - 1): nothing cancels that counts. Beyond 40 the 1 is below the last place. */
export function expm1<T, C>($: Doubles<T, C>, x: T, precision: Precision): T {
  const { n, powerMinus1 } = reducedExponential($, $.clamp(x, -760, 40), precision);
  const scale = $.power2($.clamp(n, -1000, 100));
  const value = $.add($.mul(scale, powerMinus1), $.sub(scale, $.int(1)));
  const bounded = $.where($.less($.int(40), x), exp($, x, precision), value);
  return $.where($.equal(x, $.int(0)), x, bounded);
}

/** log u + (x - (u - 1)) / u with u = 1 + x: the quotient makes up for the rounding of u. */
export function log1p<T, C>($: Doubles<T, C>, x: T, precision: Precision): T {
  const u = $.add($.int(1), x);
  const isLarge = $.less($.constant(2 ** 60), x);
  const lost = $.where($.less($.int(1), x), $.sub($.int(1), $.sub(u, x)), $.sub(x, $.sub(u, $.int(1))));
  const corrected = $.add(log($, u, precision), $.div(lost, u));
  const value = $.where($.or(isLarge, $.lessEqual(x, $.int(-1))), log($, u, precision), corrected);
  return $.where($.equal(x, $.int(0)), x, value);
}

/** (1 - q) / (1 + q) with q = e^(-2|x|), from expm1. */
export const tanh = <T, C>($: Doubles<T, C>, x: T, precision: Precision): T =>
  odd($, x, (size) => {
    const q = expm1($, $.mul($.int(-2), size), precision);
    return $.neg($.div(q, $.add($.int(2), q)));
  });

// The rest is right to more digits than float32 has, and overflows where float32 does.

/** Beyond this, hyperbolic functions are infinite in float32. */
const FAR = 100;

export const sinh = <T, C>($: Doubles<T, C>, x: T, precision: Precision): T =>
  odd($, x, (size) => {
    const u = expm1($, $.clamp(size, 0, FAR), precision);
    return $.mul($.constant(0.5), $.add(u, $.div(u, $.add(u, $.int(1)))));
  });

export function cosh<T, C>($: Doubles<T, C>, x: T, precision: Precision): T {
  const u = exp($, $.clamp($.abs(x), 0, FAR), precision);
  return $.mul($.constant(0.5), $.add(u, $.div($.int(1), u)));
}

export const asinh = <T, C>($: Doubles<T, C>, x: T, precision: Precision): T =>
  odd($, x, (size) => {
    const square = $.mul(size, size);
    const root = $.add($.int(1), $.sqrt($.add($.int(1), square)));
    const value = log1p($, $.add(size, $.div(square, root)), precision);
    return $.where($.less(size, $.constant(Infinity)), value, size);
  });

export function acosh<T, C>($: Doubles<T, C>, x: T, precision: Precision): T {
  const t = $.sub(x, $.int(1));
  const value = log1p($, $.add(t, $.sqrt($.add($.mul($.int(2), t), $.mul(t, t)))), precision);
  return $.where($.less(x, $.int(1)), $.constant(Number.NaN), value);
}

export const atanh = <T, C>($: Doubles<T, C>, x: T, precision: Precision): T =>
  odd($, x, (size) => {
    const ratio = $.div($.mul($.int(2), size), $.sub($.int(1), size));
    return $.mul($.constant(0.5), log1p($, ratio, precision));
  });

export const exp2 = <T, C>($: Doubles<T, C>, x: T, precision: Precision): T =>
  exp($, $.mul(x, $.constant(Math.LN2)), precision);

export const log2 = <T, C>($: Doubles<T, C>, x: T, precision: Precision): T =>
  $.mul(log($, x, precision), $.constant(Math.LOG2E));

export const log10 = <T, C>($: Doubles<T, C>, x: T, precision: Precision): T =>
  $.mul(log($, x, precision), $.constant(Math.LOG10E));

export const cbrt = <T, C>($: Doubles<T, C>, x: T, precision: Precision): T =>
  odd($, x, (size) => exp($, $.div(log($, size, precision), $.int(3)), precision));
