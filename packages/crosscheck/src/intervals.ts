// A second, plain interval arithmetic that judges witnesses: lower and upper ends as binary floating-point numbers with
// directed rounding. It shares nothing with the balls of `symbolic` but the table's definitions of composed functions,
// and takes other series wherever it can. What it cannot decide it throws.

import { type Carrier, ops } from '@leibniz/ops';

/** Bits kept of an end. */
const BITS = 256;

/** m · 2^e */
interface Float {
  readonly m: bigint;
  readonly e: number;
}

export interface Interval {
  readonly low: Float;
  readonly high: Float;
}

/** No certain answer: outside a domain, or the interval is too wide. */
class Undecided extends Error {
  override readonly name = 'Undecided';
  readonly code = 'ERR_CROSSCHECK_UNDECIDED';
}

const size = (n: bigint) => (n < 0n ? -n : n);
const lengthOf = (n: bigint) => size(n).toString(2).length;

const ZERO: Float = { m: 0n, e: 0 };

/** At most BITS bits, rounded down for the lower end and up for the upper; bigint shifts round down. */
function rounded({ m, e }: Float, isUpper: boolean): Float {
  const excess = lengthOf(m) - BITS;
  if (excess <= 0) return { m, e };
  const by = BigInt(excess);
  return { m: isUpper ? -(-m >> by) : m >> by, e: e + excess };
}

const interval = (low: Float, high: Float): Interval => ({
  low: rounded(low, false),
  high: rounded(high, true),
});
const exactly = (x: Float): Interval => ({ low: x, high: x });
const integer = (n: bigint | number): Interval => exactly({ m: BigInt(n), e: 0 });

function aligned(a: Float, b: Float): [bigint, bigint, number] {
  const e = Math.min(a.e, b.e);
  return [a.m << BigInt(a.e - e), b.m << BigInt(b.e - e), e];
}

function plus(a: Float, b: Float): Float {
  if (a.m === 0n) return b;
  if (b.m === 0n) return a;
  const [x, y, e] = aligned(a, b);
  return { m: x + y, e };
}

const times = (a: Float, b: Float): Float => ({ m: a.m * b.m, e: a.e + b.e });
const negative = ({ m, e }: Float): Float => ({ m: -m, e });

function compare(a: Float, b: Float): number {
  if (a.m === 0n || b.m === 0n || a.m > 0n !== b.m > 0n) return a.m === b.m ? 0 : a.m < b.m ? -1 : 1;
  const [top, other] = [lengthOf(a.m) + a.e, lengthOf(b.m) + b.e];
  if (top !== other) return top > other === a.m > 0n ? 1 : -1;
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

const least = (...xs: Float[]) => xs.reduce((a, b) => (compare(a, b) <= 0 ? a : b));
const most = (...xs: Float[]) => xs.reduce((a, b) => (compare(a, b) >= 0 ? a : b));

/** a / b rounded down or up. */
function quotient(a: Float, b: Float, isUpper: boolean): Float {
  const shift = BITS + 8 + Math.max(0, lengthOf(b.m) - lengthOf(a.m));
  const [m, n] = b.m < 0n ? [-a.m, -b.m] : [a.m, b.m];
  const up = m << BigInt(shift);
  const down = up >= 0n ? up / n : -((-up + n - 1n) / n);
  return { m: isUpper && down * n !== up ? down + 1n : down, e: a.e - b.e - shift };
}

const isAbove = (a: Interval, n: bigint) => compare(a.low, { m: n, e: 0 }) > 0;
const isNegative = (x: Float) => x.m < 0n;

const add = (a: Interval, b: Interval) => interval(plus(a.low, b.low), plus(a.high, b.high));
const neg = (a: Interval): Interval => ({ low: negative(a.high), high: negative(a.low) });
const sub = (a: Interval, b: Interval) => add(a, neg(b));

function mul(a: Interval, b: Interval): Interval {
  const ends = [times(a.low, b.low), times(a.low, b.high), times(a.high, b.low), times(a.high, b.high)];
  return interval(least(...ends), most(...ends));
}

function inv(a: Interval): Interval {
  if (a.low.m <= 0n && a.high.m >= 0n) throw new Undecided('division by what may be 0');
  const one = { m: 1n, e: 0 };
  return {
    low: rounded(quotient(one, a.high, false), false),
    high: rounded(quotient(one, a.low, true), true),
  };
}

const div = (a: Interval, b: Interval) => mul(a, inv(b));
const rational = (p: bigint | number, q: bigint | number) => div(integer(p), integer(q));

/** The interval widened by an error on both sides. */
const widened = (a: Interval, error: Float) => interval(plus(a.low, negative(error)), plus(a.high, error));
const sizeOf = (a: Interval): Float => most(a.high, negative(a.low));
const tiny: Float = { m: 1n, e: -BITS - 40 };

/** n ≈ √m by Heron's rule, rounded down. */
function squareRoot(m: bigint): bigint {
  if (m < 2n) return m;
  let x = 1n << BigInt((lengthOf(m) + 1) >> 1);
  for (;;) {
    const next = (x + m / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

function sqrtEnd(x: Float, isUpper: boolean): Float {
  const shift = 2 * BITS + (x.e % 2 === 0 ? 0 : 1);
  const scaled = x.m << BigInt(shift);
  const root = squareRoot(scaled);
  return { m: isUpper && root * root !== scaled ? root + 1n : root, e: (x.e - shift) / 2 };
}

function sqrt(a: Interval): Interval {
  if (isNegative(a.low)) throw new Undecided('root of what may be negative');
  return interval(sqrtEnd(a.low, false), sqrtEnd(a.high, true));
}

/** Σ of terms until one is below the last bit; the tail is at most as large as the last term. */
function series(
  first: Interval,
  next: (term: Interval, k: number) => Interval,
  value = (t: Interval, _k: number) => t,
) {
  let [term, sum] = [first, integer(0)];
  for (let k = 0; k < 4000; k++) {
    const part = value(term, k);
    sum = add(sum, part);
    term = next(term, k);
    const rest = sizeOf(term);
    if (compare(rest, tiny) < 0) return widened(sum, times(rest, { m: 2n, e: 0 }));
  }
  throw new Undecided('a series that does not end');
}

/** e^x at an end: of x/2^k by Taylor's series, squared k times. */
function expAt(x: Float): Interval {
  const top = lengthOf(x.m) + x.e;
  if (top > 24) throw new Undecided('exponent too large');
  const halvings = Math.max(0, top + 8);
  const reduced = exactly({ m: x.m, e: x.e - halvings });
  let power = series(integer(1), (term, k) => div(mul(term, reduced), integer(k + 1)));
  for (let i = 0; i < halvings; i++) power = mul(power, power);
  return power;
}

const exp = (a: Interval) => interval(expAt(a.low).low, expAt(a.high).high);

/** 2 artanh t, for |t| <= 1/3. */
const twiceArtanh = (t: Interval) => {
  const square = mul(t, t);
  return mul(
    integer(2),
    series(
      t,
      (term) => mul(term, square),
      (term, k) => div(term, integer(2 * k + 1)),
    ),
  );
};

const constants = new Map<string, Interval>();
function constant(name: string, compute: () => Interval): Interval {
  const found = constants.get(name) ?? compute();
  constants.set(name, found);
  return found;
}

const logTwo = () => constant('log 2', () => twiceArtanh(rational(1, 3)));

function logAt(x: Float): Interval {
  const k = lengthOf(x.m) + x.e;
  const f = exactly({ m: x.m, e: x.e - k });
  // f lies in [1/2, 1)
  const t = div(sub(f, integer(1)), add(f, integer(1)));
  return add(twiceArtanh(t), mul(integer(k), logTwo()));
}

function log(a: Interval): Interval {
  if (a.low.m <= 0n) throw new Undecided('logarithm of what may not be positive');
  return interval(logAt(a.low).low, logAt(a.high).high);
}

const arctanSeries = (t: Interval) => {
  const square = neg(mul(t, t));
  return series(
    t,
    (term) => mul(term, square),
    (term, k) => div(term, integer(2 * k + 1)),
  );
};

/** Gauss: π/4 = 12 arctan 1/18 + 8 arctan 1/57 - 5 arctan 1/239. */
const pi = () =>
  constant('π', () => {
    const part = (n: number, d: number) => mul(integer(4 * n), arctanSeries(rational(1, d)));
    return add(add(part(12, 18), part(8, 57)), part(-5, 239));
  });

function atan(a: Interval): Interval {
  let t = a;
  for (let i = 0; i < 5; i++) t = div(t, add(integer(1), sqrt(add(integer(1), square(t)))));
  return mul(integer(32), arctanSeries(t));
}

function square(a: Interval): Interval {
  const ends = [times(a.low, a.low), times(a.high, a.high)] as const;
  return interval(a.low.m <= 0n && a.high.m >= 0n ? ZERO : least(...ends), most(...ends));
}

/** sin and cos around the middle of the interval; they change by no more than their argument does. */
function wave(a: Interval, isSine: boolean): Interval {
  const middle = times(plus(a.low, a.high), { m: 1n, e: -1 });
  const radius = plus(a.high, negative(middle));
  if (lengthOf(middle.m) + middle.e > 40) throw new Undecided('angle too large');
  const turn = mul(integer(2), pi());
  const turns = floorOf(quotient(middle, turn.low, false));
  const x = sub(exactly(middle), mul(integer(turns), turn));
  const minusSquare = neg(mul(x, x));
  const start = isSine ? x : integer(1);
  const offset = isSine ? 1 : 0;
  const sum = series(start, (term, k) =>
    div(mul(term, minusSquare), integer((2 * k + 1 + offset) * (2 * k + 2 + offset))),
  );
  const wide = widened(sum, radius);
  const [one, minusOne] = [
    { m: 1n, e: 0 },
    { m: -1n, e: 0 },
  ];
  return { low: most(wide.low, minusOne), high: least(wide.high, one) };
}

const floorOf = ({ m, e }: Float): bigint => (e >= 0 ? m << BigInt(e) : m >> BigInt(-e));

/** 2/√π Σ (-1)^n x^(2n+1) / (n! (2n+1)); beyond 12 the value is within e^-144 of ±1. */
function erf(a: Interval): Interval {
  if (compare(sizeOf(a), { m: 12n, e: 0 }) > 0) {
    const near = widened(integer(1), { m: 1n, e: -200 });
    if (isAbove(a, 11n)) return { low: near.low, high: { m: 1n, e: 0 } };
    if (isAbove(neg(a), 11n)) return { low: { m: -1n, e: 0 }, high: neg(near).high };
    throw new Undecided('a wide argument of erf');
  }
  const minusSquare = neg(mul(a, a));
  const sum = series(
    a,
    (term, k) => div(mul(term, minusSquare), integer(k + 1)),
    (term, k) => div(term, integer(2 * k + 1)),
  );
  return mul(div(integer(2), sqrt(pi())), sum);
}

type Jet = readonly Interval[];

const jetTimes = (a: Jet, b: Jet): Jet =>
  a.map((_, n) => a.slice(0, n + 1).reduce((sum, x, i) => add(sum, mul(x, b[n - i]!)), integer(0)));

/** a / (c + ε) */
function jetOver(a: Jet, c: Interval): Jet {
  const result: Interval[] = [];
  a.forEach((x, n) => {
    result.push(div(n === 0 ? x : sub(x, result[n - 1]!), c));
  });
  return result;
}

/** Where the incomplete gamma function is cut off. */
const CUT = 200;

/**
 * The Taylor coefficients of Γ at x: the integral up to CUT as Σ CUT^(x+k) e^-CUT / (x (x+1) … (x+k)), for x in [1, 2];
 * the rest of the integral of t^(x-1) (log t)^n e^-t is less than 2 CUT^(1+n/2) e^-CUT. Other x by recurrence.
 */
function gammaJet(x: Interval, order: number): Jet {
  const steps = floorOf(x.low) - 1n;
  if (size(steps) > 400n) throw new Undecided('a large argument of gamma');
  const base = sub(x, integer(steps));
  const cut = integer(CUT);
  const small = exp(neg(cut));
  const logCut = log(cut);
  let coefficient = mul(exp(mul(base, logCut)), small);
  const powers: Interval[] = [];
  for (let n = 0; n <= order; n++) {
    powers.push(coefficient);
    coefficient = div(mul(coefficient, logCut), integer(n + 1));
  }
  let term = jetOver(powers, base);
  let sum = term;
  for (let k = 1; k < 1200; k++) {
    term = jetOver(
      term.map((part) => mul(part, cut)),
      add(base, integer(k)),
    );
    sum = sum.map((part, n) => add(part, term[n]!));
  }
  // By then a term is less than a fifth of the one before, whatever the derivative.
  const rest = sum.map((_, n) =>
    plus(sizeOf(mul(integer(2n * BigInt(CUT) ** BigInt(1 + n)), small)), sizeOf(term[n]!)),
  );
  let jet: Jet = sum.map((part, n) => widened(part, rest[n]!));
  const factor = (c: Interval): Jet => jet.map((_, n) => (n === 0 ? c : integer(n === 1 ? 1 : 0)));
  for (let j = 0n; j < steps; j++) jet = jetTimes(jet, factor(add(base, integer(j))));
  for (let j = -1n; j >= steps; j--) jet = jetOver(jet, add(base, integer(j)));
  return jet;
}

const gamma = (x: Interval) => gammaJet(x, 0)[0]!;

/** ψ⁽ᵐ⁾ = (m+1)! times the coefficient of ε^(m+1) in log Γ(x + ε). */
function polygammaAt(m: number, x: Interval): Interval {
  const g = gammaJet(x, m + 1);
  const logarithm: Interval[] = [integer(0)];
  for (let n = 1; n <= m + 1; n++) {
    let sum = mul(integer(n), g[n]!);
    for (let i = 1; i < n; i++) sum = sub(sum, mul(integer(i), mul(logarithm[i]!, g[n - i]!)));
    logarithm.push(div(sum, mul(integer(n), g[0]!)));
  }
  let factorial = 1;
  for (let n = 2; n <= m + 1; n++) factorial *= n;
  return mul(integer(factorial), logarithm[m + 1]!);
}

const isPoint = (a: Interval) => compare(a.low, a.high) === 0;

function wholeValue(a: Interval): number | undefined {
  if (!isPoint(a)) return undefined;
  const n = floorOf(a.low);
  return compare({ m: n, e: 0 }, a.low) === 0 && size(n) < 5000n ? Number(n) : undefined;
}

function pow(a: Interval, b: Interval): Interval {
  const n = wholeValue(b);
  if (n === undefined)
    return isPoint(a) && a.low.m === 0n && isAbove(b, 0n) ? integer(0) : exp(mul(b, log(a)));
  if (n < 0) return inv(pow(a, integer(-n)));
  let result = integer(1);
  for (let i = 0; i < n; i++) result = mul(result, a);
  return result;
}

function less(a: Interval, b: Interval): boolean {
  if (compare(a.high, b.low) < 0) return true;
  if (compare(a.low, b.high) >= 0) return false;
  throw new Undecided('a comparison too close to call');
}

function equal(a: Interval, b: Interval): boolean {
  if (areApart(a, b)) return false;
  if (isPoint(a) && isPoint(b)) return true;
  throw new Undecided('an equality too close to call');
}

/** Whether no number lies in both. */
export const areApart = (a: Interval, b: Interval): boolean =>
  compare(a.high, b.low) < 0 || compare(b.high, a.low) < 0;

function abs(a: Interval): Interval {
  if (!isNegative(a.low)) return a;
  return isNegative(a.high) ? neg(a) : { low: ZERO, high: sizeOf(a) };
}

const sign = (a: Interval): Interval => {
  if (isPoint(a) && a.low.m === 0n) return a;
  if (a.low.m > 0n) return integer(1);
  if (a.high.m < 0n) return integer(-1);
  throw new Undecided('a sign too close to call');
};

const halfPi = () => div(pi(), integer(2));

function asin(a: Interval): Interval {
  if (wholeValue(abs(a)) === 1) return mul(sign(a), halfPi());
  return atan(div(a, sqrt(sub(integer(1), square(a)))));
}

function atan2(y: Interval, x: Interval): Interval {
  if (x.low.m > 0n) return atan(div(y, x));
  if (y.low.m > 0n) return sub(halfPi(), atan(div(x, y)));
  if (y.high.m < 0n) return sub(neg(halfPi()), atan(div(x, y)));
  throw new Undecided('an angle on the cut');
}

function floor(a: Interval): Interval {
  const [low, high] = [floorOf(a.low), floorOf(a.high)];
  if (low !== high) throw new Undecided('a floor too close to call');
  return integer(low);
}

const written: Record<string, unknown> = {
  int: integer,
  rational,
  add,
  sub,
  mul,
  div,
  neg,
  inv,
  pow,
  sqrt,
  square,
  exp,
  log,
  atan,
  asin,
  atan2,
  erf,
  gamma,
  floor,
  sign,
  abs,
  less,
  equal,
  lgamma: (x: Interval) => log(abs(gamma(x))),
  digamma: (x: Interval) => polygammaAt(0, x),
  polygamma: (m: Interval, x: Interval) => {
    const order = wholeValue(m);
    if (order === undefined || order < 0 || order > 8) throw new Undecided('an order of polygamma');
    return polygammaAt(order, x);
  },
  sin: (a: Interval) => wave(a, true),
  cos: (a: Interval) => wave(a, false),
  cbrt: (a: Interval) => (isPoint(a) && a.low.m === 0n ? a : mul(sign(a), exp(div(log(abs(a)), integer(3))))),
  max: (a: Interval, b: Interval): Interval => ({ low: most(a.low, b.low), high: most(a.high, b.high) }),
  min: (a: Interval, b: Interval): Interval => ({ low: least(a.low, b.low), high: least(a.high, b.high) }),
  lessEqual: (a: Interval, b: Interval) => !less(b, a),
  not: (c: boolean) => !c,
  and: (c: boolean, d: boolean) => c && d,
  or: (c: boolean, d: boolean) => c || d,
};

/** The same function, giving nothing where it is undecided or lacks an argument. */
function partial(f: (...args: never[]) => unknown) {
  return (...args: unknown[]) => {
    if (args.includes(undefined)) return undefined;
    try {
      return f(...(args as never[]));
    } catch (error) {
      if (error instanceof Undecided) return undefined;
      throw error;
    }
  };
}

/** The operations of the table over intervals; what is not written out is what the table says it means. */
export const intervals: Carrier<Interval | undefined, boolean | undefined> = (() => {
  const carrier: Record<string, unknown> = { pi: pi() };
  for (const [name, f] of Object.entries(written)) carrier[name] = partial(f as () => unknown);
  // The branch that is not taken may have no value.
  carrier.where = (c: boolean | undefined, a: unknown, b: unknown) =>
    c === undefined ? undefined : c ? a : b;
  const $ = carrier as unknown as Carrier<Interval | undefined, boolean | undefined>;
  for (const [name, { means }] of Object.entries(ops.unary))
    carrier[name] ??= (x: Interval | undefined) => means?.($, x);
  for (const [name, { means }] of Object.entries(ops.binary))
    carrier[name] ??= (a: Interval | undefined, b: Interval | undefined) => means?.($, a, b);
  return $;
})();

/** The ends as doubles. */
export const toNumbers = ({ low, high }: Interval): readonly [number, number] => {
  const value = ({ m, e }: Float) => {
    const excess = Math.max(0, lengthOf(m) - 60);
    return Number(m >> BigInt(excess)) * 2 ** Math.max(-1070, e + excess);
  };
  return [value(low), value(high)];
};
