// Factors of polynomials in one variable over the integers, after Zassenhaus (1969): factors modulo a prime
// (Cantor and Zassenhaus 1981), lifted to a power of it that exceeds twice every coefficient (Hensel), and combined
// until they divide. See von zur Gathen and Gerhard, Modern Computer Algebra, chapters 14 and 15.

import { bitLength } from '@leibniz/ops';
import { LimitError } from './errors.ts';
import { gcd, integerRoot } from './rational.ts';
import {
  bezout,
  derivative,
  divide,
  monic,
  multiply,
  powerModulo,
  type Residues,
  remainder,
  residue,
  residueGcd,
  subtract,
  trimmed,
} from './residues.ts';
import { symmetric } from './ring.ts';

/** Integer coefficients, the constant first, the last one not zero. */
export type Integers = readonly bigint[];

/** The steps of one factorisation: products of small numbers, or of so many bits of large ones. */
const MAX_WORK = 25_000_000;
const STEP_BITS = 16;

/** Primes tried; the one with the fewest factors serves. */
const PRIMES = [13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103];
const ENOUGH_PRIMES = 4;

/** The steps that a product of two residues takes. */
const weight = (modulus: bigint) => 8 + Math.floor(bitLength(modulus) / STEP_BITS);

/** Counts steps and ends the work at the limit. */
class Budget {
  private readonly allowed: number;
  private spent = 0;

  constructor(allowed: number) {
    this.allowed = allowed;
  }

  spend(steps: number): void {
    this.spent += steps;
    if (this.spent > this.allowed)
      throw new LimitError('the steps of a factorisation', this.allowed, this.spent);
  }
}

/**
 * The irreducible factors of a primitive square-free polynomial of degree 1 or more.
 *
 * @throws LimitError when the work exceeds its bounds.
 */
export function irreducibleFactors(f: Integers, maxWork = MAX_WORK): Integers[] {
  const degree = f.length - 1;
  if (degree <= 1) return [f];
  const budget = new Budget(maxWork);
  const choice = choosePrime(f, budget);
  if (choice === undefined) return [f];
  const { p, parts } = choice;
  const factors = parts.flatMap(([product, d]) => equalDegree(product, d, p, budget));
  if (factors.length === 1) return [f];
  return combine(f, ...lift(f, factors, p, budget), budget);
}

interface PrimeChoice {
  readonly p: number;
  /** Products of the factors of equal degree, with that degree. */
  readonly parts: readonly (readonly [Residues, number])[];
  readonly count: number;
}

/** The prime with the fewest factors; nothing if the degrees modulo the primes show that f is irreducible. */
function choosePrime(f: Integers, budget: Budget): PrimeChoice | undefined {
  let best: PrimeChoice | undefined;
  let found = 0;
  const whole = 1n | (1n << BigInt(f.length - 1));
  let possible = -1n;
  for (const p of PRIMES) {
    const image = trimmed(f.map((c) => residue(c, p)));
    if (image.length < f.length) continue;
    if (residueGcd(image, derivative(image, p), p).length !== 1) continue;
    const parts = distinctDegrees(monic(image, p), p, budget);
    const count = parts.reduce((sum, [product, d]) => sum + (product.length - 1) / d, 0);
    if (!best || count < best.count) best = { p, parts, count };
    possible &= possibleDegrees(parts);
    if (possible === whole) return undefined;
    if (++found === ENOUGH_PRIMES) break;
  }
  if (!best) throw new LimitError('the primes of a factorisation', PRIMES.length, 'none that serves');
  return best;
}

/** The degrees of products of the factors, as the bits of a number. */
function possibleDegrees(parts: PrimeChoice['parts']): bigint {
  let degrees = 1n;
  for (const [product, d] of parts)
    for (let left = product.length - 1; left > 0; left -= d) degrees |= degrees << BigInt(d);
  return degrees;
}

const X: Residues = [0, 1];

/** A monic square-free polynomial as products of its factors of degree 1, 2, …. */
function distinctDegrees(f: Residues, p: number, budget: Budget): [product: Residues, degree: number][] {
  const parts: [Residues, number][] = [];
  let rest = f;
  let power = remainder(X, f, p);
  for (let d = 1; 2 * d < rest.length; d++) {
    budget.spend(2 * bitLength(BigInt(p)) * rest.length ** 2);
    power = powerModulo(power, BigInt(p), rest, p);
    const product = residueGcd(subtract(power, X, p), rest, p);
    if (product.length === 1) continue;
    parts.push([product, d]);
    rest = divide(rest, product, p)[0];
    power = remainder(power, rest, p);
  }
  if (rest.length > 1) parts.push([rest, rest.length - 1]);
  return parts;
}

/** The factors of degree d of a product of such. */
function equalDegree(product: Residues, d: number, p: number, budget: Budget): Residues[] {
  const factors: Residues[] = [];
  const pending = [product];
  const exponent = (BigInt(p) ** BigInt(d) - 1n) / 2n;
  let seed = 1;
  for (let f = pending.pop(); f !== undefined; f = pending.pop()) {
    if (f.length - 1 === d) {
      factors.push(f);
      continue;
    }
    budget.spend(2 * d * bitLength(BigInt(p)) * f.length ** 2);
    const trial = Array.from({ length: f.length - 1 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % p;
    });
    const part = residueGcd(subtract(powerModulo(trimmed(trial), exponent, f, p), [1], p), f, p);
    if (part.length > 1 && part.length < f.length) pending.push(part, divide(f, part, p)[0]);
    else pending.push(f);
  }
  return factors;
}

/** Monic factors of f modulo p made factors modulo a power of p that bounds the coefficients of factors of f. */
function lift(
  f: Integers,
  factors: readonly Residues[],
  p: number,
  budget: Budget,
): [factors: Integers[], modulus: bigint] {
  const needed = 2n * abs(f.at(-1)!) * factorBound(f);
  let modulus = BigInt(p);
  while (modulus < needed) modulus *= modulus;
  const lifted: Integers[] = [];
  let rest = f.map((c) => positive(c, modulus));
  for (let i = 0; i + 1 < factors.length; i++) {
    const lead = residue(rest.at(-1)!, p);
    const others = factors.slice(i + 1).reduce((a, b) => multiply(a, b, p), [lead]);
    const [quotient, factor] = liftPair(rest, others, factors[i]!, p, modulus, budget);
    lifted.push(factor);
    rest = quotient;
  }
  const inverse = modularInverse(rest.at(-1)!, modulus);
  lifted.push(rest.map((c) => positive(c * inverse, modulus)));
  return [lifted, modulus];
}

/**
 * f = g·h modulo p, h monic, brought to the same modulo `modulus`, each step from m to m²: with s·g = 1 modulo h, the
 * divisor h + s·(f mod h) leaves no remainder.
 */
function liftPair(
  f: Integers,
  g0: Residues,
  h0: Residues,
  p: number,
  modulus: bigint,
  budget: Budget,
): [g: bigint[], h: bigint[]] {
  let [g, h] = [big(g0), big(h0)];
  let s = big(bezout(remainder(g0, h0, p), h0, p)[0]);
  for (let m = BigInt(p); m < modulus; ) {
    m *= m;
    budget.spend(4 * f.length * h.length * weight(m));
    const error = divided(f, h, m)[1];
    h = plus(h, divided(times(s, error, m), h, m)[1], m);
    g = divided(f, h, m)[0];
    const defect = minus([2n], times(s, divided(g, h, m)[1], m), m);
    s = divided(times(s, defect, m), h, m)[1];
  }
  return [g, h];
}

/** A bound on the coefficients of every factor (Mignotte). */
function factorBound(f: Integers): bigint {
  const squares = f.reduce((sum, c) => sum + c * c, 0n);
  return (integerRoot(squares, 2n) + 1n) << BigInt(f.length - 1);
}

/** The products of lifted factors that divide f: few factors first. What is left at the end is irreducible. */
function combine(f: Integers, factors: readonly Integers[], modulus: bigint, budget: Budget): Integers[] {
  const found: Integers[] = [];
  let rest = f;
  let left = [...factors];
  for (let size = 1; 2 * size <= left.length; ) {
    const hit = firstDivisor(rest, left, size, modulus, budget);
    if (!hit) {
      size++;
      continue;
    }
    found.push(hit.divisor);
    rest = hit.quotient;
    left = left.filter((_, i) => !hit.chosen.includes(i));
  }
  return rest.length > 1 ? [...found, rest] : found;
}

function firstDivisor(
  f: Integers,
  factors: readonly Integers[],
  size: number,
  modulus: bigint,
  budget: Budget,
): { divisor: Integers; quotient: Integers; chosen: readonly number[] } | undefined {
  const lead = f.at(-1)!;
  for (const chosen of subsets(factors.length, size)) {
    budget.spend(size * weight(modulus));
    const last = chosen.reduce((product, i) => symmetric(product * factors[i]![0]!, modulus), lead);
    if (last === 0n ? f[0] !== 0n : (lead * f[0]!) % last !== 0n) continue;
    const product = chosen.reduce<Integers>((g, i) => times(g, factors[i]!, modulus), [lead]);
    budget.spend(f.length * product.length * weight(modulus));
    const divisor = primitivePart(product.map((c) => symmetric(c, modulus)));
    const quotient = exactQuotient(f, divisor);
    if (quotient) return { divisor, quotient, chosen };
  }
  return undefined;
}

/** The subsets of 0 … n - 1 with so many members, in lexicographic order. */
export function* subsets(n: number, size: number): Generator<readonly number[]> {
  const chosen = Array.from({ length: size }, (_, i) => i);
  for (;;) {
    yield chosen;
    let i = size - 1;
    while (i >= 0 && chosen[i] === n - size + i) i--;
    if (i < 0) return;
    chosen[i]!++;
    for (let j = i + 1; j < size; j++) chosen[j] = chosen[j - 1]! + 1;
  }
}

/** f / g where that has integer coefficients. */
export function exactQuotient(f: Integers, g: Integers): Integers | undefined {
  const rest = [...f];
  const top = g.length - 1;
  const quotient: bigint[] = [];
  for (let i = f.length - 1; i >= top; i--) {
    if (rest[i]! % g[top]! !== 0n) return undefined;
    const factor = rest[i]! / g[top]!;
    quotient[i - top] = factor;
    if (factor !== 0n) for (let j = 0; j <= top; j++) rest[i - top + j]! -= factor * g[j]!;
  }
  return rest.slice(0, top).every((c) => c === 0n) ? quotient : undefined;
}

/** The coefficients without their common divisor, the leading one positive. */
export function primitivePart(f: Integers): Integers {
  const content = f.reduce((a, c) => gcd(a, c), 0n) * (f.at(-1)! < 0n ? -1n : 1n);
  return content === 1n ? f : f.map((c) => c / content);
}

const abs = (n: bigint) => (n < 0n ? -n : n);
const big = (f: Residues): bigint[] => f.map(BigInt);

/** The residue in [0, m). */
function positive(n: bigint, m: bigint): bigint {
  const r = n % m;
  return r < 0n ? r + m : r;
}

const combined = (f: Integers, g: Integers, m: bigint, operation: (a: bigint, b: bigint) => bigint) =>
  trimmed(
    Array.from({ length: Math.max(f.length, g.length) }, (_, i) =>
      positive(operation(f[i] ?? 0n, g[i] ?? 0n), m),
    ),
  );
const plus = (f: Integers, g: Integers, m: bigint) => combined(f, g, m, (a, b) => a + b);
const minus = (f: Integers, g: Integers, m: bigint) => combined(f, g, m, (a, b) => a - b);

function times(f: Integers, g: Integers, m: bigint): bigint[] {
  if (f.length === 0 || g.length === 0) return [];
  const product = new Array<bigint>(f.length + g.length - 1).fill(0n);
  for (let i = 0; i < f.length; i++) for (let j = 0; j < g.length; j++) product[i + j]! += f[i]! * g[j]!;
  return trimmed(product.map((c) => positive(c, m)));
}

/** Quotient and remainder by a monic divisor. */
function divided(f: Integers, g: Integers, m: bigint): [quotient: bigint[], remainder: bigint[]] {
  const rest = [...f];
  const top = g.length - 1;
  const quotient = new Array<bigint>(Math.max(f.length - top, 0)).fill(0n);
  for (let i = f.length - 1; i >= top; i--) {
    const factor = positive(rest[i]!, m);
    quotient[i - top] = factor;
    if (factor !== 0n) for (let j = 0; j <= top; j++) rest[i - top + j]! -= factor * g[j]!;
  }
  return [trimmed(quotient), trimmed(rest.slice(0, top).map((c) => positive(c, m)))];
}

function modularInverse(n: bigint, m: bigint): bigint {
  let [a, b] = [positive(n, m), m];
  let [s, u] = [1n, 0n];
  while (b !== 0n) [a, b, s, u] = [b, a % b, u, s - (a / b) * u];
  return positive(s, m);
}
