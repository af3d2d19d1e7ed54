// Factorisation over the integers: content in each variable, square-free parts (Yun 1976), then Zassenhaus for one
// variable. With more variables, a large integer is put for one of them, what remains is factored, and the digits of
// its factors are read as coefficients; a product that does not divide is none.

import { bitLength } from '@leibniz/ops';
import { LimitError } from './errors.ts';
import { content as contentIn, gcd } from './gcd.ts';
import {
  constant,
  height,
  integerContent,
  isConstant,
  isOne,
  type Poly,
  primitive,
  type Ring,
} from './ring.ts';
import { type Integers, irreducibleFactors, subsets } from './univariate.ts';

export type Power = readonly [factor: Poly, multiplicity: number];

/** content · Π factor^multiplicity */
export interface Factorisation {
  readonly content: bigint;
  readonly factors: readonly Power[];
  /** Whether every factor is known to be irreducible. */
  readonly complete: boolean;
}

/** The most bits of an integer put together for a variable. */
const MAX_BITS = 3000;

/** Combinations of factors tried for one polynomial in several variables. */
const MAX_COMBINATIONS = 200;

/** Factors of a polynomial that is not zero; what exceeds the limits of the work is left whole. */
export function factorise(ring: Ring, f: Poly, maxWork?: number): Factorisation {
  const content = integerContent(f);
  let complete = true;
  const split = (poly: Poly): Poly[] => {
    try {
      return irreducible(ring, poly, maxWork);
    } catch (error) {
      if (!(error instanceof LimitError)) throw error;
      complete = false;
      return [poly];
    }
  };
  const factors = squareFree(ring, primitive(f)).flatMap(([factor, n]): Power[] =>
    split(factor).map((part) => [part, n]),
  );
  return { content, factors, complete };
}

/** Powers of square-free polynomials whose product is a primitive polynomial, free of common factors. */
export function squareFree(ring: Ring, f: Poly): Power[] {
  const powers: Power[] = [];
  const monomial = ring.monomialContent(f);
  for (let v = 0; v < ring.size; v++) {
    const n = ring.degree(monomial, v);
    if (n > 0) powers.push([ring.variable(v), n]);
  }
  let rest = ring.divide(f, monomial)!;
  for (let v = 0; v < ring.size && !isConstant(rest); v++) {
    if (ring.degree(rest, v) === 0) continue;
    const content = contentIn(ring, rest, v);
    powers.push(...squareFreeIn(ring, ring.divide(rest, content)!, v));
    rest = content;
  }
  return powers;
}

/** Yun's algorithm, for a polynomial whose factors all have variable v. */
function squareFreeIn(ring: Ring, f: Poly, v: number): Power[] {
  const powers: Power[] = [];
  const slope = ring.derivative(f, v);
  const repeated = gcd(ring, f, slope);
  if (isOne(repeated)) return [[f, 1]];
  let part = ring.divide(f, repeated)!;
  let rest = ring.subtract(ring.divide(slope, repeated)!, ring.derivative(part, v));
  for (let n = 1; !isConstant(part); n++) {
    const factor = rest.size === 0 ? part : gcd(ring, part, rest);
    if (!isConstant(factor)) powers.push([factor, n]);
    part = ring.divide(part, factor)!;
    rest = rest.size === 0 ? rest : ring.subtract(ring.divide(rest, factor)!, ring.derivative(part, v));
  }
  return powers;
}

/** The irreducible factors of a square-free polynomial. */
function irreducible(ring: Ring, f: Poly, maxWork?: number): Poly[] {
  const variables = ring.variablesOf(f);
  const [v, ...others] = variables;
  if (v === undefined) return [];
  if (f.size === 1 || variables.some((w) => isLinearIn(ring, f, w))) return [f];
  if (others.length === 0)
    return irreducibleFactors(toIntegers(ring, f, v), maxWork).map((factor) => fromIntegers(ring, factor, v));
  return recombined(ring, f, variables, maxWork);
}

/** Whether f = a·v + b, which is irreducible once its content in v is gone. */
const isLinearIn = (ring: Ring, f: Poly, v: number): boolean =>
  ring.degree(f, v) === 1 && isOne(contentIn(ring, f, v));

/** The coefficients of a polynomial in variable v alone. */
export function toIntegers(ring: Ring, f: Poly, v: number): Integers {
  const coefficients: bigint[] = new Array(ring.degree(f, v) + 1).fill(0n);
  for (const [monomial, coefficient] of f) coefficients[ring.exponent(monomial, v)] = coefficient;
  return coefficients;
}

export const fromIntegers = (ring: Ring, f: Integers, v: number): Poly =>
  ring.sum(f.map((coefficient, n) => ring.product([constant(coefficient), ring.variable(v, n)])));

/** Factors from those of f with an integer put for the variable of least degree. */
function recombined(ring: Ring, f: Poly, variables: readonly number[], maxWork?: number): Poly[] {
  const byDegree = [...variables].sort((a, b) => ring.degree(f, b) - ring.degree(f, a));
  const main = byDegree[0]!;
  const put = byDegree.at(-1)!;
  const { point, image } = squareFreeImage(ring, f, put, main, digitBound(ring, f, main));
  const parts = squareFree(ring, primitive(image)).flatMap(([part]) => irreducible(ring, part, maxWork));
  const candidates = parts.filter((part) => ring.degree(part, main) > 0);
  return combinations(ring, f, candidates, { main, put, point, lead: leadingIn(ring, image, main) });
}

/** The coefficient of the highest power of variable v. */
const leadingIn = (ring: Ring, f: Poly, v: number): Poly => ring.coefficients(f, v).get(ring.degree(f, v))!;

/**
 * A number above twice the coefficients of a factor of f times one of its leading coefficient: the height of a factor
 * is at most e^d that of the whole, d the sum of the degrees (Gelfond).
 */
function digitBound(ring: Ring, f: Poly, main: number): bigint {
  const lead = leadingIn(ring, f, main);
  const degrees = (g: Poly) => ring.variablesOf(g).map((v) => ring.degree(g, v));
  const total = [...degrees(f), ...degrees(lead)].reduce((sum, n) => sum + n, 0);
  const terms = degrees(lead).reduce((product, n) => product * (n + 1), 1);
  return 2n * 3n ** BigInt(total) * height(f) * height(lead) * BigInt(terms) + 1n;
}

/** An integer for the variable at which f stays square-free and of the same degree. */
function squareFreeImage(
  ring: Ring,
  f: Poly,
  put: number,
  main: number,
  start: bigint,
): { point: bigint; image: Poly } {
  const bits = bitLength(start) * (ring.degree(f, put) + 1);
  if (bits > MAX_BITS) throw new LimitError('the bits of an integer in a factorisation', MAX_BITS, bits);
  for (let point = start, i = 0; i < 10; i++, point += 2n * (point >> 3n) + 1n) {
    const image = ring.evaluate(f, put, point);
    if (ring.degree(image, main) < ring.degree(f, main)) continue;
    if (squareFree(ring, primitive(image)).every(([, n]) => n === 1)) return { point, image };
  }
  throw new LimitError('the integers tried for a variable', 10, 'none that serves');
}

interface Evaluation {
  readonly main: number;
  readonly put: number;
  readonly point: bigint;
  /** The leading coefficient of the image in the main variable. */
  readonly lead: Poly;
}

/** The products of factors of the image whose digits give divisors of f. */
function combinations(ring: Ring, f: Poly, parts: readonly Poly[], at: Evaluation): Poly[] {
  const found: Poly[] = [];
  let rest = f;
  let left = [...parts];
  let tries = 0;
  const next = (size: number): { divisor: Poly; quotient: Poly; chosen: readonly number[] } | undefined => {
    for (const chosen of subsets(left.length, size)) {
      if (++tries > MAX_COMBINATIONS)
        throw new LimitError('the combinations of factors', MAX_COMBINATIONS, tries);
      const divisor = divisorFrom(ring, ring.product(chosen.map((i) => left[i]!)), at);
      const quotient = divisor && ring.divide(rest, divisor);
      if (quotient) return { divisor, quotient, chosen };
    }
    return undefined;
  };
  for (let size = 1; 2 * size <= left.length; ) {
    const hit = next(size);
    if (!hit) {
      size++;
      continue;
    }
    found.push(hit.divisor);
    rest = hit.quotient;
    left = left.filter((_, i) => !hit.chosen.includes(i));
  }
  return isConstant(rest) ? found : [...found, rest];
}

/** The polynomial whose image is a multiple of a factor of the image. */
function divisorFrom(ring: Ring, factor: Poly, { main, put, point, lead }: Evaluation): Poly | undefined {
  const multiple = ring.divide(lead, leadingIn(ring, factor, main));
  if (!multiple) return undefined;
  const candidate = primitive(ring.interpolate(ring.multiply(multiple, factor), put, point));
  return ring.divide(candidate, contentIn(ring, candidate, main));
}
