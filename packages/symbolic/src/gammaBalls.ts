// Γ and its relatives over balls: shifted up by recurrence to where Stirling's series (DLMF 5.11.1, 5.11.2, 5.15.8)
// is short. For a positive argument its error is less than the first term left out.

import type { Carrier } from '@leibniz/ops';
import type { Ball, Trit } from './enclosure.ts';

type Finite = NonNullable<Ball>;

/** Beyond these sizes there is no ball. */
const MAX_PRECISION = 1024;
const MAX_SHIFT = 4096;
const MAX_ORDER = 64;

/** |B(2k)| = 2k T(k) / (4^k (4^k - 1)) by the tangent numbers T (Brent and Harvey 2011). */
function bernoulliSizes(count: number): readonly (readonly [bigint, bigint])[] {
  const tangent: bigint[] = [0n, 1n];
  for (let k = 2; k <= count; k++) tangent[k] = BigInt(k - 1) * tangent[k - 1]!;
  for (let k = 2; k <= count; k++) {
    for (let j = k; j <= count; j++) {
      tangent[j] = BigInt(j - k) * tangent[j - 1]! + BigInt(j - k + 2) * tangent[j]!;
    }
  }
  return tangent.map((t, k) => {
    const four = 4n ** BigInt(k);
    return k === 0 ? ([1n, 1n] as const) : ([2n * BigInt(k) * t, four * (four - 1n)] as const);
  });
}

const known = new Map<number, ReturnType<typeof bernoulliSizes>>();

function bernoulliUpTo(count: number) {
  const numbers = known.get(count) ?? bernoulliSizes(count);
  known.set(count, numbers);
  return numbers;
}

/** The functions over balls with so many bits after the point, made from those of balls with some more. */
export function gammaBalls(balls: (precision: number) => Carrier<Ball, Trit>, precision: number) {
  const terms = Math.ceil(precision / 8) + 4;
  let made: ReturnType<typeof wideGammaBalls> | undefined;
  let guard = 0n;
  const widened = (): NonNullable<typeof made> => {
    if (made) return made;
    const [above, below] = bernoulliUpTo(terms)[terms]!;
    guard = 32n + BigInt((above / below).toString(2).length);
    made = wideGammaBalls(balls(precision + Number(guard)), precision + Number(guard), terms);
    return made;
  };
  const wide = (x: Finite): Finite => ({ middle: x.middle << guard, radius: x.radius << guard });
  const narrow = (x: Ball): Ball => x && { middle: x.middle >> guard, radius: (x.radius >> guard) + 2n };
  const unary = (name: 'gamma' | 'lgamma' | 'digamma') => (x: Ball) => {
    if (!x || precision > MAX_PRECISION) return undefined;
    const $ = widened();
    return narrow($[name](wide(x)));
  };
  return {
    gamma: unary('gamma'),
    lgamma: unary('lgamma'),
    digamma: unary('digamma'),
    polygamma: (order: Ball, x: Ball): Ball => {
      if (!order || !x || precision > MAX_PRECISION) return undefined;
      const $ = widened();
      return narrow($.polygamma(wide(order), wide(x)));
    },
  };
}

function wideGammaBalls($: Carrier<Ball, Trit>, precision: number, terms: number) {
  const p = BigInt(precision);
  const target = precision / 2 + 16;

  /** How far an argument is shifted up; nothing where that is too far. */
  const shiftOf = (x: Finite): number | undefined => {
    const low = Number((x.middle - x.radius) >> p);
    const shift = Math.max(0, Math.ceil(target - low));
    return x.radius < 1n << p && shift <= MAX_SHIFT ? shift : undefined;
  };

  /** Σ ± |B(2k)| c(k) z^(-2k), with c(k) = above/below; what is left out is less than the last term. */
  const series = (z: Ball, coefficient: (k: number) => readonly [bigint, bigint]): Ball => {
    const numbers = bernoulliUpTo(terms);
    const step = $.inv($.mul(z, z));
    let power: Ball = $.int(1);
    let sum: Ball = $.int(0);
    let last: Ball = $.int(0);
    for (let k = 1; k < numbers.length; k++) {
      power = $.mul(power, step);
      const [b, d] = numbers[k]!;
      const [above, below] = coefficient(k);
      last = $.mul(power, $.rational(b * above, d * below));
      if (k === numbers.length - 1) break;
      sum = k % 2 === 1 ? $.add(sum, last) : $.sub(sum, last);
    }
    if (!sum || !last) return undefined;
    const rest = (last.middle < 0n ? -last.middle : last.middle) + last.radius;
    return { middle: sum.middle, radius: sum.radius + rest + 1n };
  };

  /** x (x+1) … (x+n-1) */
  const rising = (x: Ball, n: number): Ball => {
    let product: Ball = $.int(1);
    for (let j = 0; j < n; j++) product = $.mul(product, $.add(x, $.int(j)));
    return product;
  };

  /** log Γ(z) = (z - 1/2) log z - z + log(2π)/2 + Σ B(2k) / (2k (2k-1) z^(2k-1)) */
  const stirling = (z: Ball): Ball => {
    const tail = series(z, (k) => [1n, BigInt(2 * k * (2 * k - 1))]);
    const main = $.sub($.mul($.sub(z, $.rational(1, 2)), $.log(z)), z);
    const constant = $.div($.log($.mul($.int(2), $.pi)), $.int(2));
    return $.add($.add(main, constant), $.mul(z, tail));
  };

  const lgamma = (x: Ball): Ball => {
    const shift = x && shiftOf(x);
    if (shift === undefined) return undefined;
    return $.sub(stirling($.add(x, $.int(shift))), $.log($.abs(rising(x, shift))));
  };

  const gamma = (x: Ball): Ball => {
    const shift = x && shiftOf(x);
    return shift === undefined ? undefined : $.mul($.sign(rising(x, shift)), $.exp(lgamma(x)));
  };

  /** Σ (x + j)^(-m-1) for j < n. */
  const reciprocals = (x: Ball, n: number, m: number): Ball => {
    let sum: Ball = $.int(0);
    for (let j = 0; j < n; j++) {
      const inverse = $.inv($.add(x, $.int(j)));
      let power = inverse;
      for (let i = 0; i < m; i++) power = $.mul(power, inverse);
      sum = $.add(sum, power);
    }
    return sum;
  };

  /** ψ(z) = log z - 1/(2z) - Σ B(2k) / (2k z^(2k)) */
  const digamma = (x: Ball): Ball => {
    const shift = x && shiftOf(x);
    if (shift === undefined) return undefined;
    const z = $.add(x, $.int(shift));
    const tail = series(z, (k) => [1n, BigInt(2 * k)]);
    const main = $.sub($.log(z), $.inv($.mul($.int(2), z)));
    return $.sub($.sub(main, tail), reciprocals(x, shift, 0));
  };

  /** (-1)^(m+1) ψ⁽ᵐ⁾(z) = (m-1)!/z^m + m!/(2 z^(m+1)) + Σ B(2k) (2k+m-1)! / ((2k)! z^(2k+m)) */
  const polygamma = (order: Ball, x: Ball): Ball => {
    if (order?.radius !== 0n || (order.middle & ((1n << p) - 1n)) !== 0n) return undefined;
    const m = Number(order.middle >> p);
    if (m === 0) return digamma(x);
    const shift = x && shiftOf(x);
    if (shift === undefined || m < 0 || m > MAX_ORDER) return undefined;
    const z = $.add(x, $.int(shift));
    const [factorial, before] = [product(1, m), product(1, m - 1)];
    let scale = $.inv(z);
    for (let i = 1; i < m; i++) scale = $.mul(scale, $.inv(z));
    const tail = series(z, (k) => [product(2 * k + 1, 2 * k + m - 1), 1n]);
    const bracket = $.add($.add($.int(before), $.div($.rational(factorial, 2), z)), tail);
    const size = $.add($.mul(scale, bracket), $.mul($.int(factorial), reciprocals(x, shift, m)));
    return m % 2 === 1 ? size : $.neg(size);
  };

  return { gamma, lgamma, digamma, polygamma };
}

/** from · … · to */
function product(from: number, to: number): bigint {
  let result = 1n;
  for (let n = from; n <= to; n++) result *= BigInt(n);
  return result;
}
