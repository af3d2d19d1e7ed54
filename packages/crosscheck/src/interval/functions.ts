// Elementary functions and erf over intervals, each by a series whose tail is smaller than its last term.

import {
  add,
  div,
  exactly,
  type Interval,
  integer,
  interval,
  isAbove,
  mul,
  neg,
  rational,
  series,
  sizeOf,
  sqrt,
  square,
  sub,
  Undecided,
  widened,
} from './arithmetic.ts';
import {
  compare,
  type Float,
  floorOf,
  least,
  lengthOf,
  most,
  negative,
  plus,
  quotient,
  times,
} from './float.ts';

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

export const exp = (a: Interval) => interval(expAt(a.low).low, expAt(a.high).high);

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

export function log(a: Interval): Interval {
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
export const pi = () =>
  constant('π', () => {
    const part = (n: number, d: number) => mul(integer(4 * n), arctanSeries(rational(1, d)));
    return add(add(part(12, 18), part(8, 57)), part(-5, 239));
  });

export function atan(a: Interval): Interval {
  let t = a;
  for (let i = 0; i < 5; i++) t = div(t, add(integer(1), sqrt(add(integer(1), square(t)))));
  return mul(integer(32), arctanSeries(t));
}

/** sin and cos around the middle of the interval; they change by no more than their argument does. */
export function wave(a: Interval, isSine: boolean): Interval {
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

/** 2/√π Σ (-1)^n x^(2n+1) / (n! (2n+1)); beyond 12 the value is within e^-144 of ±1. */
export function erf(a: Interval): Interval {
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
