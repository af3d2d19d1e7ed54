// What the polynomials of a proof are polynomials in, and the relations among these generators.

import {
  add,
  collect,
  constant,
  exponentOf,
  generator,
  generatorsOf,
  keyOfPolynomial,
  multiply,
  type Polynomial,
  raise,
  real,
  scale,
  type Term,
  ZERO,
} from './polynomial.ts';
import { Rational } from './rational.ts';

/** generator^modulus = base, which has only generators made before it. */
export interface Relation {
  readonly modulus: number;
  readonly base: Polynomial;
}

export interface Generator {
  /** What it is: `sym x`, `exp`, `cis`, `atom`, `root`, `log`, `sign`, or the name of a call. */
  readonly kind: string;
  readonly args: readonly Polynomial[];
  readonly isReal: boolean;
  /** Whether it is nowhere negative. */
  readonly isPositive: boolean;
  /** Whether it is nowhere zero. */
  readonly isNonzero?: boolean;
  /** Whether it is a whole number everywhere. */
  readonly isWhole?: boolean;
  readonly relation?: Relation;
  /** The value of a constant. */
  readonly value?: Approximation;
}

/** A double, and how far it may be off relative to its size. */
export interface Approximation {
  readonly value: number;
  readonly relative: number;
}

/** The relative error granted to an operation of doubles. */
export const ROUNDING = 2 ** -50;

const MINUS_ONE = real(Rational.MINUS_ONE);

export const minus = (a: Polynomial, b: Polynomial): Polynomial => add(a, scale(b, MINUS_ONE));
export const number = (value: Rational): Polynomial => constant(real(value));

/** The table of generators of one proof. */
export class Generators {
  private readonly all: Generator[] = [];
  private readonly byKey = new Map<string, number>();
  private readonly byKind = new Map<string, number[]>();
  /** By key, how many generators of the kind were compared in vain. */
  private readonly compared = new Map<string, number>();

  at(g: number): Generator {
    return this.all[g]!;
  }

  get count(): number {
    return this.all.length;
  }

  /** Its number: of the one of this kind with equal arguments if there is one, else of a new one. */
  find(kind: string, args: readonly Polynomial[]): number | undefined {
    const key = `${kind}(${args.map(keyOfPolynomial).join('|')})`;
    const known = this.byKey.get(key);
    if (known !== undefined || args.length === 0) return known;
    const alike = this.byKind.get(kind) ?? [];
    for (let i = this.compared.get(key) ?? 0; i < alike.length; i++) {
      const g = alike[i]!;
      if (!this.at(g).args.every((arg, k) => this.isZero(minus(arg, args[k]!)))) continue;
      this.byKey.set(key, g);
      return g;
    }
    this.compared.set(key, alike.length);
    return undefined;
  }

  make(made: Generator): number {
    const g = this.all.push(made) - 1;
    this.byKey.set(`${made.kind}(${made.args.map(keyOfPolynomial).join('|')})`, g);
    const alike = this.byKind.get(made.kind);
    if (alike) alike.push(g);
    else this.byKind.set(made.kind, [g]);
    return g;
  }

  /** A relation that came to be known of a generator. */
  relate(g: number, relation: Relation): void {
    this.all[g] = { ...this.all[g]!, relation };
  }

  ofKind(kind: string): readonly number[] {
    return this.byKind.get(kind) ?? [];
  }

  /** Whether the polynomial is zero once every relation is used; false means only that it was not shown. */
  isZero(a: Polynomial): boolean {
    return this.numerator(a).size === 0;
  }

  /** A polynomial without powers that a relation rewrites, zero only where the given one is. */
  numerator(a: Polynomial): Polynomial {
    return this.reduced(a, true);
  }

  /** The same polynomial with powers from the modulus up rewritten. */
  reduce(a: Polynomial): Polynomial {
    return this.reduced(a, false);
  }

  private reduced(a: Polynomial, clears: boolean): Polynomial {
    let result = a;
    // A base has only earlier generators, so one pass from the last to the first suffices.
    const pending = new Heap(generatorsOf(a));
    for (let g = pending.pop(); g !== undefined && result.size > 0; g = pending.pop()) {
      const relation = this.at(g).relation;
      if (!relation) continue;
      const next = reduceBy(result, g, relation, clears);
      if (next === result) continue;
      result = next;
      pending.push(generatorsOf(relation.base));
    }
    return result;
  }

  /** The value of a constant; nothing of what has variables, or where it may as well be zero. */
  valueOf(a: Polynomial): Approximation | undefined {
    let value = 0;
    let error = 0;
    for (const { monomial, coefficient } of a.values()) {
      if (!coefficient.im.isZero) return undefined;
      let term = coefficient.re.toNumber();
      let relative = ROUNDING;
      for (const [g, n] of monomial) {
        const own = this.at(g).value;
        if (own === undefined) return undefined;
        term *= own.value ** n;
        relative += (own.relative + ROUNDING) * Math.abs(n);
      }
      value += term;
      error += Math.abs(term) * relative;
    }
    const relative = (2 * error) / Math.abs(value) + ROUNDING;
    return Number.isFinite(value) && relative < 2 ** -10 ? { value, relative } : undefined;
  }
}

/** Numbers taken out from the greatest down, each once. */
class Heap {
  private readonly numbers = new Set<number>();

  constructor(numbers: Iterable<number>) {
    this.push(numbers);
  }

  push(numbers: Iterable<number>): void {
    for (const n of numbers) this.numbers.add(n);
  }

  pop(): number | undefined {
    let greatest: number | undefined;
    for (const n of this.numbers) if (greatest === undefined || n > greatest) greatest = n;
    if (greatest !== undefined) this.numbers.delete(greatest);
    return greatest;
  }
}

/**
 * The generator's exponents brought below the modulus; with `clears` also up from below 0, for which the polynomial
 * is multiplied by a power of the base.
 */
function reduceBy(a: Polynomial, g: number, { modulus, base }: Relation, clears: boolean): Polynomial {
  let least = 0;
  let most = 0;
  const split = [...a.values()].map((term) => {
    const exponent = exponentOf(term.monomial, g);
    const times = exponent < 0 && !clears ? 0 : Math.floor(exponent / modulus);
    least = Math.min(least, times);
    most = Math.max(most, times);
    return { term, times, rest: exponent - times * modulus };
  });
  if (least === 0 && most === 0) return a;
  const groups = new Map<number, Term[]>();
  for (const { term, times, rest } of split) {
    const others = term.monomial.filter(([other]) => other !== g);
    const monomial = rest === 0 ? others : [...others, [g, rest] as const].sort(([x], [y]) => x - y);
    const group = groups.get(times);
    if (group) group.push({ monomial, coefficient: term.coefficient });
    else groups.set(times, [{ monomial, coefficient: term.coefficient }]);
  }
  let sum = ZERO;
  for (const [times, terms] of groups) sum = add(sum, multiply(collect(terms), raise(base, times - least)));
  return sum;
}

/** The polynomial with a generator replaced by 1 or -1. */
export function withSign(a: Polynomial, g: number, sign: 1 | -1): Polynomial {
  return collect(
    [...a.values()].map(({ monomial, coefficient }) => {
      const odd = exponentOf(monomial, g) % 2 !== 0;
      const rest = monomial.filter(([other]) => other !== g);
      const flips = odd && sign === -1;
      return {
        monomial: rest,
        coefficient: flips ? { re: coefficient.re.neg(), im: coefficient.im.neg() } : coefficient,
      };
    }),
  );
}

export const power = (g: number, exponent = 1): Polynomial => generator(g, exponent);
