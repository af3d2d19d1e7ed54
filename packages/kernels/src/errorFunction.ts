// The error function and its complement, to more digits than float32 has.

import { type Doubles, exp, odd, type Precision, polynomial } from './elementary.ts';

/** log(erfc(x) / t) + x² with t = 1 / (1 + x/2), as a Chebyshev series in 2t - 1; from fixtures/erfc.py. */
const CHEBYSHEV = [
  -0.6513268598908547, 0.6419697923564902, 0.019476473204185836, -0.009561514786808632,
  -0.0009465953444820369, 0.00036683949785276145, 4.252332480690777e-5, -2.0278578112534242e-5,
  -1.6242900046470256e-6, 1.3036558355805232e-6, 1.5626441722066142e-8, -8.523809591492654e-8,
  6.5290544390988515e-9, 5.059343495551469e-9, -9.91364156493033e-10, -2.273651222931836e-10,
];

/** The sum of cₖTₖ(u) by Clenshaw's recurrence. */
function chebyshev<T, C>($: Doubles<T, C>, u: T, [first, ...rest]: readonly number[]): T {
  const twice = $.add(u, u);
  let [b, next] = [$.int(0), $.int(0)];
  for (const c of rest.toReversed()) [b, next] = [$.sub($.add($.mul(twice, b), $.constant(c)), next), b];
  return $.sub($.add($.mul(u, b), $.constant(first!)), next);
}

/** erfc of a positive number. */
function erfcOfSize<T, C>($: Doubles<T, C>, size: T, precision: Precision): T {
  const t = $.div($.int(2), $.add($.int(2), size));
  const exponent = $.sub(chebyshev($, $.sub($.add(t, t), $.int(1)), CHEBYSHEV), $.mul(size, size));
  return $.mul(t, exp($, exponent, precision));
}

export function erfc<T, C>($: Doubles<T, C>, x: T, precision: Precision): T {
  const value = erfcOfSize($, $.clamp($.abs(x), 0, 100), precision);
  return $.where($.less(x, $.int(0)), $.sub($.int(2), value), value);
}

/** 2/√π · (-1)ᵏ / (k!(2k + 1)), the power series, used below 1. */
const SERIES = Array.from({ length: 15 }, (_, k) => {
  const factorial = Array.from({ length: k }, (_, index) => index + 1).reduce((product, n) => product * n, 1);
  return ((2 / Math.sqrt(Math.PI)) * (-1) ** k) / (factorial * (2 * k + 1));
});

export const erf = <T, C>($: Doubles<T, C>, x: T, precision: Precision): T =>
  odd($, x, (size) => {
    const near = $.mul(size, polynomial($, $.mul(size, size), SERIES));
    const far = $.sub($.int(1), erfcOfSize($, $.clamp(size, 0, 100), precision));
    return $.where($.less(size, $.int(1)), near, far);
  });
