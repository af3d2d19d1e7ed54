// Greatest common divisors. Most pairs are coprime, and one image modulo a prime shows it. Otherwise the heuristic of
// Char, Geddes and Gonnet (1989): put a large integer for a variable, take the gcd of what remains, read the digits
// of the result as coefficients, and keep it only if it divides both.

import { bitLength } from '@leibniz/ops';
import { LimitError } from './errors.ts';
import { gcd as integerGcd } from './rational.ts';
import { powerOf, type Residues, residue, residueGcd, trimmed } from './residues.ts';
import {
  constant,
  height,
  integerContent,
  isConstant,
  isOne,
  ONE,
  type Poly,
  primitive,
  type Ring,
  samePoly,
  scale,
} from './ring.ts';

/** Integers put for a variable before the heuristic gives up. */
const TRIES = 6;

/** The most bits of an integer that the heuristic makes. */
const MAX_BITS = 40_000;

/** 2^26 - 5, a prime. */
const PRIME = 67_108_859;

/**
 * The greatest common divisor over the integers, its leading coefficient positive.
 *
 * @throws LimitError when the polynomials are too large.
 */
export function gcd(ring: Ring, f: Poly, g: Poly): Poly {
  if (f.size === 0 || g.size === 0) return positive(f.size === 0 ? g : f);
  const content = integerGcd(integerContent(f), integerContent(g));
  const monomials = [ring.monomialContent(f), ring.monomialContent(g)] as const;
  const [a, b] = [f, g].map((poly, i) => primitive(ring.divide(poly, monomials[i]!)!)) as [Poly, Poly];
  const shared = commonMonomial(ring, ...monomials);
  return scale(ring.multiply(shared, ofPrimitive(ring, a, b)), content);
}

const positive = (f: Poly): Poly => (integerContent(f) < 0n ? scale(f, -1n) : f);

function commonMonomial(ring: Ring, f: Poly, g: Poly): Poly {
  const [[m], [n]] = [[...f.keys()], [...g.keys()]] as [[number], [number]];
  const least = (v: number) => Math.min(ring.exponent(m, v), ring.exponent(n, v));
  return ring.product(Array.from({ length: ring.size }, (_, v) => ring.variable(v, least(v))));
}

/** The gcd of primitive polynomials that no variable divides. */
function ofPrimitive(ring: Ring, f: Poly, g: Poly): Poly {
  if (isConstant(f) || isConstant(g)) return ONE;
  if (samePoly(f, g)) return f;
  const [own, other] = [ring.variablesOf(f), ring.variablesOf(g)];
  const lone = own.find((v) => !other.includes(v));
  if (lone !== undefined) return gcd(ring, content(ring, f, lone), g);
  const foreign = other.find((v) => !own.includes(v));
  if (foreign !== undefined) return gcd(ring, f, content(ring, g, foreign));
  if (own.every((v) => isCoprimeIn(ring, f, g, v))) return ONE;
  const [small, large] = f.size <= g.size ? [f, g] : [g, f];
  if (ring.divide(large, small)) return small;
  const found = heuristic(ring, f, g, own);
  if (!found) throw new LimitError('the tries for a common divisor', TRIES, 'no success');
  return found;
}

/** The gcd of the coefficients of f as a polynomial in variable v. */
export function content(ring: Ring, f: Poly, v: number): Poly {
  const coefficients = [...ring.coefficients(f, v).values()].sort((a, b) => a.size - b.size);
  let result = coefficients[0]!;
  for (const coefficient of coefficients.slice(1)) {
    if (isOne(result)) break;
    result = gcd(ring, result, coefficient);
  }
  return positive(result);
}

/** Whether an image modulo a prime shows that no common divisor has variable v. */
function isCoprimeIn(ring: Ring, f: Poly, g: Poly, v: number): boolean {
  const a = imageOf(ring, f, v);
  const b = imageOf(ring, g, v);
  const keepsDegree = a.length - 1 === ring.degree(f, v) || b.length - 1 === ring.degree(g, v);
  return keepsDegree && a.length > 0 && b.length > 0 && residueGcd(a, b, PRIME).length === 1;
}

/** f modulo a prime, in variable v, with fixed residues put for the others. */
function imageOf(ring: Ring, f: Poly, v: number): Residues {
  const image: number[] = new Array(ring.degree(f, v) + 1).fill(0);
  for (const [monomial, coefficient] of f) {
    let value = residue(coefficient, PRIME);
    for (let w = 0; w < ring.size; w++) {
      const n = ring.exponent(monomial, w);
      if (w !== v && n > 0) value = (value * powerOf((7_919_003 * (w + 2)) % PRIME, n, PRIME)) % PRIME;
    }
    const n = ring.exponent(monomial, v);
    image[n] = (image[n]! + value) % PRIME;
  }
  return trimmed(image);
}

function heuristic(ring: Ring, f: Poly, g: Poly, variables: readonly number[]): Poly | undefined {
  const shared = integerGcd(integerContent(f), integerContent(g));
  const v = variables[0];
  if (v === undefined) return constant(shared);
  const [a, b] = [primitive(f), primitive(g)];
  const [low] = [height(a), height(b)].sort(byValue);
  let point = 2n * low! + 29n;
  for (let i = 0; i < TRIES; i++) {
    const bits = bitLength(point) * (Math.max(ring.degree(a, v), ring.degree(b, v)) + 1);
    if (bits > MAX_BITS) throw new LimitError('the bits of an integer in a gcd', MAX_BITS, bits);
    const [left, right] = [ring.evaluate(a, v, point), ring.evaluate(b, v, point)];
    const image =
      left.size > 0 && right.size > 0 ? heuristic(ring, left, right, variables.slice(1)) : undefined;
    const candidate = image && primitive(ring.interpolate(image, v, point));
    if (candidate && ring.divide(a, candidate) && ring.divide(b, candidate)) return scale(candidate, shared);
    point = (point * 73_794n) / 27_011n + 17n;
  }
  return undefined;
}

const byValue = (a: bigint, b: bigint) => (a < b ? -1 : 1);
