// Circular functions and their inverses, on double vectors. Sine and cosine reduce their argument by a multiple n of
// π/2 in three parts (Cody and Waite), whose products with n are exact as long as n has at most 20 bits; larger
// arguments are left to the platform, which reduces them with hundreds of bits.

import { type Doubles, odd, type Precision, polynomial } from './elementary.ts';

/** π/2 in three parts: two of 33 bits, and what remains. */
const [FIRST, SECOND, THIRD] = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21];

/** Arguments with so small an n that its products with 33 bits are exact. */
const LARGEST = 2 ** 20;

/** Terms of the series for |r| ≤ π/4. */
const TERMS = { float32: 6, float64: 8 } as const;

/** (-1)ᵏ / (2k + first)! for k = 1, 2, … */
function alternating(first: 0 | 1, count: number): number[] {
  let factorial = 1;
  return Array.from({ length: count }, (_, index) => {
    const last = 2 * (index + 1) + first;
    factorial *= -last * (last - 1);
    return 1 / factorial;
  });
}

/** The quadrant of an angle as 0, 1, 2 or 3, and sine and cosine of what is left of it. */
function reduced<T, C>($: Doubles<T, C>, x: T, precision: Precision) {
  const n = $.nearest($.mul(x, $.constant(2 / Math.PI)));
  const first = $.sub(x, $.mul(n, $.constant(FIRST)));
  const part = $.mul(n, $.constant(SECOND));
  const second = $.sub(first, part);
  const rest = $.sub($.sub($.sub(first, second), part), $.mul(n, $.constant(THIRD)));
  const r = $.add(second, rest);
  const low = $.add($.sub(second, r), rest);
  const z = $.mul(r, r);
  // sin(r + low) = r + (r³(-1/3! + r²/5! - …) + low·(1 - r²/2)), and likewise for the cosine.
  const sine = polynomial($, z, alternating(1, TERMS[precision]));
  const half = $.mul($.constant(0.5), z);
  const sin = $.add(r, $.add($.mul($.mul(r, z), sine), $.sub(low, $.mul(low, half))));
  const cosine = polynomial($, z, alternating(0, TERMS[precision]).slice(1));
  const head = $.sub($.int(1), half);
  const tail = $.add($.sub($.sub($.int(1), head), half), $.sub($.mul($.mul(z, z), cosine), $.mul(r, low)));
  const cos = $.add(head, tail);
  const quadrant = $.sub(n, $.mul($.int(4), $.floor($.mul(n, $.constant(0.25)))));
  return { quadrant, sin, cos };
}

const isLarge = <T, C>($: Doubles<T, C>, x: T): C => $.less($.constant(LARGEST), $.abs(x));

const isOdd = <T, C>($: Doubles<T, C>, quadrant: T): C =>
  $.or($.equal(quadrant, $.int(1)), $.equal(quadrant, $.int(3)));

export function sin<T, C>($: Doubles<T, C>, x: T, precision: Precision): T {
  const { quadrant, sin: sine, cos: cosine } = reduced($, x, precision);
  const value = $.where(isOdd($, quadrant), cosine, sine);
  const signed = $.where($.lessEqual($.int(2), quadrant), $.neg(value), value);
  return $.rescue(isLarge($, x), 'sin', x, $.where($.equal(x, $.int(0)), x, signed));
}

export function cos<T, C>($: Doubles<T, C>, x: T, precision: Precision): T {
  const { quadrant, sin: sine, cos: cosine } = reduced($, x, precision);
  const value = $.where(isOdd($, quadrant), sine, cosine);
  const isNegative = $.or($.equal(quadrant, $.int(1)), $.equal(quadrant, $.int(2)));
  return $.rescue(isLarge($, x), 'cos', x, $.where(isNegative, $.neg(value), value));
}

export function tan<T, C>($: Doubles<T, C>, x: T, precision: Precision): T {
  const { quadrant, sin: sine, cos: cosine } = reduced($, x, precision);
  const isCotangent = isOdd($, quadrant);
  const ratio = $.div($.where(isCotangent, cosine, sine), $.where(isCotangent, $.neg(sine), cosine));
  return $.rescue(isLarge($, x), 'tan', x, $.where($.equal(x, $.int(0)), x, ratio));
}

/** 1, -1/3, 1/5, … */
const ARCTANGENT = Array.from({ length: 9 }, (_, k) => (-1) ** k / (2 * k + 1));

/**
 * atan x = π/2 - atan(1/x) brings x below 1, and atan x = 2 atan(x / (1 + √(1 + x²))) twice below 0.2, where the power
 * series is short. To more digits than float32 has.
 */
export function atan<T, C>($: Doubles<T, C>, x: T): T {
  return odd($, x, (size) => {
    const isSteep = $.less($.int(1), size);
    const halved = (t: T) => $.div(t, $.add($.int(1), $.sqrt($.add($.int(1), $.mul(t, t)))));
    const t = halved(halved($.where(isSteep, $.div($.int(1), size), size)));
    const angle = $.mul($.int(4), $.mul(t, polynomial($, $.mul(t, t), ARCTANGENT)));
    return $.where(isSteep, $.sub($.constant(Math.PI / 2), angle), angle);
  });
}

export const asin = <T, C>($: Doubles<T, C>, x: T): T =>
  atan($, $.div(x, $.sqrt($.mul($.sub($.int(1), x), $.add($.int(1), x)))));

export const acos = <T, C>($: Doubles<T, C>, x: T): T =>
  $.mul($.int(2), atan($, $.sqrt($.div($.sub($.int(1), x), $.add($.int(1), x)))));
