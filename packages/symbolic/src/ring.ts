// Sparse polynomials with integer coefficients in n numbered variables, for exact division, gcd and factorisation
// (`polynomial.ts` has the Laurent polynomials over the Gaussian rationals that proofs need). A monomial is one
// number, its exponents side by side in fields of equal width: to multiply monomials is to add numbers, and the order
// of numbers is the lexicographic order of monomials.

import { bitLength } from '@leibniz/ops';
import { LimitError } from './errors.ts';
import { gcd } from './rational.ts';

/** Coefficients by monomial, none of them zero. */
export type Poly = ReadonlyMap<number, bigint>;

/** Bits of a monomial: it stays an exact double. */
const BITS = 52;

/** No field needs more bits than this. */
const WIDEST = 20;

/** Products of terms worked out for one product of polynomials, as a multiple of the terms allowed. */
const DENSITY = 40;

/** The bits of coefficients that powers may have. */
const MAX_COEFFICIENT_BITS = 100_000;

export const ZERO: Poly = new Map();
export const ONE: Poly = new Map([[0, 1n]]);

export const constant = (value: bigint): Poly => (value === 0n ? ZERO : new Map([[0, value]]));
export const isOne = (f: Poly): boolean => f.size === 1 && f.get(0) === 1n;

/** Whether it has no variables. */
export const isConstant = (f: Poly): boolean => f.size === 0 || (f.size === 1 && f.has(0));

export function samePoly(f: Poly, g: Poly): boolean {
  if (f === g) return true;
  if (f.size !== g.size) return false;
  for (const [monomial, coefficient] of f) if (g.get(monomial) !== coefficient) return false;
  return true;
}

/** The greatest monomial. */
export function leading(f: Poly): number {
  let greatest = -1;
  for (const monomial of f.keys()) if (monomial > greatest) greatest = monomial;
  return greatest;
}

/** The gcd of the coefficients, with the sign of the leading one. */
export function integerContent(f: Poly): bigint {
  let content = 0n;
  for (const coefficient of f.values()) {
    content = gcd(content, coefficient);
    if (content === 1n) break;
  }
  return f.size > 0 && f.get(leading(f))! < 0n ? -content : content;
}

const mapCoefficients = (f: Poly, change: (coefficient: bigint) => bigint): Poly => {
  const result = new Map<number, bigint>();
  for (const [monomial, coefficient] of f) result.set(monomial, change(coefficient));
  return result;
};

export const scale = (f: Poly, by: bigint): Poly =>
  by === 1n ? f : by === 0n ? ZERO : mapCoefficients(f, (c) => c * by);

/** f with its integer content divided out: the leading coefficient becomes positive. */
export function primitive(f: Poly): Poly {
  const content = integerContent(f);
  return content === 1n || content === 0n ? f : mapCoefficients(f, (c) => c / content);
}

/** The largest coefficient in size. */
export function height(f: Poly): bigint {
  let most = 0n;
  for (const coefficient of f.values()) {
    const size = coefficient < 0n ? -coefficient : coefficient;
    if (size > most) most = size;
  }
  return most;
}

/** The polynomials in `size` variables with at most `maxTerms` terms. */
export class Ring {
  readonly size: number;
  readonly maxTerms: number;
  private readonly field: number;
  private readonly weights: readonly number[];

  constructor(size: number, maxTerms = 4000) {
    if (size > BITS) throw new LimitError('the variables of a polynomial', BITS, size);
    this.size = size;
    this.maxTerms = maxTerms;
    this.field = 2 ** Math.min(WIDEST, Math.floor(BITS / Math.max(size, 1)));
    this.weights = Array.from({ length: size }, (_, v) => this.field ** (size - 1 - v));
  }

  /** The exponent of variable v in a monomial. */
  exponent(monomial: number, v: number): number {
    return Math.floor(monomial / this.weights[v]!) % this.field;
  }

  /** Variable v to a power n >= 0. */
  variable(v: number, n = 1): Poly {
    return new Map([[this.monomial(v, n), 1n]]);
  }

  private monomial(v: number, n: number): number {
    if (n >= this.field) throw new LimitError('an exponent', this.field - 1, n);
    return n * this.weights[v]!;
  }

  degree(f: Poly, v: number): number {
    let most = 0;
    for (const monomial of f.keys()) most = Math.max(most, this.exponent(monomial, v));
    return most;
  }

  /** The variables that occur. */
  variablesOf(f: Poly): number[] {
    return this.weights.flatMap((_, v) => (this.degree(f, v) > 0 ? [v] : []));
  }

  sum(terms: readonly Poly[]): Poly {
    if (terms.length === 1) return terms[0]!;
    const total = new Map<number, bigint>();
    for (const term of terms)
      for (const [monomial, coefficient] of term) accumulate(total, monomial, coefficient);
    return this.bounded(total);
  }

  subtract(f: Poly, g: Poly): Poly {
    return this.sum([f, scale(g, -1n)]);
  }

  private bounded(f: Poly): Poly {
    if (f.size > this.maxTerms) throw new LimitError('the terms of a polynomial', this.maxTerms, f.size);
    return f;
  }

  multiply(f: Poly, g: Poly): Poly {
    if (isOne(f)) return g;
    if (isOne(g)) return f;
    if (f.size * g.size > DENSITY * this.maxTerms)
      throw new LimitError('the products of terms', DENSITY * this.maxTerms, f.size * g.size);
    for (let v = 0; v < this.size; v++) this.monomial(v, this.degree(f, v) + this.degree(g, v));
    const product = new Map<number, bigint>();
    for (const [m, a] of f) for (const [n, b] of g) accumulate(product, m + n, a * b);
    return this.bounded(product);
  }

  product(factors: readonly Poly[]): Poly {
    return factors.reduce((f, g) => this.multiply(f, g), ONE);
  }

  /** f^n for n >= 0, by squaring. */
  power(f: Poly, n: number): Poly {
    if (f.size > 0 && n > 1) {
      const bits = bitLength(height(f)) * n;
      if (bits > MAX_COEFFICIENT_BITS)
        throw new LimitError('the bits of a coefficient', MAX_COEFFICIENT_BITS, bits);
    }
    if (f.size === 1) {
      const [[monomial, coefficient]] = f as unknown as [[number, bigint]];
      for (let v = 0; v < this.size; v++) this.monomial(v, this.exponent(monomial, v) * n);
      return new Map([[monomial * n, coefficient ** BigInt(n)]]);
    }
    if (f.size > 1 && n > this.maxTerms) throw new LimitError('a power of a sum', this.maxTerms, n);
    let result = ONE;
    let square = f;
    for (let left = n; left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) result = this.multiply(result, square);
      if (left > 1) square = this.multiply(square, square);
    }
    return result;
  }

  /** f / g where that is a polynomial with integer coefficients. */
  divide(f: Poly, g: Poly): Poly | undefined {
    if (isOne(g) || f.size === 0) return f;
    if (this.weights.some((_, v) => this.degree(f, v) < this.degree(g, v))) return undefined;
    const top = leading(g);
    const divisor = g.get(top)!;
    const rest = new Map(f);
    const quotient = new Map<number, bigint>();
    while (rest.size > 0) {
      const monomial = leading(rest);
      const coefficient = rest.get(monomial)!;
      if (coefficient % divisor !== 0n || !this.divides(top, monomial)) return undefined;
      const factor = coefficient / divisor;
      quotient.set(monomial - top, factor);
      if (quotient.size > this.maxTerms) return undefined;
      for (const [m, c] of g) accumulate(rest, monomial - top + m, -factor * c);
    }
    return quotient;
  }

  private divides(m: number, n: number): boolean {
    if (m > n) return false;
    return this.weights.every((_, v) => this.exponent(m, v) <= this.exponent(n, v));
  }

  /** The greatest monomial that divides every term. */
  monomialContent(f: Poly): Poly {
    let content = 0;
    for (let v = 0; v < this.size; v++) {
      let least = Number.POSITIVE_INFINITY;
      for (const monomial of f.keys()) least = Math.min(least, this.exponent(monomial, v));
      if (Number.isFinite(least)) content += least * this.weights[v]!;
    }
    return new Map([[content, 1n]]);
  }

  derivative(f: Poly, v: number): Poly {
    const result = new Map<number, bigint>();
    for (const [monomial, coefficient] of f) {
      const n = this.exponent(monomial, v);
      if (n > 0) result.set(monomial - this.weights[v]!, coefficient * BigInt(n));
    }
    return result;
  }

  /** f as a polynomial in variable v: its coefficients, free of v, by the power of v. */
  coefficients(f: Poly, v: number): Map<number, Poly> {
    const found = new Map<number, Map<number, bigint>>();
    for (const [monomial, coefficient] of f) {
      const n = this.exponent(monomial, v);
      const rest = monomial - n * this.weights[v]!;
      const own = found.get(n);
      if (own) own.set(rest, coefficient);
      else found.set(n, new Map([[rest, coefficient]]));
    }
    return found;
  }

  /** f with an integer put for variable v. */
  evaluate(f: Poly, v: number, at: bigint): Poly {
    const powers: bigint[] = [1n];
    const result = new Map<number, bigint>();
    for (const [monomial, coefficient] of f) {
      const n = this.exponent(monomial, v);
      while (powers.length <= n) powers.push(powers.at(-1)! * at);
      accumulate(result, monomial - n * this.weights[v]!, coefficient * powers[n]!);
    }
    return result;
  }

  /** The polynomial with small coefficients that gives f when the integer is put for variable v. */
  interpolate(f: Poly, v: number, at: bigint): Poly {
    const result = new Map<number, bigint>();
    for (const [monomial, coefficient] of f) {
      let rest = coefficient;
      for (let n = 0; rest !== 0n; n++) {
        const digit = symmetric(rest, at);
        if (digit !== 0n) result.set(monomial + this.monomial(v, n), digit);
        rest = (rest - digit) / at;
      }
    }
    return result;
  }
}

/** The residue of least size. */
export function symmetric(n: bigint, modulus: bigint): bigint {
  const residue = n % modulus;
  if (2n * residue > modulus) return residue - modulus;
  return 2n * residue <= -modulus ? residue + modulus : residue;
}

function accumulate(sum: Map<number, bigint>, monomial: number, coefficient: bigint): void {
  const old = sum.get(monomial);
  if (old === undefined) sum.set(monomial, coefficient);
  else if (old + coefficient === 0n) sum.delete(monomial);
  else sum.set(monomial, old + coefficient);
}
