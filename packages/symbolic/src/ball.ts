// Ball arithmetic: real numbers as midpoint and radius in binary fixed point, with BigInt, so that every result
// encloses the true value. An operation that cannot vouch for its result gives no ball at all (`undefined`), and
// so does everything computed from it.

import { type Carrier, ops } from '@leibniz/ops';
import type { Ball, Trit } from './enclosure.ts';
import { gammaBalls } from './gammaBalls.ts';
import { integerRoot, Rational } from './rational.ts';

export type { Ball, Trit } from './enclosure.ts';

type Finite = NonNullable<Ball>;

const abs = (n: bigint) => (n < 0n ? -n : n);
const larger = (a: bigint, b: bigint) => (a < b ? b : a);
const bits = (n: bigint) => BigInt(abs(n).toString(2).length);

/** Beyond this size of an argument, exp, sin and cos give no ball: 2^24. */
const MAX_ARGUMENT_BITS = 24n;

/** exp gives no ball above 2^16384. */
const MAX_EXPONENT = 16384n;

/** n / 2^k, rounded to nearest: within half a unit of the exact value. */
const shifted = (n: bigint, k: bigint) => (k <= 0n ? n << -k : (n + (1n << (k - 1n))) >> k);

/** Σ s^i z^(2i+1) / (2i+1) at the precision w for a fraction z; s is 1 for artanh and -1 for arctan. */
function arctangentSeries(z: bigint, w: bigint, s: bigint): bigint {
  const square = (z * z) >> w;
  let power = z;
  let sum = z;
  for (let k = 3n; power !== 0n && power !== -1n; k += 2n) {
    power = (s * power * square) >> w;
    sum += power / k;
  }
  return sum;
}

const inverseSeries = (n: bigint, w: bigint, s: bigint) => arctangentSeries((1n << w) / n, w, s);

/** log 2 = 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749), with guard bits. */
const logTwo = cached((w) => {
  const v = w + 32n;
  const value =
    18n * inverseSeries(26n, v, 1n) - 2n * inverseSeries(4801n, v, 1n) + 8n * inverseSeries(8749n, v, 1n);
  return value >> 32n;
});

/** Machin: π = 16 arctan(1/5) - 4 arctan(1/239). */
const piAt = cached((w) => {
  const v = w + 32n;
  return (16n * inverseSeries(5n, v, -1n) - 4n * inverseSeries(239n, v, -1n)) >> 32n;
});

function cached(compute: (w: bigint) => bigint): (w: bigint) => bigint {
  const known = new Map<bigint, bigint>();
  return (w) => {
    const value = known.get(w) ?? compute(w);
    known.set(w, value);
    return value;
  };
}

/** e^t for |t| < 1 at the precision w: the series at t / 2^16, squared 16 times; within 2^24 units. */
function expSmall(t: bigint, w: bigint): bigint {
  const v = w + 24n;
  const x = t << 8n;
  let term = 1n << v;
  let sum = term;
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    term = ((term * x) >> v) / k;
    sum += term;
  }
  for (let i = 0; i < 16; i++) sum = (sum * sum) >> v;
  return sum >> 24n;
}

/** sin t and cos t for |t| < 2 at the precision w. */
function sinCosSmall(t: bigint, w: bigint): { sin: bigint; cos: bigint } {
  let term = 1n << w;
  const sums = [0n, 0n];
  for (let k = 0n; term !== 0n && term !== -1n; k++) {
    sums[Number(k & 1n)]! += k & 2n ? -term : term;
    term = ((term * t) >> w) / (k + 1n);
  }
  return { cos: sums[0]!, sin: sums[1]! };
}

/** Units of the last place granted to the rounding inside a series; the guard bits make it true. */
const SLACK = 4n;

/** 2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!; once the terms halve, what is left out is less than the last term kept. */
function erfSeries(precision: number, x: Finite): Ball {
  const $ = balls(precision);
  const square = $.mul(x, x);
  let term: Ball = x;
  let sum: Ball = x;
  const halves = (n: number) => $.less($.mul($.int(4), square), $.int(2 * n + 1)) === true;
  for (let n = 1; term && sum; n++) {
    term = $.mul(term, $.div($.mul($.int(2), square), $.int(2 * n + 1)));
    sum = $.add(sum, term);
    if (!term || !sum || (halves(n) && abs(term.middle) <= term.radius + 1n)) break;
  }
  if (!term || !sum) return undefined;
  const total = { middle: sum.middle, radius: sum.radius + abs(term.middle) + term.radius + 1n };
  return $.mul($.mul($.div($.int(2), $.sqrt($.pi)), $.exp($.neg(square))), total);
}

/** The operations of the table over balls with `precision` bits after the point. */
export function balls(precision: number): Carrier<Ball, Trit> {
  const p = BigInt(precision);
  const unit = 1n << p;
  const ball = (middle: bigint, radius: bigint): Finite => ({ middle, radius });
  const int = (n: number | bigint) => ball(BigInt(n) << p, 0n);
  const rational = (a: number | bigint, b: number | bigint): Finite => {
    const value = Rational.of(a, b);
    return ball((value.p << p) / value.q, value.isInteger ? 0n : 1n);
  };
  const low = (x: Finite) => x.middle - x.radius;
  const high = (x: Finite) => x.middle + x.radius;
  const hull = (a: bigint, b: bigint) => ball((a + b) >> 1n, ((b - a) >> 1n) + 1n);

  const add = (a: Ball, b: Ball): Ball => a && b && ball(a.middle + b.middle, a.radius + b.radius);
  const neg = (a: Ball): Ball => a && ball(-a.middle, a.radius);
  const sub = (a: Ball, b: Ball): Ball => add(a, neg(b));
  const mul = (a: Ball, b: Ball): Ball => {
    if (!a || !b) return undefined;
    const spread = abs(a.middle) * b.radius + abs(b.middle) * a.radius + a.radius * b.radius;
    return ball(shifted(a.middle * b.middle, p), spread === 0n && exact(a, b) ? 0n : (spread >> p) + 2n);
  };
  /** Whether the product of two midpoints needs no rounding. */
  const exact = (a: Finite, b: Finite) => ((a.middle * b.middle) & (unit - 1n)) === 0n;
  const inv = (a: Ball): Ball => {
    if (!a || abs(a.middle) <= a.radius) return undefined;
    const size = abs(a.middle);
    return ball((unit * unit) / a.middle, (a.radius * unit * unit) / (size * (size - a.radius)) + 2n);
  };
  const div = (a: Ball, b: Ball): Ball => mul(a, inv(b));

  const sqrt = (a: Ball): Ball => {
    if (!a || low(a) < 0n) return undefined;
    const root = (n: bigint) => integerRoot(n << p, 2n);
    if (a.radius !== 0n) return hull(root(low(a)), root(high(a)) + 1n);
    const whole = root(a.middle);
    return ball(whole, whole * whole === a.middle << p ? 0n : 1n);
  };

  const exp = (a: Ball): Ball => {
    if (!a || bits(a.middle) > p + MAX_ARGUMENT_BITS || a.radius >= unit) return undefined;
    const v = p + 64n;
    const x = a.middle << 64n;
    const k = x / logTwo(v);
    if (k < -p - 8n) return ball(0n, 1n);
    if (k > MAX_EXPONENT) return undefined;
    const guarded = v + abs(k);
    const power = expSmall((a.middle << (guarded - p)) - k * logTwo(guarded), guarded);
    const middle = shifted(power, guarded - p - k);
    // e^(m ± r) lies within e^m · 2r of e^m for r <= 1.
    return ball(middle, shifted(2n * (abs(middle) + 2n) * a.radius, p) + SLACK + (a.radius === 0n ? 0n : 1n));
  };

  const log = (a: Ball): Ball => {
    if (!a || low(a) <= 0n) return undefined;
    const v = p + 64n;
    const k = bits(a.middle) - p;
    const f = k >= 0n ? (a.middle << 64n) >> k : a.middle << (64n - k);
    const one = 1n << v;
    const series = 2n * arctangentSeries(((f - one) << v) / (f + one), v, 1n);
    const middle = shifted(series + k * logTwo(v), 64n);
    return ball(middle, (a.radius * unit) / low(a) + SLACK);
  };

  const sinCos = (a: Ball, quarterTurns: bigint): Ball => {
    if (!a || bits(a.middle) > p + MAX_ARGUMENT_BITS) return undefined;
    const v = p + 64n;
    const half = piAt(v) >> 1n;
    const x = a.middle << 64n;
    const quarters = (2n * x + half) / (2n * half) - (x < 0n ? 1n : 0n);
    const { sin, cos } = sinCosSmall(x - quarters * half, v);
    const value = [sin, cos, -sin, -cos][Number((((quarters + quarterTurns) % 4n) + 4n) % 4n)]!;
    return ball(shifted(value, 64n), (a.radius < 2n * unit ? a.radius : 2n * unit) + SLACK);
  };

  const atan = (a: Ball): Ball => {
    if (!a) return undefined;
    const v = p + 64n;
    const one = 1n << v;
    const size = abs(a.middle) << 64n;
    const isLarge = size > one;
    let z = isLarge ? (one * one) / size : size;
    // arctan z = 2 arctan(z / (1 + √(1 + z²))), three times.
    for (let i = 0; i < 3; i++) z = (z << v) / (one + integerRoot((one + ((z * z) >> v)) << v, 2n));
    const angle = 8n * arctangentSeries(z, v, -1n);
    const value = shifted(isLarge ? (piAt(v) >> 1n) - angle : angle, 64n);
    return ball(a.middle < 0n ? -value : value, a.radius + SLACK);
  };

  const pi = ball(piAt(p), 1n);
  const one = int(1);
  const two = int(2);

  const less = (a: Ball, b: Ball): Trit => {
    if (!a || !b) return undefined;
    return high(a) < low(b) ? true : low(a) >= high(b) ? false : undefined;
  };
  const lessEqual = (a: Ball, b: Ball): Trit => not(less(b, a));
  const equal = (a: Ball, b: Ball): Trit => {
    if (!a || !b) return undefined;
    if (high(a) < low(b) || high(b) < low(a)) return false;
    return a.radius === 0n && b.radius === 0n ? a.middle === b.middle : undefined;
  };
  const not = (c: Trit): Trit => (c === undefined ? undefined : !c);
  const and = (c: Trit, d: Trit): Trit =>
    c === false || d === false ? false : c === undefined || d === undefined ? undefined : true;
  const or = (c: Trit, d: Trit): Trit => not(and(not(c), not(d)));
  const where = (c: Trit, a: Ball, b: Ball): Ball => (c === undefined ? undefined : c ? a : b);

  const absolute = (a: Ball): Ball => {
    if (!a) return undefined;
    if (abs(a.middle) >= a.radius) return ball(abs(a.middle), a.radius);
    return hull(0n, abs(a.middle) + a.radius);
  };
  const floor = (a: Ball): Ball => {
    if (!a) return undefined;
    return low(a) >> p === high(a) >> p ? int(low(a) >> p) : undefined;
  };
  const sign = (a: Ball): Ball =>
    where(less(int(0), a), one, where(less(a, int(0)), int(-1), where(equal(a, int(0)), int(0), undefined)));
  const max = (a: Ball, b: Ball): Ball => {
    if (!a || !b) return undefined;
    return high(a) < low(b)
      ? b
      : high(b) < low(a)
        ? a
        : hull(larger(low(a), low(b)), larger(high(a), high(b)));
  };

  const integerPower = (a: Ball, exponent: bigint): Ball => {
    if (exponent < 0n) return inv(integerPower(a, -exponent));
    let result: Ball = one;
    let square = a;
    for (let n = exponent; n > 0n; n >>= 1n) {
      if (n & 1n) result = mul(result, square);
      if (n > 1n) square = mul(square, square);
    }
    return result;
  };
  const pow = (a: Ball, b: Ball): Ball => {
    if (!a || !b) return undefined;
    if (b.radius === 0n && (b.middle & (unit - 1n)) === 0n && abs(b.middle) < unit << 12n)
      return integerPower(a, b.middle >> p);
    if (equal(a, int(0)) === true && low(b) > 0n) return int(0);
    return exp(mul(b, log(a)));
  };
  const asin = (a: Ball): Ball => {
    if (equal(absolute(a), one) === true) return mul(sign(a), div(pi, two));
    return atan(div(a, sqrt(sub(one, mul(a, a)))));
  };
  const tanh = (a: Ball): Ball => {
    const power = exp(neg(mul(two, absolute(a))));
    return mul(sign(a), div(sub(one, power), add(one, power)));
  };
  /** erf by the series of one sign, DLMF 7.6.2, with as many guard bits as e^(-x²) takes away. */
  const erf = (a: Ball): Ball => {
    const square = mul(a, a);
    if (!a || !square) return undefined;
    // 1 - erf(x) < e^(-x²) < 2^-p
    if (low(square) > p << p) return mul(sign(a), ball(unit, 1n));
    const guard = ((3n * high(square)) >> (p + 1n)) + 32n;
    const wide = erfSeries(precision + Number(guard), ball(a.middle << guard, a.radius << guard));
    return wide && ball(shifted(wide.middle, guard), (wide.radius >> guard) + 2n);
  };
  const atan2 = (y: Ball, x: Ball): Ball => {
    if (less(int(0), x)) return atan(div(y, x));
    if (less(int(0), y)) return sub(div(pi, two), atan(div(x, y)));
    if (less(y, int(0))) return sub(neg(div(pi, two)), atan(div(x, y)));
    return less(x, int(0)) && equal(y, int(0)) ? pi : undefined;
  };

  const $: Record<string, unknown> = {
    int,
    rational,
    pi,
    less,
    lessEqual,
    equal,
    not,
    and,
    or,
    where,
    add,
    sub,
    mul,
    div,
    pow,
    neg,
    inv,
    sqrt,
    exp,
    log,
    atan,
    asin,
    tanh,
    erf,
    floor,
    sign,
    max,
    atan2,
    min: (a: Ball, b: Ball) => neg(max(neg(a), neg(b))),
    abs: absolute,
    sin: (a: Ball) => sinCos(a, 0n),
    cos: (a: Ball) => sinCos(a, 1n),
    cbrt: (a: Ball) => (equal(a, int(0)) ? int(0) : mul(sign(a), exp(div(log(absolute(a)), int(3))))),
  };
  // What is not written out above is what the table says it means, or nothing that can be vouched for.
  const carrier = $ as unknown as Carrier<Ball, Trit>;
  Object.assign($, gammaBalls(balls, precision));
  for (const [name, { means }] of Object.entries(ops.unary)) {
    $[name] ??= means ? (x: Ball) => means(carrier, x) : () => undefined;
  }
  for (const [name, { means }] of Object.entries(ops.binary)) {
    $[name] ??= means ? (a: Ball, b: Ball) => means(carrier, a, b) : () => undefined;
  }
  return carrier;
}
