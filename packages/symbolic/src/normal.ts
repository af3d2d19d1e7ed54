// The normal form behind proofs: rational functions over generators (variables, exponentials, roots, and calls that
// stay opaque) with the algebraic relations among them. Two expressions whose difference reduces to the zero
// polynomial are equal wherever both are defined. Trigonometric functions are exponentials of imaginary arguments,
// so that all their identities hold by arithmetic alone.

import { ops } from '@leibniz/ops';
import { Algebra } from './algebra.ts';
import { DomainError, LimitError } from './errors.ts';
import { isPositive } from './facts.ts';
import type { Call, Expr } from './node.ts';
import {
  add,
  collect,
  constant,
  constantValue,
  type Gaussian,
  generator,
  IMAGINARY,
  invertTerm,
  type Monomial,
  mulG,
  multiply,
  ONE_POLYNOMIAL,
  onlyTerm,
  type Polynomial,
  raise,
  real,
  samePolynomial,
  scale,
  type Term,
  ZERO,
} from './polynomial.ts';
import { Rational } from './rational.ts';
import { memoise } from './walk.ts';

/** A quotient of polynomials; a denominator of one term is divided out, so that it is 1. */
interface Fraction {
  readonly above: Polynomial;
  readonly below: Polynomial;
}

interface Generator {
  /** What it is: `sym x`, `exp`, `cis`, `root`, `abs`, `cbrt`, or the name of a call. */
  readonly kind: string;
  readonly args: readonly Fraction[];
  readonly isReal: boolean;
  readonly isPositive: boolean;
  /** generator^modulus = base */
  readonly relation?: { readonly modulus: number; readonly base: Fraction };
}

/** Exponentials and roots are counted in twelfths, so that halves, thirds and quarters share a generator. */
const GRAIN = 12;

/** The largest whole power that is multiplied out. */
const MAX_POWER = 200n;

const MINUS_I: Gaussian = { re: Rational.ZERO, im: Rational.MINUS_ONE };
const ONE: Fraction = { above: ONE_POLYNOMIAL, below: ONE_POLYNOMIAL };
const whole = (above: Polynomial): Fraction => ({ above, below: ONE_POLYNOMIAL });
const number = (value: Rational): Fraction => whole(constant(real(value)));

/** Puts expressions into normal form over one common set of generators. */
export class NormalForms {
  private readonly generators: Generator[] = [];
  private readonly algebra = new Algebra();
  /** The conditions, besides the domains of both sides, under which the steps taken hold. */
  readonly assumed = new Set<Expr>();

  /** Whether a - b is identically zero; false means only that it was not shown. */
  areEqual(a: Expr, b: Expr): boolean {
    const [left, right] = this.of([a, b]) as [Fraction, Fraction];
    return this.isZero(this.minus(left, right));
  }

  private of(roots: readonly Expr[]): Fraction[] {
    const meant = withMeanings(this.algebra, this.algebra.adopt(...roots));
    return memoise<Fraction>(meant, (node, formOf) => {
      switch (node.kind) {
        case 'num':
          return number(node.value);
        case 'sym':
          return this.generator({
            kind: `sym ${node.name}`,
            args: [],
            isReal: true,
            isPositive: isPositive(node),
          });
        case 'constant':
          return node.name === 'e' ? this.exp(ONE) : this.opaque(node.name, [], true);
        case 'sum':
          return node.args.map(formOf).reduce((a, b) => this.plus(a, b), number(node.constant));
        case 'product':
          return node.args.map(formOf).reduce((a, b) => this.times(a, b), number(node.coefficient));
        case 'power':
          return this.power(node.args[0]!, formOf(node.args[0]!), node.args[1]!, formOf);
        case 'call':
          return this.call(node, node.args.map(formOf));
      }
    });
  }

  private plus(a: Fraction, b: Fraction): Fraction {
    if (samePolynomial(a.below, b.below)) return this.fraction(add(a.above, b.above), a.below);
    return this.fraction(
      add(multiply(a.above, b.below), multiply(b.above, a.below)),
      multiply(a.below, b.below),
    );
  }

  private minus(a: Fraction, b: Fraction): Fraction {
    return this.plus(a, { ...b, above: scale(b.above, real(Rational.MINUS_ONE)) });
  }

  private times(a: Fraction, b: Fraction): Fraction {
    return this.fraction(multiply(a.above, b.above), multiply(a.below, b.below));
  }

  private inverse(a: Fraction): Fraction {
    if (this.isZero(a)) throw new DomainError('Cannot divide by an expression that is zero everywhere');
    return this.fraction(a.below, a.above);
  }

  private fraction(above: Polynomial, below: Polynomial): Fraction {
    if (above.size === 0) return { above: ZERO, below: ONE_POLYNOMIAL };
    const divisor = onlyTerm(below);
    if (divisor) return whole(multiply(above, collect([invertTerm(divisor)])));
    return samePolynomial(above, below) ? ONE : { above, below };
  }

  /** Whether the fraction is zero once every relation among the generators is used. */
  private isZero(a: Fraction): boolean {
    let reduced = a.above;
    // A relation's base has only generators made before it, so one pass from the last to the first suffices.
    for (let g = this.generators.length - 1; g >= 0 && reduced.size > 0; g--) {
      const relation = this.generators[g]!.relation;
      if (relation) reduced = reduceBy(reduced, g, relation.modulus, relation.base);
    }
    return reduced.size === 0;
  }

  /** The generator with these arguments, if there is one already, else a new one. */
  private generator(made: Generator): Fraction {
    const found = this.generators.findIndex(
      (other) =>
        other.kind === made.kind &&
        other.args.length === made.args.length &&
        made.args.every((arg, i) => this.isZero(this.minus(arg, other.args[i]!))),
    );
    if (found === -1) this.generators.push(made);
    return whole(generator(found === -1 ? this.generators.length - 1 : found));
  }

  private opaque(kind: string, args: readonly Fraction[], isPositive = false): Fraction {
    return this.generator({ kind, args, isReal: true, isPositive });
  }

  /** base^exponent for a whole exponent, of a generator's fraction. */
  private raised(base: Fraction, exponent: bigint): Fraction {
    if (exponent < 0n) return this.raised(this.inverse(base), -exponent);
    const term = onlyTerm(base.above);
    if (exponent > MAX_POWER && !(term && base.below.size === 1)) {
      throw new LimitError('the power of a polynomial', Number(MAX_POWER), `${exponent}`);
    }
    return this.fraction(raise(base.above, Number(exponent)), raise(base.below, Number(exponent)));
  }

  private power(base: Expr, form: Fraction, exponent: Expr, formOf: (e: Expr) => Fraction): Fraction {
    if (exponent.kind === 'num') {
      return exponent.value.isInteger ? this.raised(form, exponent.value.p) : this.root(form, exponent.value);
    }
    this.assumed.add(this.algebra.$.less(this.algebra.zero, base));
    return this.exp(this.times(formOf(exponent), this.log(form)));
  }

  /** e^u as a product over the terms of u: e^(c·m/d) is a power of the generator of m/d. */
  private exp(u: Fraction): Fraction {
    let product = ONE;
    for (const { monomial, coefficient } of u.above.values()) {
      const inside = this.insideLog(monomial, u.below);
      if (inside && coefficient.im.isZero) {
        product = this.times(product, this.root(inside, coefficient.re));
        continue;
      }
      const direction = this.fraction(collect([{ monomial, coefficient: real(Rational.ONE) }]), u.below);
      const isReal = this.allReal(direction);
      for (const [kind, size] of [
        ['exp', coefficient.re],
        ['cis', coefficient.im],
      ] as const) {
        if (size.isZero) continue;
        const grain = BigInt(GRAIN) % size.q === 0n ? GRAIN : Number(size.q);
        const args = [this.times(direction, number(Rational.of(1, grain)))];
        const base = this.generator({
          kind,
          args,
          isReal: isReal && kind === 'exp',
          isPositive: isReal && kind === 'exp',
        });
        const exponent = size.mul(Rational.of(grain)).p;
        product = this.times(product, this.raised(base, exponent));
      }
    }
    return product;
  }

  /** v, if the monomial is log v and nothing divides it. */
  private insideLog(monomial: Monomial, below: Polynomial): Fraction | undefined {
    const [power] = monomial;
    if (monomial.length !== 1 || power![1] !== 1 || below !== ONE_POLYNOMIAL) return undefined;
    const { kind, args } = this.generators[power![0]]!;
    return kind === 'log' ? args[0] : undefined;
  }

  private allReal(f: Fraction): boolean {
    return [f.above, f.below].every((polynomial) =>
      [...polynomial.values()].every(
        ({ monomial, coefficient }) =>
          coefficient.im.isZero && monomial.every(([g]) => this.generators[g]!.isReal),
      ),
    );
  }

  /** sin and cos: (e^(iu) ∓ e^(-iu)) / 2 or 2i. */
  private trigonometric(name: 'sin' | 'cos', u: Fraction): Fraction {
    const turned = (by: Gaussian) => this.exp({ above: scale(u.above, by), below: u.below });
    const [forward, backward] = [turned(IMAGINARY), turned(MINUS_I)];
    if (name === 'cos') return this.times(this.plus(forward, backward), number(Rational.HALF));
    return this.times(this.minus(forward, backward), whole(constant(mulG(MINUS_I, real(Rational.HALF)))));
  }

  private call(node: Call, args: readonly Fraction[]): Fraction {
    const { name } = node;
    const [u] = args;
    switch (name) {
      case 'exp':
        return this.exp(u!);
      case 'log':
        return this.log(u!);
      case 'sin':
      case 'cos':
        return this.trigonometric(name, u!);
      case 'abs':
        return this.abs(u!);
      case 'sign':
        this.assumed.add(this.algebra.$.not(this.algebra.$.equal(node.args[0]!, this.algebra.zero)));
        return this.times(this.abs(u!), this.inverse(u!));
      case 'cbrt':
        return this.generator({
          kind: 'cbrt',
          args,
          isReal: true,
          isPositive: false,
          relation: { modulus: 3, base: u! },
        });
      default:
        return this.callByParity(name, args);
    }
  }

  /** An opaque call; an odd or even function finds its negated argument too. */
  private callByParity(name: string, args: readonly Fraction[]): Fraction {
    const parity = Object.hasOwn(ops.unary, name)
      ? ops.unary[name as keyof typeof ops.unary].parity
      : undefined;
    if (parity) {
      const negated = this.minus(whole(ZERO), args[0]!);
      const found = this.generators.findIndex(
        (g) => g.kind === name && this.isZero(this.minus(negated, g.args[0]!)),
      );
      const sign = real(parity === 'odd' ? Rational.MINUS_ONE : Rational.ONE);
      if (found !== -1) return whole(scale(generator(found), sign));
    }
    return this.opaque(name, args, name === 'erfc');
  }

  /** The positive factors of a single term, and what is left of it. */
  private splitPositive(
    f: Fraction,
  ): { positive: Monomial; rest: Monomial; coefficient: Rational } | undefined {
    const term = onlyTerm(f.above);
    if (!term || f.below !== ONE_POLYNOMIAL || !term.coefficient.im.isZero) return undefined;
    const isPositive = ([g]: readonly [number, number]) => this.generators[g]!.isPositive;
    return {
      positive: term.monomial.filter(isPositive),
      rest: term.monomial.filter((power) => !isPositive(power)),
      coefficient: term.coefficient.re,
    };
  }

  /** The positive generators to the least powers that they have in any term: a factor of the numerator. */
  private positiveContent(f: Fraction): Monomial {
    const terms = [...f.above.values()];
    const powers = (g: number) =>
      terms.map(({ monomial }) => monomial.find(([other]) => other === g)?.[1] ?? 0);
    return [...new Set(terms.flatMap(({ monomial }) => monomial.map(([g]) => g)))]
      .filter((g) => this.generators[g]!.isPositive)
      .map((g) => [g, Math.min(...powers(g))] as const)
      .filter(([, n]) => n !== 0)
      .sort(([g], [h]) => g - h);
  }

  /** log u, with positive factors and powers taken out. */
  private log(u: Fraction): Fraction {
    const content = this.positiveContent(u);
    const factor: Term = { monomial: content, coefficient: real(Rational.ONE) };
    const bare = content.length === 0 ? u : this.times(u, whole(collect([invertTerm(factor)])));
    return content.reduce(
      (sum, [g, n]) => this.plus(sum, this.times(number(Rational.of(n)), this.logOfGenerator(g))),
      this.logOfBare(bare),
    );
  }

  /** log u for u without positive factors: of a number by its primes, of a power by its exponent. */
  private logOfBare(u: Fraction): Fraction {
    const split = this.splitPositive(u);
    if (!split || split.coefficient.sign < 0 || split.rest.length > 1) return this.opaque('log', [u]);
    const size = this.logOfNumber(split.coefficient);
    const [power] = split.rest;
    if (!power) return size;
    const [g, n] = power;
    const inside = whole(generator(g));
    const taken = this.opaque('log', [n % 2 === 0 ? this.abs(inside) : inside]);
    return this.plus(size, this.times(number(Rational.of(n)), taken));
  }

  private logOfGenerator(g: number): Fraction {
    const { kind, args, relation } = this.generators[g]!;
    if (kind === 'exp') return args[0]!;
    if (kind === 'root' && relation)
      return this.times(this.log(relation.base), number(Rational.of(1, relation.modulus)));
    return this.opaque('log', [whole(generator(g))]);
  }

  private logOfNumber(value: Rational): Fraction {
    return [...primePowers(value)].reduce((sum, [prime, n]) => {
      const log = this.opaque('log', [number(Rational.of(prime))]);
      return this.plus(sum, this.times(number(Rational.of(n)), log));
    }, whole(ZERO));
  }

  private abs(u: Fraction): Fraction {
    const split = this.splitPositive(u);
    if (!split) return this.absGenerator(u);
    const { positive, rest, coefficient } = split;
    let product = whole(collect([{ monomial: positive, coefficient: real(coefficient.abs()) }]));
    for (const [g, n] of rest)
      product = this.times(product, this.raised(this.absGenerator(whole(generator(g))), BigInt(n)));
    return product;
  }

  private absGenerator(u: Fraction): Fraction {
    const negated = this.minus(whole(ZERO), u);
    const found = this.generators.findIndex(
      (g) => g.kind === 'abs' && this.isZero(this.minus(negated, g.args[0]!)),
    );
    if (found !== -1) return whole(generator(found));
    const relation = { modulus: 2, base: this.times(u, u) };
    // Zero is the one point where it is not positive, and there a logarithm or a quotient of it has no value.
    return this.generator({ kind: 'abs', args: [u], isReal: true, isPositive: true, relation });
  }

  /** u^r for a fraction r: numbers by their primes, powers of one generator by its sign, else a new generator. */
  private root(u: Fraction, r: Rational): Fraction {
    const value = constantValue(u.above);
    if (value?.im.isZero && value.re.sign > 0 && u.below === ONE_POLYNOMIAL) {
      return [...primePowers(value.re)].reduce((product, [prime, n]) => {
        return this.times(product, this.rootGenerator(number(Rational.of(prime)), r.mul(Rational.of(n))));
      }, ONE);
    }
    const split = this.splitPositive(u);
    if (split && split.coefficient.sign > 0 && split.rest.length <= 1) {
      const { positive, rest, coefficient } = split;
      let product = coefficient.isOne ? ONE : this.root(number(coefficient), r);
      for (const [g, n] of positive)
        product = this.times(product, this.rootOfGenerator(whole(generator(g)), g, n, r));
      for (const [g, n] of rest) {
        const base = n % 2 === 0 ? this.abs(whole(generator(g))) : whole(generator(g));
        product = this.times(product, this.rootGenerator(base, r.mul(Rational.of(n))));
      }
      return product;
    }
    return this.rootGenerator(u, r);
  }

  private rootOfGenerator(form: Fraction, g: number, n: number, r: Rational): Fraction {
    const { kind, args } = this.generators[g]!;
    const exponent = r.mul(Rational.of(n));
    return kind === 'exp'
      ? this.exp(this.times(args[0]!, number(exponent)))
      : this.rootGenerator(form, exponent);
  }

  private rootGenerator(base: Fraction, exponent: Rational): Fraction {
    if (exponent.isInteger) return this.raised(base, exponent.p);
    const grain = BigInt(GRAIN) % exponent.q === 0n ? GRAIN : Number(exponent.q);
    const relation = { modulus: grain, base };
    const root = this.generator({
      kind: 'root',
      args: [base, number(Rational.of(grain))],
      isReal: true,
      isPositive: true,
      relation,
    });
    return this.raised(root, exponent.mul(Rational.of(grain)).p);
  }
}

/** The polynomial times a power of the base, with the generator's exponents brought into [0, modulus). */
function reduceBy(polynomial: Polynomial, g: number, modulus: number, base: Fraction): Polynomial {
  const split = [...polynomial.values()].map((term) => {
    const exponent = term.monomial.find(([other]) => other === g)?.[1] ?? 0;
    const times = Math.floor(exponent / modulus);
    return { term, times, rest: exponent - times * modulus };
  });
  if (split.every(({ times }) => times === 0)) return polynomial;
  const least = Math.min(...split.map(({ times }) => times));
  const most = Math.max(...split.map(({ times }) => times)) - least;
  let sum = ZERO;
  for (const { term, times, rest } of split) {
    const monomial = term.monomial.flatMap((power) =>
      power[0] === g ? (rest ? [[g, rest] as const] : []) : [power],
    );
    const own: Term = { monomial, coefficient: term.coefficient };
    const factor = multiply(raise(base.above, times - least), raise(base.below, most - (times - least)));
    sum = add(sum, multiply(collect([own]), factor));
  }
  return sum;
}

/** The prime powers of a positive rational, primes below 1000; a larger rest counts as one prime. */
function primePowers(value: Rational): Map<bigint, number> {
  const powers = new Map<bigint, number>();
  for (const [n, sign] of [
    [value.p, 1],
    [value.q, -1],
  ] as const) {
    let rest = n;
    for (let d = 2n; d < 1000n && d * d <= rest; d++) {
      for (; rest % d === 0n; rest /= d) powers.set(d, (powers.get(d) ?? 0) + sign);
    }
    if (rest > 1n) powers.set(rest, (powers.get(rest) ?? 0) + sign);
  }
  return powers;
}

/** Calls replaced by what the table says they mean, until none is left that means something simpler. */
function withMeanings(algebra: Algebra, roots: readonly Expr[]): Expr[] {
  let current = [...roots];
  for (;;) {
    let changed = false;
    current = memoise<Expr>(current, (node, resultOf) => {
      const args = node.args.map(resultOf);
      const meaning = node.kind === 'call' ? meaningOf(algebra, node.name, args) : undefined;
      if (meaning) changed = true;
      return meaning ?? algebra.rebuild(node, args);
    });
    if (!changed) return current;
  }
}

function meaningOf(algebra: Algebra, name: string, args: readonly Expr[]): Expr | undefined {
  if (Object.hasOwn(ops.unary, name)) {
    return ops.unary[name as keyof typeof ops.unary].means?.(algebra.$, args[0]!);
  }
  if (Object.hasOwn(ops.binary, name)) {
    return ops.binary[name as keyof typeof ops.binary].means?.(algebra.$, args[0]!, args[1]!);
  }
  return undefined;
}
