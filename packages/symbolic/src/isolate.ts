// Real roots of polynomials with integer coefficients, each alone in an interval: by halving, where Descartes' rule of
// signs counts what an interval holds (Vincent 1836; Collins and Akritas 1976).

import { bitLength } from '@leibniz/ops';
import { LimitError } from './errors.ts';
import { Rational } from './rational.ts';
import { exactQuotient, type Integers } from './univariate.ts';

/** Numbers between which a root lies; a rational root may be both of them. */
export type Interval = readonly [low: Rational, high: Rational];

/** The additions of coefficients allowed for the roots of one polynomial. */
const MAX_WORK = 4_000_000;

/** The sign of f at a rational number. */
export function signAt(f: Integers, { p, q }: Rational): number {
  let value = 0n;
  let power = 1n;
  for (let i = f.length - 1; i >= 0; i--) {
    value = value * p + f[i]! * power;
    power *= q;
  }
  return value > 0n ? 1 : value < 0n ? -1 : 0;
}

/**
 * Intervals around the real roots of a square-free polynomial, from left to right; f is not zero at the ends of those
 * that are longer than a point.
 *
 * @throws LimitError when the work exceeds its bounds.
 */
export function isolateRoots(f: Integers): Interval[] {
  const exact: Interval[] = [];
  let rest = f;
  for (;;) {
    const found = tryToIsolate(rest);
    if (Array.isArray(found)) return [...exact, ...found].sort(([a], [b]) => a.compare(b));
    exact.push([found, found]);
    rest = exactQuotient(rest, [-found.p, found.q])!;
  }
}

/** The intervals, or a rational root that was met on the way. */
function tryToIsolate(f: Integers): Interval[] | Rational {
  if (f.length <= 1) return [];
  if (f[0] === 0n) return Rational.ZERO;
  const right = positiveRoots(f);
  if (!Array.isArray(right)) return right;
  const left = positiveRoots(f.map((c, i) => (i % 2 === 0 ? c : -c)));
  if (!Array.isArray(left)) return left.neg();
  return [...left.map(([low, high]): Interval => [high.neg(), low.neg()]), ...right];
}

function positiveRoots(f: Integers): Interval[] | Rational {
  if (f.length ** 2 > MAX_WORK) throw new LimitError('the steps to isolate roots', MAX_WORK, f.length ** 2);
  const bound = rootBound(f);
  const found: Interval[] = [];
  // The roots of `poly` in (0, 1) are those of f in (start, start + 1) · 2^(bound - depth).
  const pending = [{ poly: f.map((c, i) => c << BigInt(i * bound)), start: 0n, depth: 0 }];
  let work = 0;
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const { poly, start, depth } = part;
    work += poly.length ** 2;
    if (work > MAX_WORK) throw new LimitError('the steps to isolate roots', MAX_WORK, work);
    const count = signChanges(shifted([...poly].reverse()));
    const place = (n: bigint, d: number) => Rational.of(n << BigInt(bound), 1n << BigInt(d));
    if (count === 0) continue;
    if (count === 1) {
      found.push([place(start, depth), place(start + 1n, depth)]);
      continue;
    }
    const left = poly.map((c, i) => c << BigInt(poly.length - 1 - i));
    const right = shifted(left);
    if (right[0] === 0n) return place(2n * start + 1n, depth + 1);
    pending.push({ poly: right, start: 2n * start + 1n, depth: depth + 1 });
    pending.push({ poly: left, start: 2n * start, depth: depth + 1 });
  }
  const end = found.flat().find((point) => signAt(f, point) === 0);
  return end ?? found;
}

/** k with every positive root below 2^k. */
function rootBound(f: Integers): number {
  const sizes = f.map((c) => (c === 0n ? 0 : bitLength(c < 0n ? -c : c)));
  return Math.max(1, Math.max(...sizes) - sizes.at(-1)! + 2);
}

/** f(x + 1) */
function shifted(f: Integers): bigint[] {
  const result = [...f];
  for (let i = 0; i < result.length; i++)
    for (let j = result.length - 2; j >= i; j--) result[j]! += result[j + 1]!;
  return result;
}

/** How often neighbouring coefficients differ in sign, zeros left out. */
function signChanges(f: Integers): number {
  const signs = f.filter((c) => c !== 0n).map((c) => c > 0n);
  return signs.filter((sign, i) => i > 0 && sign !== signs[i - 1]).length;
}

/** The interval halved around its root until it is shorter than 2^-bits times its distance from zero. */
export function refine(f: Integers, [low, high]: Interval, bits: number): Interval {
  if (low.equals(high)) return [low, high];
  const scale = Rational.of(1n << BigInt(bits));
  let [a, b] = [low, high];
  const side = signAt(f, b);
  const isShort = () =>
    a.sign * b.sign > 0 &&
    b
      .sub(a)
      .mul(scale)
      .compare(a.sign > 0 ? a : b.neg()) <= 0;
  while (!isShort()) {
    const middle = a.add(b).mul(Rational.HALF);
    const sign = signAt(f, middle);
    if (sign === 0) return [middle, middle];
    if (sign === side) b = middle;
    else a = middle;
  }
  return [a, b];
}
