// Intervals between floating-point ends.

import {
  BITS,
  compare,
  type Float,
  floorOf,
  isNegative,
  least,
  most,
  negative,
  plus,
  quotient,
  rounded,
  size,
  sqrtEnd,
  times,
  ZERO,
} from './float.ts';

export interface Interval {
  readonly low: Float;
  readonly high: Float;
}

/** No certain answer: outside a domain, or the interval is too wide. */
export class Undecided extends Error {
  override readonly name = 'Undecided';
  readonly code = 'ERR_CROSSCHECK_UNDECIDED';
}

export const interval = (low: Float, high: Float): Interval => ({
  low: rounded(low, false),
  high: rounded(high, true),
});
export const exactly = (x: Float): Interval => ({ low: x, high: x });
export const integer = (n: bigint | number): Interval => exactly({ m: BigInt(n), e: 0 });

export const isAbove = (a: Interval, n: bigint) => compare(a.low, { m: n, e: 0 }) > 0;
export const add = (a: Interval, b: Interval) => interval(plus(a.low, b.low), plus(a.high, b.high));
export const neg = (a: Interval): Interval => ({ low: negative(a.high), high: negative(a.low) });
export const sub = (a: Interval, b: Interval) => add(a, neg(b));

export function mul(a: Interval, b: Interval): Interval {
  const ends = [times(a.low, b.low), times(a.low, b.high), times(a.high, b.low), times(a.high, b.high)];
  return interval(least(...ends), most(...ends));
}

export function inv(a: Interval): Interval {
  if (a.low.m <= 0n && a.high.m >= 0n) throw new Undecided('division by what may be 0');
  const one = { m: 1n, e: 0 };
  return {
    low: rounded(quotient(one, a.high, false), false),
    high: rounded(quotient(one, a.low, true), true),
  };
}

export const div = (a: Interval, b: Interval) => mul(a, inv(b));
export const rational = (p: bigint | number, q: bigint | number) => div(integer(p), integer(q));

/** The interval widened by an error on both sides. */
export const widened = (a: Interval, error: Float) =>
  interval(plus(a.low, negative(error)), plus(a.high, error));
export const sizeOf = (a: Interval): Float => most(a.high, negative(a.low));
const tiny: Float = { m: 1n, e: -BITS - 40 };

export function sqrt(a: Interval): Interval {
  if (isNegative(a.low)) throw new Undecided('root of what may be negative');
  return interval(sqrtEnd(a.low, false), sqrtEnd(a.high, true));
}

/** Σ of terms until one is below the last bit; the tail is at most as large as the last term. */
export function series(
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

export function square(a: Interval): Interval {
  const ends = [times(a.low, a.low), times(a.high, a.high)] as const;
  return interval(a.low.m <= 0n && a.high.m >= 0n ? ZERO : least(...ends), most(...ends));
}

export const isPoint = (a: Interval) => compare(a.low, a.high) === 0;

export function wholeValue(a: Interval): number | undefined {
  if (!isPoint(a)) return undefined;
  const n = floorOf(a.low);
  return compare({ m: n, e: 0 }, a.low) === 0 && size(n) < 5000n ? Number(n) : undefined;
}
