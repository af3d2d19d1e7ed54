// A second, plain interval arithmetic that judges witnesses: lower and upper ends as binary floating-point numbers with
// directed rounding. It shares nothing with the balls of `symbolic` but the table's definitions of composed functions,
// and takes other series wherever it can. What it cannot decide is absent, and so is all that is computed from it.

import { type Carrier, ops } from '@leibniz/ops';

import {
  add,
  div,
  type Interval,
  integer,
  inv,
  isAbove,
  isPoint,
  mul,
  neg,
  rational,
  sizeOf,
  sqrt,
  square,
  sub,
  Undecided,
  wholeValue,
} from './interval/arithmetic.ts';
import { compare, type Float, floorOf, isNegative, least, lengthOf, most, ZERO } from './interval/float.ts';
import { atan, erf, exp, log, pi, wave } from './interval/functions.ts';
import { gamma, polygammaAt } from './interval/gamma.ts';

export type { Interval } from './interval/arithmetic.ts';

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
