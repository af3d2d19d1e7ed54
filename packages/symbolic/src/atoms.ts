// A real polynomial of generators as a number times powers of atoms: generators and irreducible polynomials. Roots,
// logarithms, signs and reciprocals all see a product as its atoms, and so agree on it.

import { DomainError, LimitError } from './errors.ts';
import { factorise } from './factors.ts';
import { type Approximation, type Generators, power } from './generators.ts';
import {
  collect,
  constantValue,
  contentOf,
  divideExactly,
  exponentOf,
  generatorsOf,
  leadingTerm,
  type Monomial,
  type Polynomial,
  real,
  scale,
  shift,
  type Term,
} from './polynomial.ts';
import { Rational, rationalGcd } from './rational.ts';
import { type Poly, Ring } from './ring.ts';

/** coefficient · Π generator^exponent */
export interface Factors {
  readonly coefficient: Rational;
  readonly powers: readonly (readonly [generator: number, exponent: number])[];
}

/** Larger polynomials are taken for atoms as they are. */
const MAX_FACTORED_TERMS = 40;
const MAX_FACTORED_GENERATORS = 8;
const MAX_FACTORED_DEGREE = 24;

/** Work allowed to one factorisation. */
const MAX_WORK = 20_000;

export class Atoms {
  private readonly table: Generators;
  private readonly grain: number;
  /** By generator of an angle, the least multiple of it whose sine or cosine came up. */
  private readonly finest = new Map<number, number>();
  /** Whether sin 2x is split into sin x and cos x where the latter came up before. */
  splitsSines = false;

  constructor(table: Generators, grain: number) {
    this.table = table;
    this.grain = grain;
  }

  /** The atom as a polynomial: what it stands for, or itself. */
  polynomialOf(g: number): Polynomial {
    const { kind, args } = this.table.at(g);
    return kind === 'atom' ? args[0]! : power(g);
  }

  split(u: Polynomial): Factors {
    const { table } = this;
    const powers = new Map<number, number>();
    const note = (g: number, n: number) => powers.set(g, (powers.get(g) ?? 0) + n);
    const isReal = (g: number) => table.at(g).isReal;
    let rest = u;
    for (;;) {
      rest = table.reduce(rest);
      const content = contentOf(rest, isReal);
      if (content.length === 0) break;
      for (const [g, n] of content) note(g, n);
      rest = shift(rest, content, -1);
    }
    if (rest.size === 0) throw new DomainError('Cannot divide by an expression that is zero everywhere');
    let coefficient = realConstant(rest);
    if (!coefficient) {
      const factors = this.factor(rest);
      coefficient = factors.coefficient;
      for (const [g, n] of factors.powers) note(g, n);
    }
    return { coefficient, powers: [...powers].filter(([, n]) => n !== 0).sort(([g], [h]) => g - h) };
  }

  private factor(p: Polynomial): Factors {
    const isRational = [...p.values()].every(({ monomial, coefficient }) => {
      return coefficient.im.isZero && monomial.every(([g]) => this.table.at(g).isReal);
    });
    return isRational ? this.rationalFactors(p) : this.trigonometricFactors(p);
  }

  /** Irreducible factors of a polynomial with rational coefficients in real generators. */
  private rationalFactors(p: Polynomial): Factors {
    const generators = [...generatorsOf(p)].sort((g, h) => g - h);
    if (p.size > MAX_FACTORED_TERMS || generators.length > MAX_FACTORED_GENERATORS) return this.whole(p);
    const units = generators.map((g) => this.unitOf(p, g));
    const { content, primitive } = primitivePart(p);
    try {
      const ring = new Ring(generators.length);
      const f = toRing(ring, primitive, generators, units);
      if (generators.some((_, v) => ring.degree(f, v) > MAX_FACTORED_DEGREE)) return this.whole(p);
      const found = factorise(ring, f, MAX_WORK);
      const powers = found.factors.map(
        ([factor, n]) => [this.atom(fromRing(ring, factor, generators, units)), n] as const,
      );
      return { coefficient: content.mul(Rational.of(found.content)), powers };
    } catch (error) {
      if (error instanceof LimitError) return this.whole(p);
      throw error;
    }
  }

  /** The least power of a generator that occurs; of exponentials and roots none finer than need be. */
  private unitOf(p: Polynomial, g: number): number {
    let unit = 0;
    for (const { monomial } of p.values()) unit = gcd(unit, exponentOf(monomial, g));
    const { kind } = this.table.at(g);
    return kind === 'exp' || kind === 'root' ? gcd(unit, this.grain) : 1;
  }

  /** Sines and cosines of half the greatest angle are divided out, as sin 2x = 2 sin x cos x asks for. */
  private trigonometricFactors(p: Polynomial): Factors {
    const powers: [number, number][] = [];
    let rest = p;
    let coefficient: Rational | undefined;
    search: for (;;) {
      for (const candidate of this.halfAngles(rest)) {
        const quotient = divideExactly(rest, candidate);
        if (!quotient) continue;
        powers.push([this.atom(candidate), 1]);
        rest = quotient;
        coefficient = realConstant(rest);
        if (coefficient) break search;
        continue search;
      }
      break;
    }
    if (coefficient) return { coefficient, powers };
    const isReal = (g: number) => this.table.at(g).isReal;
    const content = contentOf(rest, isReal);
    const { powers: own, coefficient: factor } = this.whole(shift(rest, content, -1));
    return { coefficient: factor, powers: [...powers, ...content, ...own] };
  }

  /** Sines and cosines of half of each angle in a trigonometric polynomial, and of the angle itself. */
  private *halfAngles(p: Polynomial): Generator<Polynomial> {
    const angles = new Map<string, Monomial>();
    const cis = (monomial: Monomial) => monomial.filter(([g]) => this.table.at(g).kind === 'cis');
    for (const { monomial } of p.values()) {
      const own = cis(monomial);
      if (own.length > 0 && own[0]![1] > 0) angles.set(own.join(' '), own);
    }
    for (const angle of angles.values()) {
      for (const halves of [2, 1]) {
        if (angle.some(([, n]) => n % halves !== 0)) continue;
        if (isSine(p) && !(halves === 2 && this.splitsSines && this.isFine(angle))) continue;
        const forward = angle.map(([g, n]) => [g, n / halves] as const);
        const backward = forward.map(([g, n]) => [g, -n] as const);
        for (const [x, y] of HALF_ANGLES) {
          yield collect([
            { monomial: forward, coefficient: { re: x, im: y } },
            { monomial: backward, coefficient: { re: x, im: y.neg() } },
          ]);
        }
      }
    }
  }

  /** Whether half of the angle came up. */
  private isFine(angle: Monomial): boolean {
    return angle.every(([g, n]) => Math.abs(n) / 2 >= (this.finest.get(g) ?? Number.POSITIVE_INFINITY));
  }

  private noteAngles(p: Polynomial): void {
    for (const { monomial } of p.values()) {
      for (const [g, n] of monomial) {
        if (this.table.at(g).kind !== 'cis') continue;
        this.finest.set(g, Math.min(Math.abs(n), this.finest.get(g) ?? Number.POSITIVE_INFINITY));
      }
    }
  }

  /** Whether sines and cosines came up as atoms. */
  get hasAngles(): boolean {
    return this.finest.size > 0;
  }

  private whole(p: Polynomial): Factors {
    const { content, primitive } = primitivePart(p);
    return { coefficient: content, powers: [[this.atom(primitive), 1]] };
  }

  private atom(p: Polynomial): number {
    this.noteAngles(p);
    const known = this.table.find('atom', [p]);
    if (known !== undefined) return known;
    return this.table.make({
      kind: 'atom',
      args: [p],
      isReal: true,
      isPositive: false,
      relation: { modulus: 1, base: p },
      ...valued(this.table.valueOf(p)),
    });
  }
}

/** The coefficients of e^(iθ) in -2 sin θ, 2 cos θ, and 2 (cos θ ± sin θ). */
const HALF_ANGLES = [
  [Rational.ZERO, Rational.ONE],
  [Rational.ONE, Rational.ZERO],
  [Rational.ONE, Rational.MINUS_ONE],
  [Rational.ONE, Rational.ONE],
] as const;

/** Whether the polynomial is a multiple of one sine or cosine. */
const isSine = (p: Polynomial): boolean => p.size === 2 && !p.has('');

/** The value of a constant generator, where there is one. */
export const valued = (value: Approximation | undefined): { value: Approximation } | Record<string, never> =>
  value === undefined ? {} : { value };

const gcd = (a: number, b: number): number => {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
};

function realConstant(p: Polynomial): Rational | undefined {
  const value = constantValue(p);
  if (!value) return undefined;
  if (!value.im.isZero) throw new DomainError('Cannot take a value that is not real');
  return value.re;
}

/** A polynomial as a rational number times one with coprime integers, its leading coefficient positive. */
export function primitivePart(p: Polynomial): { content: Rational; primitive: Polynomial } {
  const parts = [...p.values()].flatMap(({ coefficient: { re, im } }) => [re, im].filter((x) => !x.isZero));
  const size = parts.reduce((a, b) => rationalGcd(a, b)).abs();
  const { re, im } = leadingTerm(p).coefficient;
  const content = (re.isZero ? im : re).sign < 0 ? size.neg() : size;
  if (content.isOne) return { content, primitive: p };
  return { content, primitive: scale(p, real(Rational.ONE.div(content))) };
}

function toRing(ring: Ring, p: Polynomial, generators: readonly number[], units: readonly number[]): Poly {
  const terms = [...p.values()].map(({ monomial, coefficient }) => {
    const powers = monomial.map(([g, n]) => {
      const v = generators.indexOf(g);
      return ring.variable(v, n / units[v]!);
    });
    return ring.product([new Map([[0, coefficient.re.p]]), ...powers]);
  });
  return ring.sum(terms);
}

function fromRing(ring: Ring, f: Poly, generators: readonly number[], units: readonly number[]): Polynomial {
  const terms = [...f].map(([m, coefficient]): Term => {
    const monomial = generators.flatMap((g, v) => {
      const n = ring.exponent(m, v) * units[v]!;
      return n === 0 ? [] : [[g, n] as const];
    });
    return { monomial, coefficient: real(Rational.of(coefficient)) };
  });
  return primitivePart(collect(terms)).primitive;
}
