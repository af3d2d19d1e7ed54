// e^(iθ) where it is known exactly: for parts of π, in radicals or as a root of unity, and for inverse functions, by
// their sine, tangent or point.

import { LimitError } from './errors.ts';
import { type Generators, minus, number, power } from './generators.ts';
import {
  add,
  collect,
  divideExactly,
  type Gaussian,
  IMAGINARY,
  leadingTerm,
  type Monomial,
  multiply,
  ONE_POLYNOMIAL,
  type Polynomial,
  raise,
  real,
  scale,
  type Term,
} from './polynomial.ts';
import { Rational } from './rational.ts';

/** The normal forms that the turns are made of. */
interface Roots {
  readonly table: Generators;
  root(u: Polynomial, r: Rational): Polynomial;
  inverse(u: Polynomial): Polynomial;
  raised(base: Polynomial, exponent: bigint): Polynomial;
}

/** Angles that are known by their sine, tangent or point. */
export const INVERSES: ReadonlySet<string> = new Set(['asin', 'atan', 'atan2']);

const MINUS_I: Gaussian = { re: Rational.ZERO, im: Rational.MINUS_ONE };
const HALF = number(Rational.HALF);

/** e^(iθ) for an inverse function θ: √(1 - u²) + iu for asin u, (1 + iu)/√(1 + u²) for atan u, (x + iy)/r for atan2. */
export function turnOfInverse(forms: Roots, monomial: Monomial, grain: number): Polynomial | undefined {
  const [[g, n] = [0, 0], ...others] = monomial;
  if (n !== 1 || others.length > 0 || grain === 0) return undefined;
  const { kind, args } = forms.table.at(g);
  const [u, v] = args;
  const squared = (p: Polynomial) => multiply(p, p);
  if (kind === 'asin')
    return add(forms.root(minus(ONE_POLYNOMIAL, squared(u!)), Rational.HALF), scale(u!, IMAGINARY));
  const [y, x] = kind === 'atan' ? [u!, ONE_POLYNOMIAL] : kind === 'atan2' ? [u!, v!] : [];
  if (!y || !x) return undefined;
  const r = forms.root(add(squared(x), squared(y)), Rational.HALF.neg());
  return multiply(add(x, scale(y, IMAGINARY)), r);
}

/** e^(inθ/2) for an inverse function θ in [-π, π]: cos θ/2 = √((1 + cos θ)/2), sin θ/2 = sin θ / (2 cos θ/2). */
export function halfTurn(forms: Roots, monomial: Monomial, n: bigint): Polynomial {
  const turn = turnOfInverse(forms, monomial, 1)!;
  const parts = [...turn.values()];
  const part = (isOwn: (term: Term) => boolean) => collect(parts.filter(isOwn));
  const cos = part(({ coefficient }) => coefficient.im.isZero);
  const sin = scale(
    part(({ coefficient }) => coefficient.re.isZero),
    MINUS_I,
  );
  const half = forms.root(scale(add(ONE_POLYNOMIAL, cos), real(Rational.HALF)), Rational.HALF);
  const other = scale(multiply(sin, forms.inverse(half)), real(Rational.HALF));
  const forward = add(half, scale(other, n < 0n ? MINUS_I : IMAGINARY));
  return forms.raised(forward, n < 0n ? -n : n);
}

/** e^(iπr), in radicals where 120·r is whole. */
export function turn(forms: Roots, r: Rational): Polynomial {
  if (r.isInteger) return number(Rational.of(r.p % 2n === 0n ? 1 : -1));
  if (120n % r.q !== 0n) return cyclotomic(forms, r);
  const j = Number(((((120n / r.q) * r.p) % 240n) + 240n) % 240n);
  const part = (base: () => Polynomial, n: number, order: number): Polynomial => {
    const power = ((n % order) + order) % order;
    if (power === 0) return ONE_POLYNOMIAL;
    return power === order / 2 ? number(Rational.MINUS_ONE) : forms.table.reduce(raise(base(), power));
  };
  const sqrt = (n: Polynomial) => forms.root(n, Rational.HALF);
  const int = (n: number) => number(Rational.of(n));
  const point = (x: Polynomial, y: Polynomial) => add(x, scale(y, IMAGINARY));
  // πj/120 = -jπ/8 + jπ/3 - jπ/5
  const quarter = () => {
    const half = scale(sqrt(int(2)), real(Rational.HALF));
    return point(half, half);
  };
  const eighth = () => {
    const cos = scale(sqrt(add(int(2), sqrt(int(2)))), real(Rational.HALF));
    return point(cos, multiply(cos, minus(sqrt(int(2)), ONE_POLYNOMIAL)));
  };
  const third = () => point(HALF, scale(sqrt(int(3)), real(Rational.HALF)));
  const fifth = () => {
    const cos = scale(add(ONE_POLYNOMIAL, sqrt(int(5))), real(Rational.of(1, 4)));
    const sin = scale(
      sqrt(minus(int(10), scale(sqrt(int(5)), real(Rational.of(2))))),
      real(Rational.of(1, 4)),
    );
    return point(cos, sin);
  };
  const eighths = j % 2 === 0 ? part(quarter, -j / 2, 8) : part(eighth, -j, 16);
  const product = multiply(multiply(eighths, part(third, j, 6)), part(fifth, -j, 10));
  return forms.table.reduce(product);
}

/** e^(iπ/q) as a generator whose powers sum up as those of a primitive root of unity do. */
function cyclotomic(forms: Roots, r: Rational): Polynomial {
  // With 2q = 4m for an odd m, e^(iπ/q) is a power of i times one of e^(2iπ/m), so that i is met only as a number.
  if (r.q % 4n === 2n) {
    const m = r.q / 2n;
    const quarter = m % 4n === 1n ? 1n : 3n;
    const turns = Rational.of(r.p, 2n * r.q);
    const rest = turns.sub(Rational.of(quarter * r.p, 4n));
    return multiply(turn(forms, Rational.of(quarter * r.p, 2n)), turn(forms, rest.mul(Rational.of(2))));
  }
  const order = Number(2n * r.q);
  if (order > 400) throw new LimitError('the denominator of an angle', 200, `${r.q}`);
  const args = [number(Rational.of(1, r.q))];
  let g = forms.table.find('turn', args);
  if (g === undefined) {
    g = forms.table.count;
    const { degree, rest } = minimalPolynomial(order, g);
    forms.table.make({
      kind: 'turn',
      args,
      isReal: false,
      isPositive: false,
      relation: { modulus: degree, base: rest },
    });
  }
  return forms.table.reduce(power(g, Number(((r.p % (2n * r.q)) + 2n * r.q) % (2n * r.q))));
}

/** Φ_n(g) = 0 as g^degree = rest, from g^n - 1 by dividing out the Φ_d of all d that divide n. */
function minimalPolynomial(n: number, g: number): { degree: number; rest: Polynomial } {
  const known = new Map<number, Polynomial>();
  for (let d = 1; d <= n; d++) {
    if (n % d !== 0) continue;
    let quotient = minus(power(g, d), ONE_POLYNOMIAL);
    for (const [divisor, phi] of known) if (d % divisor === 0) quotient = divideExactly(quotient, phi)!;
    known.set(d, quotient);
  }
  const phi = known.get(n)!;
  const { monomial } = leadingTerm(phi);
  const degree = monomial[0]![1];
  return { degree, rest: minus(power(g, degree), phi) };
}
