import type { Algebra } from './algebra.ts';
import type { Expr } from './node.ts';
import { gcd, Rational } from './rational.ts';
import type { Integers } from './univariate.ts';

/** The highest degree of a polynomial that is shifted. */
const MAX_SHIFTED = 24;

/** A number written with radicals, and its sign. */
interface Signed {
  readonly value: Expr;
  readonly sign: number;
}

/**
 * The real roots from left to right, where simple radicals say them: a shift of the variable makes the polynomial one
 * of degree 1 or 2 in a power of it. Zero is not a root of it after the shift.
 */
export function radicalRoots(algebra: Algebra, f: Integers): Expr[] | undefined {
  const n = f.length - 1;
  const shift = Rational.of(-f[n - 1]!, f[n]! * BigInt(n));
  if (n === 1) return [algebra.num(shift)];
  if (n > MAX_SHIFTED && !shift.isZero) return undefined;
  const depressed = shiftedBy(f, shift);
  const step = depressed.reduce((k, c, i) => (c.isZero ? k : Number(gcd(BigInt(k), BigInt(i)))), 0);
  const powers = ofLowDegree(
    algebra,
    depressed.filter((_, i) => i % step === 0),
  );
  return powers && rootsOf(algebra, powers, step).map((y) => algebra.sum([algebra.num(shift), y]));
}

/** f(x + s), by Horner's scheme. */
function shiftedBy(f: Integers, s: Rational): Rational[] {
  const result = f.map((c) => Rational.of(c));
  if (s.isZero) return result;
  for (let i = 0; i < result.length; i++)
    for (let j = result.length - 2; j >= i; j--) result[j] = result[j]!.add(result[j + 1]!.mul(s));
  return result;
}

/** The real roots of a polynomial of degree 1 or 2 from left to right. */
function ofLowDegree(algebra: Algebra, [c, b, a, ...more]: readonly Rational[]): Signed[] | undefined {
  if (more.length > 0) return undefined;
  if (a === undefined) {
    const root = c!.neg().div(b!);
    return [{ value: algebra.num(root), sign: root.sign }];
  }
  const middle = b!.neg().div(a).mul(Rational.HALF);
  const radicand = middle.mul(middle).sub(c!.div(a));
  if (radicand.sign < 0) return [];
  const distance = algebra.power(algebra.num(radicand), algebra.half);
  const isBetween = c!.sign * a.sign < 0;
  return [-1, 1].map((side) => ({
    value: algebra.sum([algebra.num(middle), algebra.product([algebra.int(side), distance])]),
    sign: isBetween ? side : middle.sign,
  }));
}

/** The real k-th roots of the numbers, from left to right. */
function rootsOf(algebra: Algebra, numbers: readonly Signed[], k: number): Expr[] {
  const { minusOne } = algebra;
  const root = (e: Expr) => algebra.power(e, algebra.num(Rational.of(1, k)));
  const negative = (e: Expr) => algebra.product([minusOne, e]);
  if (k % 2 === 1)
    return numbers.map(({ value, sign }) =>
      sign < 0 ? negative(root(opposite(algebra, value))) : root(value),
    );
  const positive = numbers.filter(({ sign }) => sign > 0).map(({ value }) => root(value));
  return [...positive.map(negative).reverse(), ...positive];
}

const opposite = (algebra: Algebra, e: Expr) => algebra.sum([algebra.product([algebra.minusOne, e])]);
