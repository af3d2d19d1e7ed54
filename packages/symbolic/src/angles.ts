// Sums of inverse functions. A sum D of rational multiples of asin, atan and atan2 with e^(imD) = 1, m a common
// denominator, is a whole multiple of 2π/m; where the ranges of its terms keep it between -2π/m and 2π/m, it is 0.

import { DomainError } from './errors.ts';
import { minus } from './generators.ts';
import type { NormalForms } from './normal.ts';
import { constantValue, ONE_POLYNOMIAL, type Polynomial, scale } from './polynomial.ts';
import { lcm, Rational } from './rational.ts';
import { INVERSES } from './turns.ts';

/** Whether a sum of inverse functions and multiples of π is zero; false means only that it was not shown. */
export function isZeroAngle(forms: NormalForms, sum: Polynomial): boolean {
  const { table, signs } = forms;
  const reduced = table.reduce(sum);
  const inverses = [...reduced.values()].flatMap(({ monomial }) =>
    monomial.filter(([g]) => INVERSES.has(table.at(g).kind)),
  );
  if (inverses.length === 0) return false;
  const args = [...new Set(inverses.map(([g]) => g))].flatMap((g) => table.at(g).args);
  const argSigns = new Map(args.map((u) => [u, u.size === 0 ? u : signs.ofPolynomial(u)]));
  return signs.inEveryCase([reduced, ...argSigns.values()], (assigned) => {
    const angle = assigned(reduced);
    const signOf = (u: Polynomial) => constantValue(assigned(argSigns.get(u) ?? ONE_POLYNOMIAL))?.re.sign;
    return isZeroInCase(forms, angle, signOf, assigned);
  });
}

function isZeroInCase(
  forms: NormalForms,
  angle: Polynomial,
  signOf: (u: Polynomial) => number | undefined,
  assigned: (p: Polynomial) => Polynomial,
): boolean {
  const { table } = forms;
  let m = 1n;
  // Bounds in units of π/2, and whether the sum may reach them.
  let [low, high] = [Rational.ZERO, Rational.ZERO];
  let isOpen = false;
  for (const { monomial, coefficient } of angle.values()) {
    const [[g, n] = [0, 0], ...others] = monomial;
    if (n !== 1 || others.length > 0 || !coefficient.im.isZero) return false;
    const { kind, args } = table.at(g);
    const c = coefficient.re;
    if (kind === 'pi') {
      low = low.add(c.mul(Rational.of(2)));
      high = high.add(c.mul(Rational.of(2)));
      continue;
    }
    if (!INVERSES.has(kind)) return false;
    m = lcm(m, c.q);
    const [from, to] = rangeOf(kind, args.map(signOf)).map((end) => c.mul(Rational.of(end))) as [
      Rational,
      Rational,
    ];
    low = low.add(c.sign > 0 ? from : to);
    high = high.add(c.sign > 0 ? to : from);
    if (kind === 'atan') isOpen = true;
  }
  const limit = Rational.of(4n, m);
  const fits = (size: Rational) => size.compare(limit) < (isOpen ? 1 : 0);
  if (!fits(high) || !fits(low.neg())) return false;
  try {
    const turn = forms.exp(scale(angle, { re: Rational.ZERO, im: Rational.of(m) }));
    return assigned(minus(turn, ONE_POLYNOMIAL)).size === 0;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** Between which multiples of π/2 the function lies, given the signs of its arguments where they are known. */
function rangeOf(kind: string, [first, second]: readonly (number | undefined)[]): readonly [number, number] {
  const half = first === undefined ? [-1, 1] : first >= 0 ? [0, 1] : [-1, 0];
  if (kind !== 'atan2') return half as [number, number];
  const size = second !== undefined && second > 0 ? 1 : 2;
  return [half[0]! * size, half[1]! * size];
}
