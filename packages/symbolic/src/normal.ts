// The normal form behind proofs: Laurent polynomials over generators (variables, exponentials, roots, logarithms,
// signs, and calls that stay opaque) with the algebraic relations among them. Two expressions whose difference
// reduces to zero are equal wherever both are defined. Trigonometric functions are exponentials of imaginary
// arguments, so that their identities hold by arithmetic alone. A real power of u is that of |u|, and log u is
// log |u|, since neither has a value at u < 0 anyway: so both split over the factors of u, whatever their signs.

import { ops } from '@leibniz/ops';
import type { Algebra } from './algebra.ts';
import { Atoms, valued } from './atoms.ts';
import { LimitError } from './errors.ts';
import { type Approximation, Generators, minus, number, power, ROUNDING } from './generators.ts';
import type { Call, Expr } from './node.ts';
import {
  add,
  collect,
  constantValue,
  divideExactly,
  type Gaussian,
  generatorsOf,
  IMAGINARY,
  invertTerm,
  leadingTerm,
  type Monomial,
  multiply,
  multiplyTerms,
  ONE_POLYNOMIAL,
  onlyTerm,
  type Polynomial,
  raise,
  real,
  scale,
  type Term,
  ZERO,
} from './polynomial.ts';
import { Rational } from './rational.ts';
import { Signs } from './signs.ts';
import { memoise } from './walk.ts';

/** Exponentials and roots are counted in these parts, so that halves to eighths share a generator. */
const GRAIN = 840;

/** Angles that are known by their sine, tangent or point. */
export const INVERSES: ReadonlySet<string> = new Set(['asin', 'atan', 'atan2']);

/** The largest whole power that is multiplied out. */
const MAX_POWER = 200n;

/** Whole shifts of the argument of gamma and its derivatives up to this size are written out. */
const MAX_SHIFT = 40n;

const MINUS_I: Gaussian = { re: Rational.ZERO, im: Rational.MINUS_ONE };
const HALF = number(Rational.HALF);

/** Puts expressions into normal form over one common set of generators. */
export class NormalForms {
  readonly table = new Generators();
  private readonly atoms = new Atoms(this.table, GRAIN);
  readonly signs = new Signs(this.table, this.atoms);
  private readonly algebra: Algebra;
  private readonly positive: ReadonlySet<string>;
  private readonly known = new Map<Expr, Polynomial>();
  /** The conditions, besides the domains of both sides, under which the steps taken hold. */
  readonly assumed = new Set<Expr>();

  /** The expressions whose sign is not settled, for which positive and negative values may be told apart. */
  readonly undecided = new Set<Expr>();

  /** The expressions to come belong to the algebra. */
  constructor(algebra: Algebra, positive: Iterable<string> = []) {
    this.algebra = algebra;
    this.positive = new Set(positive);
  }

  /** The normal form of an expression whose calls have been replaced by what they mean. */
  of(e: Expr): Polynomial {
    const found = this.known.get(e);
    if (found) return found;
    const parts = (node: Expr) => (this.known.has(node) ? [] : node.args);
    const [form] = memoise<Polynomial>(
      [e],
      (node, resultOf) => {
        const form = this.known.get(node) ?? this.compute(node, resultOf);
        this.known.set(node, form);
        return form;
      },
      parts,
    );
    return form!;
  }

  /**
   * Forgets the forms but not their generators, so that sin 2x is taken apart where sin x came up, and Γ(2x) where
   * Γ(x) did; false where that can make no difference.
   */
  again(): boolean {
    const hasGamma = ['gamma', 'polygamma'].some((kind) => this.table.ofKind(kind).length > 0);
    if (!this.atoms.hasAngles && !hasGamma) return false;
    this.atoms.splitsSines = true;
    this.known.clear();
    return true;
  }

  private compute(node: Expr, formOf: (e: Expr) => Polynomial): Polynomial {
    switch (node.kind) {
      case 'num':
        return number(node.value);
      case 'sym':
        return this.plain(`sym ${node.name}`, [], { isPositive: this.positive.has(node.name) });
      case 'constant':
        if (node.name === 'true' || node.name === 'false')
          return number(Rational.of(node.name === 'true' ? 1 : 0));
        return node.name === 'e'
          ? this.exp(ONE_POLYNOMIAL)
          : this.plain(node.name, [], { isPositive: true, value: { value: Math.PI, relative: ROUNDING } });
      case 'sum':
        return node.args.map(formOf).reduce(add, number(node.constant));
      case 'product':
        return node.args.map(formOf).reduce((a, b) => this.times(a, b), number(node.coefficient));
      case 'power':
        return this.power(node, formOf);
      case 'call':
        return this.call(node, node.args.map(formOf));
    }
  }

  private times(a: Polynomial, b: Polynomial): Polynomial {
    return multiply(a, b);
  }

  /** 1/u as a product of powers of atoms. */
  private inverse(u: Polynomial): Polynomial {
    const term = onlyTerm(u);
    if (term) return collect([invertTerm(term)]);
    const { coefficient, powers } = this.atoms.split(u);
    const monomial = powers.map(([g, n]) => [g, -n] as const);
    return collect([{ monomial, coefficient: real(Rational.ONE.div(coefficient)) }]);
  }

  private plain(
    kind: string,
    args: readonly Polynomial[],
    { isPositive = false, value }: { isPositive?: boolean; value?: Approximation } = {},
  ): Polynomial {
    const g =
      this.table.find(kind, args) ??
      this.table.make({ kind, args, isReal: true, isPositive, ...valued(value) });
    return power(g);
  }

  private raised(base: Polynomial, exponent: bigint): Polynomial {
    if (exponent < 0n) return this.raised(this.inverse(base), -exponent);
    if (exponent > MAX_POWER && base.size > 1)
      throw new LimitError('the power of a polynomial', Number(MAX_POWER), `${exponent}`);
    return raise(base, Number(exponent));
  }

  private power(node: Expr, formOf: (e: Expr) => Polynomial): Polynomial {
    const [base, exponent] = node.args as [Expr, Expr];
    if (exponent.kind === 'num') {
      return exponent.value.isInteger
        ? this.raised(formOf(base), exponent.value.p)
        : this.root(formOf(base), exponent.value);
    }
    if (base.kind === 'num' && base.value.sign < 0) return this.powerOfNegative(base.value, formOf(exponent));
    this.assumed.add(this.algebra.$.less(this.algebra.zero, base));
    return this.exp(this.times(formOf(exponent), this.log(formOf(base))));
  }

  /** (-c)^n = (-1)^n c^n: it has a value at whole n only, and there (-1)^n is 1 or -1. */
  private powerOfNegative(base: Rational, n: Polynomial): Polynomial {
    const whole = constantPart(n).floor();
    const rest = minus(n, number(Rational.of(whole)));
    const g =
      this.table.find('(-1)^', [rest]) ??
      this.table.make({
        kind: '(-1)^',
        args: [rest],
        isReal: true,
        isPositive: false,
        relation: { modulus: 2, base: ONE_POLYNOMIAL },
      });
    const size = this.exp(this.times(n, this.log(number(base.abs()))));
    return scale(this.times(power(g), size), real(Rational.of(whole % 2n === 0n ? 1 : -1)));
  }

  /** e^u as a product over the terms of u: e^(c·m) is a power of the generator of m. */
  exp(u: Polynomial): Polynomial {
    let product = ONE_POLYNOMIAL;
    for (const { monomial, coefficient } of this.canonical(u).values()) {
      const [power] = monomial;
      const { kind, args } = power ? this.table.at(power[0]) : { kind: '', args: [] };
      const isLone = monomial.length === 1 && power![1] === 1;
      if (isLone && kind === 'log') {
        product = this.times(product, this.root(args[0]!, coefficient.re));
        product = this.times(product, this.exponential('cis', monomial, coefficient.im));
      } else if (isLone && coefficient.re.isZero && coefficient.im.q === 2n && INVERSES.has(kind)) {
        product = this.times(product, this.halfTurn(monomial, coefficient.im.p));
      } else {
        product = this.times(product, this.exponential('exp', monomial, coefficient.re));
        product = this.times(
          product,
          isLone && kind === 'pi'
            ? this.turn(coefficient.im)
            : this.exponential('cis', monomial, coefficient.im),
        );
      }
    }
    return product;
  }

  /** e^(c·m) or e^(i·c·m) for a monomial m. */
  private exponential(kind: 'exp' | 'cis', monomial: Monomial, c: Rational): Polynomial {
    if (c.isZero) return ONE_POLYNOMIAL;
    const grain = BigInt(GRAIN) % c.q === 0n ? GRAIN : Number(c.q);
    const args = [collect([{ monomial, coefficient: real(Rational.of(1, grain)) }])];
    let g = this.table.find(kind, args);
    if (g === undefined) {
      const isReal = kind === 'exp' && monomial.every(([h]) => this.table.at(h).isReal);
      const value = kind === 'exp' ? this.table.valueOf(args[0]!) : undefined;
      const base = kind === 'cis' ? this.turnOfInverse(monomial, grain) : undefined;
      g = this.table.make({
        kind,
        args,
        isReal,
        isPositive: isReal,
        ...valued(
          value && {
            value: Math.exp(value.value),
            relative: 2 * Math.abs(value.value) * value.relative + ROUNDING,
          },
        ),
        ...(base && { relation: { modulus: grain, base } }),
      });
    }
    const n = c.mul(Rational.of(grain));
    return power(g, Number(n.p));
  }

  /** e^(iθ) for an inverse function θ: √(1 - u²) + iu for asin u, (1 + iu)/√(1 + u²) for atan u, (x + iy)/r for atan2. */
  private turnOfInverse(monomial: Monomial, grain: number): Polynomial | undefined {
    const [[g, n] = [0, 0], ...others] = monomial;
    if (n !== 1 || others.length > 0 || grain === 0) return undefined;
    const { kind, args } = this.table.at(g);
    const [u, v] = args;
    const squared = (p: Polynomial) => this.times(p, p);
    if (kind === 'asin')
      return add(this.root(minus(ONE_POLYNOMIAL, squared(u!)), Rational.HALF), scale(u!, IMAGINARY));
    const [y, x] = kind === 'atan' ? [u!, ONE_POLYNOMIAL] : kind === 'atan2' ? [u!, v!] : [];
    if (!y || !x) return undefined;
    const r = this.root(add(squared(x), squared(y)), Rational.HALF.neg());
    return this.times(add(x, scale(y, IMAGINARY)), r);
  }

  /** e^(inθ/2) for an inverse function θ in [-π, π]: cos θ/2 = √((1 + cos θ)/2), sin θ/2 = sin θ / (2 cos θ/2). */
  private halfTurn(monomial: Monomial, n: bigint): Polynomial {
    const turn = this.turnOfInverse(monomial, 1)!;
    const parts = [...turn.values()];
    const part = (isOwn: (term: Term) => boolean) => collect(parts.filter(isOwn));
    const cos = part(({ coefficient }) => coefficient.im.isZero);
    const sin = scale(
      part(({ coefficient }) => coefficient.re.isZero),
      MINUS_I,
    );
    const half = this.root(scale(add(ONE_POLYNOMIAL, cos), real(Rational.HALF)), Rational.HALF);
    const other = scale(this.times(sin, this.inverse(half)), real(Rational.HALF));
    const forward = add(half, scale(other, n < 0n ? MINUS_I : IMAGINARY));
    return this.raised(forward, n < 0n ? -n : n);
  }

  /** e^(iπr), in radicals where 120·r is whole. */
  private turn(r: Rational): Polynomial {
    if (r.isInteger) return number(Rational.of(r.p % 2n === 0n ? 1 : -1));
    if (120n % r.q !== 0n) return this.cyclotomic(r);
    const j = Number(((((120n / r.q) * r.p) % 240n) + 240n) % 240n);
    const part = (base: () => Polynomial, n: number, order: number): Polynomial => {
      const power = ((n % order) + order) % order;
      if (power === 0) return ONE_POLYNOMIAL;
      return power === order / 2 ? number(Rational.MINUS_ONE) : this.table.reduce(raise(base(), power));
    };
    const sqrt = (n: Polynomial) => this.root(n, Rational.HALF);
    const int = (n: number) => number(Rational.of(n));
    const point = (x: Polynomial, y: Polynomial) => add(x, scale(y, IMAGINARY));
    // πj/120 = -jπ/8 + jπ/3 - jπ/5
    const quarter = () => {
      const half = scale(sqrt(int(2)), real(Rational.HALF));
      return point(half, half);
    };
    const eighth = () => {
      const cos = scale(sqrt(add(int(2), sqrt(int(2)))), real(Rational.HALF));
      return point(cos, this.times(cos, minus(sqrt(int(2)), ONE_POLYNOMIAL)));
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
    const product = this.times(this.times(eighths, part(third, j, 6)), part(fifth, -j, 10));
    return this.table.reduce(product);
  }

  /** e^(iπ/q) as a generator whose powers sum up as those of a primitive root of unity do. */
  private cyclotomic(r: Rational): Polynomial {
    // With 2q = 4m for an odd m, e^(iπ/q) is a power of i times one of e^(2iπ/m), so that i is met only as a number.
    if (r.q % 4n === 2n) {
      const m = r.q / 2n;
      const quarter = m % 4n === 1n ? 1n : 3n;
      const turns = Rational.of(r.p, 2n * r.q);
      const rest = turns.sub(Rational.of(quarter * r.p, 4n));
      return this.times(this.turn(Rational.of(quarter * r.p, 2n)), this.turn(rest.mul(Rational.of(2))));
    }
    const order = Number(2n * r.q);
    if (order > 400) throw new LimitError('the denominator of an angle', 200, `${r.q}`);
    const args = [number(Rational.of(1, r.q))];
    let g = this.table.find('turn', args);
    if (g === undefined) {
      g = this.table.count;
      const { degree, rest } = minimalPolynomial(order, g);
      this.table.make({
        kind: 'turn',
        args,
        isReal: false,
        isPositive: false,
        relation: { modulus: degree, base: rest },
      });
    }
    return this.table.reduce(power(g, Number(((r.p % (2n * r.q)) + 2n * r.q) % (2n * r.q))));
  }

  /** sin and cos: (e^(iu) ∓ e^(-iu)) / 2 or 2i. */
  private trigonometric(name: 'sin' | 'cos', u: Polynomial): Polynomial {
    const forward = this.exp(scale(u, IMAGINARY));
    const backward = this.exp(scale(u, MINUS_I));
    if (name === 'cos') return scale(add(forward, backward), real(Rational.HALF));
    return scale(minus(forward, backward), { re: Rational.ZERO, im: Rational.HALF.neg() });
  }

  private call(node: Call, args: readonly Polynomial[]): Polynomial {
    const { name } = node;
    const [u, v, w] = args as [Polynomial, Polynomial, Polynomial];
    switch (name) {
      case 'exp':
        return this.exp(u);
      case 'log':
        return this.log(u);
      case 'sin':
      case 'cos':
        return this.trigonometric(name, u);
      case 'abs':
        return this.table.isZero(u) ? ZERO : this.times(u, this.signOf(u, node.args[0]!));
      case 'sign':
        return this.signWhereNotZero(u, node.args[0]!);
      case 'cbrt':
        return this.table.isZero(u)
          ? ZERO
          : this.times(this.signs.ofPolynomial(u), this.root(u, Rational.of(1, 3)));
      case 'where':
        return add(w, this.times(u, minus(v, w)));
      case 'less':
      case 'lessEqual':
      case 'equal':
        return this.comparison(node, minus(v, u));
      case 'not':
        return minus(ONE_POLYNOMIAL, u);
      case 'and':
        return this.times(u, v);
      case 'or':
        return minus(add(u, v), this.times(u, v));
      case 'floor': {
        const whole = this.wholePart(u);
        const rest = minus(u, whole);
        return rest.size === 0 ? whole : add(whole, this.opaque('floor', [rest]));
      }
      case 'gamma':
        return this.gamma(u);
      case 'digamma':
        return this.polygamma(ZERO, u);
      case 'polygamma':
        return this.polygamma(u, v);
      default:
        return this.callByParity(name, args);
    }
  }

  /** The terms that are whole numbers, and the whole part of the constant term. */
  private wholePart(u: Polynomial): Polynomial {
    const terms = [...this.table.reduce(u).values()].filter(
      ({ monomial, coefficient }) =>
        monomial.length > 0 &&
        coefficient.im.isZero &&
        coefficient.re.isInteger &&
        monomial.every(([g, n]) => n > 0 && this.table.at(g).kind === 'floor'),
    );
    return add(collect(terms), number(Rational.of(constantPart(u).floor())));
  }

  /** 1 where the comparison holds, 0 where it does not; on the edge between, which is left out, neither. */
  private comparison({ name, args: [a, b] }: Call, difference: Polynomial): Polynomial {
    const reduced = this.table.reduce(difference);
    const isZero = this.table.isZero(reduced);
    if (name === 'equal') {
      if (isZero) return ONE_POLYNOMIAL;
      if (!constantValue(reduced)) this.leaveOut(b!, a!);
      return ZERO;
    }
    if (isZero) return name === 'less' ? ZERO : ONE_POLYNOMIAL;
    const sign = this.signOf(reduced, this.algebra.$.sub(b!, a!));
    if (!constantValue(reduced)) this.leaveOut(b!, a!);
    return scale(add(ONE_POLYNOMIAL, sign), real(Rational.HALF));
  }

  private leaveOut(a: Expr, b: Expr): void {
    const { $, zero } = this.algebra;
    this.assumed.add($.not($.equal($.sub(a, b), zero)));
  }

  /** The sign of a form, and of the expression that it is the form of. */
  private signOf(u: Polynomial, e: Expr): Polynomial {
    const sign = this.signs.ofPolynomial(u);
    if (!constantValue(sign)) this.undecided.add(e);
    return sign;
  }

  private signWhereNotZero(u: Polynomial, e: Expr): Polynomial {
    if (this.table.isZero(u)) return ZERO;
    const sign = this.signOf(u, e);
    if (!constantValue(this.table.reduce(u))) this.leaveOut(e, this.algebra.zero);
    return sign;
  }

  /** An opaque call; an odd or even function finds its negated argument too. */
  private callByParity(name: string, args: readonly Polynomial[]): Polynomial {
    const parity = Object.hasOwn(ops.unary, name)
      ? ops.unary[name as keyof typeof ops.unary].parity
      : undefined;
    if (parity) {
      const found = this.table.find(name, [this.canonical(scale(args[0]!, real(Rational.MINUS_ONE)))]);
      const sign = real(parity === 'odd' ? Rational.MINUS_ONE : Rational.ONE);
      if (found !== undefined) return scale(power(found), sign);
    }
    return this.opaque(name, args);
  }

  private opaque(name: string, args: readonly Polynomial[]): Polynomial {
    return this.plain(
      name,
      args.map((arg) => this.canonical(arg)),
    );
  }

  /** Γ(u + k) = Γ(u) u (u+1) … (u+k-1); Γ(1/2) = √π. */
  private gamma(u: Polynomial): Polynomial {
    const { whole, rest } = shifted(u);
    if (rest.size === 0 && whole > 0n) return number(factorial(whole - 1n));
    if (constantValue(rest)?.re.equals(Rational.HALF)) {
      return this.times(this.rising(rest, whole), this.root(this.of(this.algebra.$.pi), Rational.HALF));
    }
    if (rest.size === 0) return this.opaque('gamma', [u]);
    return this.times(
      this.rising(rest, whole),
      this.reflected(rest) ?? this.doubled(rest) ?? this.opaque('gamma', [rest]),
    );
  }

  /** Γ(u) = π / (sin(πu) Γ(1 - u)) where the latter came up. */
  private reflected(u: Polynomial): Polynomial | undefined {
    const { whole, rest } = shifted(minus(ONE_POLYNOMIAL, u));
    const mirrored = this.table.find('gamma', [this.canonical(rest)]);
    if (mirrored === undefined || this.table.isZero(minus(rest, u))) return undefined;
    const pi = this.of(this.algebra.$.pi);
    const below = this.times(this.rising(rest, whole), power(mirrored));
    const sine = this.trigonometric('sin', this.times(pi, u));
    return this.times(pi, this.inverse(this.times(sine, below)));
  }

  /** Γ(2v) = 2^(2v-1) Γ(v) Γ(v + 1/2) / √π where one of those came up. */
  private doubled(u: Polynomial): Polynomial | undefined {
    const v = scale(u, real(Rational.HALF));
    const parts = [v, add(v, HALF)].map(shifted);
    if (!parts.some(({ rest }) => this.cameUp('gamma', [rest]))) return undefined;
    const factors = parts.map(({ whole, rest }) =>
      this.times(this.rising(rest, whole), this.opaque('gamma', [rest])),
    );
    const size = this.exp(this.times(minus(u, ONE_POLYNOMIAL), this.logOfNumber(Rational.of(2))));
    const root = this.root(this.of(this.algebra.$.pi), Rational.HALF.neg());
    return [...factors, size, root].reduce((a, b) => this.times(a, b));
  }

  /** u (u+1) … (u+k-1), or for k < 0 what undoes it. */
  private rising(u: Polynomial, k: bigint): Polynomial {
    let product = ONE_POLYNOMIAL;
    for (let j = 0n; j < k; j++) product = this.times(product, add(u, number(Rational.of(j))));
    for (let j = k; j < 0n; j++) product = this.times(product, this.inverse(add(u, number(Rational.of(j)))));
    return product;
  }

  /** ψ⁽ᵐ⁾(u + k) = ψ⁽ᵐ⁾(u) + (-1)^m m! Σ (u + j)^(-m-1). */
  private polygamma(order: Polynomial, u: Polynomial): Polynomial {
    const m = constantValue(order)?.re;
    const { whole, rest } = shifted(u);
    if (!m?.isInteger || m.sign < 0 || m.p > MAX_SHIFT) return this.opaque('polygamma', [order, u]);
    if (!constantValue(rest)) {
      const other = this.reflectedPolygamma(m.p, u, rest) ?? this.doubledPolygamma(m.p, u);
      if (other) return other;
    }
    const base = constantValue(rest) ? add(rest, ONE_POLYNOMIAL) : rest;
    const steps = constantValue(rest) ? whole - 1n : whole;
    if (base !== rest && steps < 0n) return this.opaque('polygamma', [order, u]);
    let sum = ZERO;
    const term = (j: bigint) => this.raised(add(base, number(Rational.of(j))), -m.p - 1n);
    for (let j = 0n; j < steps; j++) sum = add(sum, term(j));
    for (let j = steps; j < 0n; j++) sum = minus(sum, term(j));
    const factor = factorial(m.p).mul(Rational.of(m.p % 2n === 0n ? 1 : -1));
    return add(this.opaque('polygamma', [order, base]), scale(sum, real(factor)));
  }

  /** ψ(u) = ψ(1 - u) - π cot πu and ψ'(u) = π²/sin² πu - ψ'(1 - u), where the latter came up. */
  private reflectedPolygamma(m: bigint, u: Polynomial, rest: Polynomial): Polynomial | undefined {
    const order = number(Rational.of(m));
    const mirror = shifted(minus(ONE_POLYNOMIAL, rest)).rest;
    if (m > 1n || this.table.isZero(minus(mirror, rest)) || !this.cameUp('polygamma', [order, mirror]))
      return undefined;
    const pi = this.of(this.algebra.$.pi);
    const angle = this.times(pi, u);
    const cosecant = this.inverse(this.trigonometric('sin', angle));
    const other = this.polygamma(order, minus(ONE_POLYNOMIAL, u));
    const ratio = this.times(pi, cosecant);
    return m === 0n
      ? minus(other, this.times(ratio, this.trigonometric('cos', angle)))
      : minus(this.times(ratio, ratio), other);
  }

  /** ψ(2v) = ψ(v)/2 + ψ(v + 1/2)/2 + log 2 where one of those came up. */
  private doubledPolygamma(m: bigint, u: Polynomial): Polynomial | undefined {
    const v = scale(u, real(Rational.HALF));
    const parts = [v, add(v, HALF)];
    if (m !== 0n || !parts.some((part) => this.cameUp('polygamma', [ZERO, shifted(part).rest])))
      return undefined;
    const sum = add(this.polygamma(ZERO, v), this.polygamma(ZERO, add(v, HALF)));
    return add(scale(sum, real(Rational.HALF)), this.logOfNumber(Rational.of(2)));
  }

  private cameUp(kind: string, args: readonly Polynomial[]): boolean {
    return (
      this.table.find(
        kind,
        args.map((arg) => this.canonical(arg)),
      ) !== undefined
    );
  }

  /** log |u| over the factors of u. */
  private log(u: Polynomial): Polynomial {
    const { coefficient, powers } = this.atoms.split(u);
    let sum = this.logOfNumber(coefficient.abs());
    for (const [g, n] of powers) sum = add(sum, scale(this.logOfAtom(g), real(Rational.of(n))));
    return sum;
  }

  private logOfAtom(g: number): Polynomial {
    const { kind, args } = this.table.at(g);
    if (kind === 'exp') return args[0]!;
    if (kind === 'sign') return ZERO;
    if (kind === 'root') return scale(this.log(args[0]!), constantValue(args[1]!)!);
    const unit = this.unitPartner(g);
    if (unit) return minus(this.log(unit.norm), this.logOfAtom(unit.partner));
    return this.lone(g);
  }

  /** log |p| of an atom p that says no more. */
  private lone(g: number): Polynomial {
    const { value } = this.table.at(g);
    const log = value && Math.log(Math.abs(value.value));
    const error = value ? 2 * value.relative + ROUNDING : 0;
    const known = log ? { value: { value: log, relative: error / Math.abs(log) + ROUNDING } } : {};
    return this.plain('log', [this.atoms.polynomialOf(g)], known);
  }

  /**
   * The conjugate of an atom a + b√c that is a logarithm or a root already, and their product a² - b²c: so that
   * log(√(x² + 1) - x) is -log(√(x² + 1) + x).
   */
  private unitPartner(g: number): { partner: number; norm: Polynomial } | undefined {
    if (this.table.at(g).kind !== 'atom') return undefined;
    const p = this.atoms.polynomialOf(g);
    for (const s of generatorsOf(p)) {
      const { kind } = this.table.at(s);
      if (kind !== 'root') continue;
      const conjugate = collect(
        [...p.values()].map((term) => {
          const n = term.monomial.find(([h]) => h === s)?.[1] ?? 0;
          return n === GRAIN / 2
            ? { ...term, coefficient: { re: term.coefficient.re.neg(), im: term.coefficient.im } }
            : term;
        }),
      );
      const isLinear = [...p.values()].every(({ monomial }) => {
        const n = monomial.find(([h]) => h === s)?.[1] ?? 0;
        return n === 0 || n === GRAIN / 2;
      });
      if (!isLinear) continue;
      const { powers } = this.atoms.split(conjugate);
      const [partner] = powers.at(-1) ?? [];
      if (partner === undefined || powers.length !== 1 || partner >= g) continue;
      const ratio = divideExactly(conjugate, this.atoms.polynomialOf(partner));
      const norm = this.table.reduce(this.times(p, conjugate));
      if (ratio) return { partner, norm: this.times(norm, this.inverse(ratio)) };
    }
    return undefined;
  }

  private logOfNumber(value: Rational): Polynomial {
    return [...primePowers(value)].reduce((sum, [prime, n]) => {
      const log = this.plain('log', [number(Rational.of(prime))], {
        isPositive: true,
        value: { value: Math.log(Number(prime)), relative: ROUNDING },
      });
      return add(sum, scale(log, real(Rational.of(n))));
    }, ZERO);
  }

  /** |u|^r over the factors of u. */
  private root(u: Polynomial, r: Rational): Polynomial {
    if (r.isZero) return ONE_POLYNOMIAL;
    if (r.sign > 0 && this.table.isZero(u)) return ZERO;
    const { coefficient, powers } = this.atoms.split(u);
    let product = this.rootOfNumber(coefficient.abs(), r);
    for (const [g, n] of powers) product = this.times(product, this.rootOfAtom(g, r.mul(Rational.of(n))));
    return product;
  }

  private rootOfNumber(value: Rational, r: Rational): Polynomial {
    return [...primePowers(value)].reduce((product, [prime, n]) => {
      const base = number(Rational.of(prime));
      return this.times(
        product,
        this.fractionalPower(base, base, r.mul(Rational.of(n)), { value: Number(prime), relative: ROUNDING }),
      );
    }, ONE_POLYNOMIAL);
  }

  private rootOfAtom(g: number, r: Rational): Polynomial {
    const { kind, args, value } = this.table.at(g);
    if (kind === 'exp') return this.exp(scale(args[0]!, real(r)));
    if (kind === 'sign') return ONE_POLYNOMIAL;
    if (kind === 'root') return this.root(args[0]!, constantValue(args[1]!)!.re.mul(r));
    const unit = this.unitPartner(g);
    if (unit) return this.times(this.root(unit.norm, r), this.rootOfAtom(unit.partner, r.neg()));
    const sign = this.signs.of(g);
    return this.fractionalPower(power(g), this.times(sign, power(g)), r, value);
  }

  /** |p|^r as a whole power of |p| and one of the generator |p|^(1/grain) below |p|. */
  private fractionalPower(
    p: Polynomial,
    size: Polynomial,
    r: Rational,
    value: Approximation | undefined,
  ): Polynomial {
    const whole = r.floor();
    const rest = r.sub(Rational.of(whole));
    const outside = whole === 0n ? ONE_POLYNOMIAL : this.wholePower(size, whole);
    if (rest.isZero) return outside;
    const grain = BigInt(GRAIN) % rest.q === 0n ? GRAIN : Number(rest.q);
    const exponent = number(Rational.of(1, grain));
    const base = this.table.reduce(p);
    let g = this.table.find('root', [base, exponent]);
    if (g === undefined) {
      g = this.table.make({
        kind: 'root',
        args: [base, exponent],
        isReal: true,
        isPositive: true,
        relation: { modulus: grain, base: size },
        ...valued(
          value && {
            value: Math.abs(value.value) ** (1 / grain),
            relative: value.relative / grain + ROUNDING,
          },
        ),
      });
    }
    return this.times(outside, power(g, Number(rest.mul(Rational.of(grain)).p)));
  }

  /** A single term to a whole power, the signs in it to the parity of that. */
  private wholePower(size: Polynomial, n: bigint): Polynomial {
    const term = onlyTerm(size)!;
    const monomial = term.monomial.flatMap(([g, k]) => {
      if (this.table.at(g).kind === 'sign') return n % 2n === 0n ? [] : [[g, 1] as const];
      return [[g, k * Number(n)] as const];
    });
    return collect([{ monomial, coefficient: real(term.coefficient.re.pow(n)) }]);
  }

  /** The same polynomial written in one way: relations used, and no leading term of an atom above the atom. */
  canonical(u: Polynomial): Polynomial {
    let result = this.table.reduce(u);
    for (const g of [...generatorsOf(result)].sort((a, b) => b - a)) {
      if (this.table.at(g).kind === 'atom') result = this.dividedBy(result, g);
    }
    return result;
  }

  /** u with lead(p)·p^(-k) replaced by p^(1-k) - (p - lead(p))·p^(-k), as long as that applies. */
  private dividedBy(u: Polynomial, g: number): Polynomial {
    const p = this.atoms.polynomialOf(g);
    const lead = leadingTerm(p);
    const applies = ({ monomial }: Term) =>
      (monomial.find(([h]) => h === g)?.[1] ?? 0) < 0 &&
      lead.monomial.every(([h, n]) => (monomial.find(([other]) => other === h)?.[1] ?? 0) >= n);
    let result = u;
    for (let steps = 0; steps < 100; steps++) {
      const term = [...result.values()].find(applies);
      if (!term) break;
      const quotient = collect([multiplyTerms(term, invertTerm(lead))]);
      const whole = this.times(quotient, power(g));
      result = add(minus(result, this.times(quotient, p)), whole);
    }
    return result;
  }
}

/** The constant term, if it is real. */
function constantPart(u: Polynomial): Rational {
  return u.get('')?.coefficient.re ?? Rational.ZERO;
}

/** u = rest + whole with the constant term of the rest in [0, 1), unless the shift is a long one. */
function shifted(u: Polynomial): { whole: bigint; rest: Polynomial } {
  const whole = constantPart(u).floor();
  if (whole > MAX_SHIFT || whole < -MAX_SHIFT) return { whole: 0n, rest: u };
  return { whole, rest: minus(u, number(Rational.of(whole))) };
}

function factorial(n: bigint): Rational {
  let product = 1n;
  for (let k = 2n; k <= n; k++) product *= k;
  return Rational.of(product);
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
export function withMeanings(algebra: Algebra, roots: readonly Expr[]): Expr[] {
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
