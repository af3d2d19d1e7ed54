// Sparse polynomials in numbered generators, exponents any integers (so monomials can be divided by), coefficients
// in the Gaussian rationals, so that sines and cosines are exponentials.

import { LimitError } from './errors.ts';
import { Rational } from './rational.ts';

/** re + i·im. */
export interface Gaussian {
  readonly re: Rational;
  readonly im: Rational;
}

export const real = (re: Rational): Gaussian => ({ re, im: Rational.ZERO });
export const IMAGINARY: Gaussian = { re: Rational.ZERO, im: Rational.ONE };
const ONE = real(Rational.ONE);

export const isZero = ({ re, im }: Gaussian): boolean => re.isZero && im.isZero;
const addG = (a: Gaussian, b: Gaussian): Gaussian => ({ re: a.re.add(b.re), im: a.im.add(b.im) });

export function mulG(a: Gaussian, b: Gaussian): Gaussian {
  if (a.im.isZero && b.im.isZero) return real(a.re.mul(b.re));
  return { re: a.re.mul(b.re).sub(a.im.mul(b.im)), im: a.re.mul(b.im).add(a.im.mul(b.re)) };
}

export function invG({ re, im }: Gaussian): Gaussian {
  if (im.isZero) return real(Rational.ONE.div(re));
  const size = re.mul(re).add(im.mul(im));
  return { re: re.div(size), im: im.neg().div(size) };
}

/** Generator numbers and their exponents, by rising number, without zero exponents. */
export type Monomial = readonly (readonly [generator: number, exponent: number])[];

export interface Term {
  readonly monomial: Monomial;
  readonly coefficient: Gaussian;
}

/** Terms by the key of their monomial; no coefficient is zero. */
export type Polynomial = ReadonlyMap<string, Term>;

function keyOf(monomial: Monomial): string {
  let key = '';
  for (const [g, n] of monomial) key += ` ${g}^${n}`;
  return key;
}

/** The most terms that a polynomial may have. */
const MAX_TERMS = 4000;

export const ZERO: Polynomial = new Map();

/** The polynomial with these terms, like ones added up. */
export function collect(terms: Iterable<Term>): Polynomial {
  const sum = new Map<string, Term>();
  for (const term of terms) accumulate(sum, keyOf(term.monomial), term);
  return sum;
}

function accumulate(sum: Map<string, Term>, key: string, term: Term): void {
  const old = sum.get(key);
  const total = old ? addG(old.coefficient, term.coefficient) : term.coefficient;
  if (isZero(total)) sum.delete(key);
  else sum.set(key, old ? { monomial: term.monomial, coefficient: total } : term);
  if (sum.size > MAX_TERMS) throw new LimitError('the terms of a polynomial', MAX_TERMS, sum.size);
}

export const constant = (value: Gaussian): Polynomial => collect([{ monomial: [], coefficient: value }]);
export const ONE_POLYNOMIAL: Polynomial = constant(ONE);

/** The generator to a power. */
export const generator = (index: number, exponent = 1): Polynomial =>
  collect([{ monomial: exponent === 0 ? [] : [[index, exponent]], coefficient: ONE }]);

export function add(a: Polynomial, b: Polynomial): Polynomial {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  const sum = new Map(a);
  for (const [key, term] of b) accumulate(sum, key, term);
  return sum;
}

export function scale(a: Polynomial, by: Gaussian): Polynomial {
  if (by.im.isZero && by.re.isOne) return a;
  if (isZero(by)) return ZERO;
  const result = new Map<string, Term>();
  for (const [key, { monomial, coefficient }] of a)
    result.set(key, { monomial, coefficient: mulG(coefficient, by) });
  return result;
}

export function multiply(a: Polynomial, b: Polynomial): Polynomial {
  const [constantA, constantB] = [constantValue(a), constantValue(b)];
  if (constantA) return scale(b, constantA);
  if (constantB) return scale(a, constantB);
  if (a.size * b.size > 50 * MAX_TERMS)
    throw new LimitError('the products of terms', 50 * MAX_TERMS, a.size * b.size);
  const product = new Map<string, Term>();
  for (const left of a.values()) {
    for (const right of b.values()) {
      const term = multiplyTerms(left, right);
      accumulate(product, keyOf(term.monomial), term);
    }
  }
  return product;
}

export const multiplyTerms = (a: Term, b: Term): Term => ({
  monomial: multiplyMonomials(a.monomial, b.monomial),
  coefficient: mulG(a.coefficient, b.coefficient),
});

function multiplyMonomials(a: Monomial, b: Monomial): Monomial {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const product: (readonly [number, number])[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (!right || (left && left[0] < right[0])) {
      product.push(left!);
      i++;
    } else if (!left || right[0] < left[0]) {
      product.push(right);
      j++;
    } else {
      const n = left[1] + right[1];
      if (n !== 0) product.push([left[0], n]);
      i++;
      j++;
    }
  }
  return product;
}

/** A whole power n >= 0, by squaring. */
export function raise(a: Polynomial, exponent: number): Polynomial {
  let result = ONE_POLYNOMIAL;
  let square = a;
  for (let n = exponent; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result = multiply(result, square);
    if (n > 1) square = multiply(square, square);
  }
  return result;
}

/** 1/a where a is one term, which has exponents to negate. */
export function invertTerm({ monomial, coefficient }: Term): Term {
  return { monomial: monomial.map(([g, n]) => [g, -n] as const), coefficient: invG(coefficient) };
}

/** The only term of a polynomial that has just one. */
export function onlyTerm(a: Polynomial): Term | undefined {
  return a.size === 1 ? a.values().next().value : undefined;
}

/** The value of a polynomial without generators. */
export function constantValue(a: Polynomial): Gaussian | undefined {
  if (a.size === 0) return real(Rational.ZERO);
  const term = onlyTerm(a);
  return term?.monomial.length === 0 ? term.coefficient : undefined;
}

export function samePolynomial(a: Polynomial, b: Polynomial): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([key, { coefficient }]) => {
    const other = b.get(key)?.coefficient;
    return other?.re.equals(coefficient.re) && other.im.equals(coefficient.im);
  });
}

/** The lexicographic order of monomials: by the exponent of the first generator in which they differ. */
function compareMonomials(a: Monomial, b: Monomial): number {
  for (let i = 0; ; i++) {
    const [left, right] = [a[i], b[i]];
    if (!left || !right) return left ? left[1] : right ? -right[1] : 0;
    if (left[0] !== right[0]) return left[0] < right[0] ? left[1] : -right[1];
    if (left[1] !== right[1]) return left[1] - right[1];
  }
}

/** The term whose monomial comes first in the lexicographic order, of a polynomial that is not zero. */
export function leadingTerm(a: Polynomial): Term {
  let leading: Term | undefined;
  for (const term of a.values())
    if (!leading || compareMonomials(term.monomial, leading.monomial) > 0) leading = term;
  return leading!;
}

/** The generators that occur. */
export function generatorsOf(a: Polynomial): Set<number> {
  const found = new Set<number>();
  for (const { monomial } of a.values()) for (const [g] of monomial) found.add(g);
  return found;
}

export const exponentOf = (monomial: Monomial, g: number): number =>
  monomial.find(([other]) => other === g)?.[1] ?? 0;

/** The greatest monomial in the chosen generators that divides every term: their least exponents. */
export function contentOf(a: Polynomial, isChosen: (g: number) => boolean): Monomial {
  const content: [number, number][] = [];
  for (const g of generatorsOf(a)) {
    if (!isChosen(g)) continue;
    let least = Number.POSITIVE_INFINITY;
    for (const { monomial } of a.values()) least = Math.min(least, exponentOf(monomial, g));
    if (least !== 0) content.push([g, least]);
  }
  return content.sort(([g], [h]) => g - h);
}

/** The polynomial times a monomial to the power n. */
export function shift(a: Polynomial, by: Monomial, n = 1): Polynomial {
  if (by.length === 0) return a;
  const factor = { monomial: by.map(([g, k]) => [g, k * n] as const), coefficient: ONE };
  return collect([...a.values()].map((term) => multiplyTerms(term, factor)));
}

/** a / b where that is a polynomial, exponents of either sign allowed. */
export function divideExactly(a: Polynomial, b: Polynomial): Polynomial | undefined {
  const all = () => true;
  const [contentA, contentB] = [contentOf(a, all), contentOf(b, all)];
  let rest = shift(a, contentA, -1);
  const divisor = shift(b, contentB, -1);
  const top = leadingTerm(divisor);
  const quotient: Term[] = [];
  while (rest.size > 0) {
    const factor = multiplyTerms(leadingTerm(rest), invertTerm(top));
    if (factor.monomial.some(([, n]) => n < 0) || quotient.length > MAX_TERMS) return undefined;
    quotient.push(factor);
    rest = add(rest, scale(multiply(divisor, collect([factor])), real(Rational.MINUS_ONE)));
  }
  return shift(shift(collect(quotient), contentA), contentB, -1);
}

/** A text that equal polynomials share. */
export const keyOfPolynomial = (a: Polynomial): string =>
  [...a]
    .map(
      ([key, { coefficient }]) =>
        `${key}:${coefficient.re}${coefficient.im.isZero ? '' : `,${coefficient.im}`}`,
    )
    .sort()
    .join(';');

/** The constant term, if it is real. */
export const constantPart = (u: Polynomial): Rational => u.get('')?.coefficient.re ?? Rational.ZERO;
