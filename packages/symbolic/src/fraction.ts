// Expressions as quotients of polynomials and back. The generators are what rational arithmetic cannot see into:
// variables, calls, roots and powers with other exponents. Powers of one base share generators, so that exp(2x) is
// the square of exp(x) and x that of sqrt(x).

import type { Algebra } from './algebra.ts';
import { DomainError, LimitError } from './errors.ts';
import { isExp } from './expr.ts';
import { isPositive } from './facts.ts';
import { gcd } from './gcd.ts';
import type { Expr } from './node.ts';
import { Rational, rationalGcd } from './rational.ts';
import {
  constant,
  integerContent,
  isConstant,
  isOne,
  leading,
  ONE,
  type Poly,
  Ring,
  samePoly,
  scale,
} from './ring.ts';
import { postorder, variables } from './walk.ts';

/** A quotient of polynomials without a common divisor; the denominator's leading coefficient is positive. */
export interface Fraction {
  readonly above: Poly;
  readonly below: Poly;
}

/** base^(unit · direction): the direction is 1 or the part of an exponent that is no number. */
export interface Kernel {
  readonly base: Expr;
  readonly direction: Expr;
  readonly unit: Rational;
}

/** generator^modulus = base, a polynomial. */
interface Relation {
  readonly generator: number;
  readonly modulus: number;
  readonly base: Poly;
}

/** The largest whole power of a sum that is multiplied out. */
const MAX_POWER = 1000n;

/** The nodes of one piece of work. */
const MAX_NODES = 4000;

const isWholePower = (node: Expr) =>
  node.kind === 'power' &&
  node.args[1]!.kind === 'num' &&
  node.args[1]!.value.isInteger &&
  node.args[0]!.kind !== 'num';

/** Whether the node is an operation of rational arithmetic. */
export const isRationalNode = (node: Expr): boolean =>
  node.kind === 'num' || node.kind === 'sum' || node.kind === 'product' || isWholePower(node);

/** The same, but for quotients by sums, which stay whole. */
export const isPolynomialNode = (node: Expr): boolean =>
  isRationalNode(node) &&
  !(node.kind === 'power' && node.args[0]!.kind === 'sum' && isNegative(node.args[1]!));

const isNegative = (e: Expr) => e.kind === 'num' && e.value.sign < 0;

/** An exponent as numbers times directions. */
function exponentParts(algebra: Algebra, exponent: Expr): [direction: Expr, size: Rational][] {
  if (exponent.kind === 'num') return [[algebra.one, exponent.value]];
  if (exponent.kind === 'sum') {
    const terms = exponent.args.flatMap((term) => exponentParts(algebra, term));
    return exponent.constant.isZero ? terms : [[algebra.one, exponent.constant], ...terms];
  }
  if (exponent.kind !== 'product' || exponent.coefficient.isZero) return [[exponent, Rational.ONE]];
  return [[algebra.product([exponent, algebra.num(exponent.coefficient.pow(-1n))]), exponent.coefficient]];
}

/**
 * What a node outside rational arithmetic is: a base and an exponent. A variable exponent of a base that may be zero
 * or negative is not taken apart, since x^(n + 1) has values where x^n·x has none.
 */
function basePower(algebra: Algebra, node: Expr): readonly [base: Expr, exponent: Expr] {
  if (isExp(node)) return [algebra.constant('e'), node.args[0]!];
  return isOpen(node) ? (node.args as [Expr, Expr]) : [node, algebra.one];
}

/** Whether it is a power that is taken apart. */
const isOpen = (node: Expr) =>
  node.kind === 'power' && (node.args[1]!.kind === 'num' || isPositive(node.args[0]!));

export interface FractionOptions {
  readonly maxTerms?: number;
  readonly maxNodes?: number;
  readonly isRational?: (node: Expr) => boolean;
  /** Whether the units of exponents are positive even where all exponents are negative. */
  readonly growing?: boolean;
}

/** Rational arithmetic over the generators of some expressions, which must belong to the algebra. */
export class Fractions {
  readonly ring: Ring;
  readonly kernels: readonly Kernel[];
  readonly algebra: Algebra;
  private readonly isRational: (node: Expr) => boolean;
  private readonly growing: boolean;
  private readonly indices = new Map<Expr, Map<Expr, number>>();
  private readonly relations: readonly Relation[];
  private readonly known = new Map<Expr, Fraction>();

  constructor(
    algebra: Algebra,
    roots: readonly Expr[],
    { maxTerms, maxNodes = MAX_NODES, isRational = isRationalNode, growing = false }: FractionOptions = {},
  ) {
    this.algebra = algebra;
    this.isRational = isRational;
    this.growing = growing;
    const nodes = postorder(roots, (node) => this.partsOf(node));
    if (nodes.length > maxNodes) throw new LimitError('the nodes of a fraction', maxNodes, nodes.length);
    this.kernels = this.collectKernels(nodes.filter((node) => !isRational(node)));
    this.ring = new Ring(this.kernels.length, maxTerms);
    for (const node of nodes) this.known.set(node, this.compute(node));
    this.relations = this.kernels.flatMap((kernel, generator) => this.relationOf(kernel, generator));
  }

  /** What the fraction of a node is made of. */
  private partsOf(node: Expr): readonly Expr[] {
    if (this.isRational(node)) return node.args;
    return isOpen(node) ? [node.args[0]!] : [];
  }

  private collectKernels(nodes: readonly Expr[]): Kernel[] {
    const units = new Map<Expr, Map<Expr, Rational>>();
    for (const node of nodes) {
      const [base, exponent] = basePower(this.algebra, node);
      const own = units.get(base) ?? new Map<Expr, Rational>();
      units.set(base, own);
      for (const [direction, size] of exponentParts(this.algebra, exponent)) {
        const old = own.get(direction);
        const unit = old ? commonUnit(old, size) : size;
        own.set(direction, this.growing && direction !== this.algebra.one ? unit.abs() : unit);
      }
    }
    const kernels: Kernel[] = [];
    for (const [base, own] of [...units].sort(([a], [b]) => compareNames(a, b))) {
      const indices = new Map<Expr, number>();
      this.indices.set(base, indices);
      for (const [direction, size] of own) {
        const unit = direction === this.algebra.one ? this.rootUnit(base, size) : size;
        if (unit === undefined) continue;
        indices.set(direction, kernels.length);
        kernels.push({ base, direction, unit });
      }
    }
    return kernels;
  }

  /** The unit of the numeric exponents of a base, nothing where they are whole powers of a polynomial. */
  private rootUnit(base: Expr, size: Rational): Rational | undefined {
    const unit = Rational.of(1n, size.q);
    if (!unit.isOne || !isRationalNode(base)) return unit;
    return this.isRational === isRationalNode ? undefined : unit.neg();
  }

  private relationOf({ base, direction, unit }: Kernel, generator: number): Relation[] {
    if (direction !== this.algebra.one || !isRationalNode(base) || unit.sign < 0) return [];
    const { above, below } = this.known.get(base)!;
    return isOne(below) ? [{ generator, modulus: Number(unit.q), base: above }] : [];
  }

  /** The expression as a fraction; it must be among those given at first, or a part of them. */
  of(e: Expr): Fraction {
    const form = this.known.get(e)!;
    return this.relations.length > 0 ? this.reduced(form) : form;
  }

  private compute(node: Expr): Fraction {
    const formOf = (arg: Expr) => this.known.get(arg)!;
    switch (node.kind) {
      case 'num':
        return number(node.value);
      case 'sum':
        return this.sum([number(node.constant), ...node.args.map(formOf)]);
      case 'product':
        return this.product([number(node.coefficient), ...node.args.map(formOf)]);
      default:
        return this.isRational(node)
          ? this.power(formOf(node.args[0]!), (node.args[1] as Expr & { kind: 'num' }).value.p)
          : this.ofKernel(node);
    }
  }

  private ofKernel(node: Expr): Fraction {
    const [base, exponent] = basePower(this.algebra, node);
    const indices = this.indices.get(base)!;
    const factors = exponentParts(this.algebra, exponent).map(([direction, size]): Fraction => {
      const index = indices.get(direction);
      if (index === undefined) return this.power(this.known.get(base)!, size.p);
      const n = size.div(this.kernels[index]!.unit).p;
      const generator = this.ring.variable(index, Number(n < 0n ? -n : n));
      return n < 0n ? { above: ONE, below: generator } : { above: generator, below: ONE };
    });
    return this.product(factors);
  }

  private sum(terms: readonly Fraction[]): Fraction {
    const groups: { below: Poly; above: Poly[] }[] = [];
    for (const { above, below } of terms) {
      if (above.size === 0) continue;
      const group = groups.find((other) => samePoly(other.below, below));
      if (group) group.above.push(above);
      else groups.push({ below, above: [above] });
    }
    return groups
      .map(({ below, above }) => this.lowest(this.ring.sum(above), below))
      .reduce((a, b) => this.plus(a, b), number(Rational.ZERO));
  }

  private plus(a: Fraction, b: Fraction): Fraction {
    const { ring } = this;
    if (a.above.size === 0 || b.above.size === 0) return a.above.size === 0 ? b : a;
    const shared = gcd(ring, a.below, b.below);
    const [left, right] = [ring.divide(a.below, shared)!, ring.divide(b.below, shared)!];
    const above = ring.sum([ring.multiply(a.above, right), ring.multiply(b.above, left)]);
    return this.lowest(above, ring.multiply(a.below, right));
  }

  private product(factors: readonly Fraction[]): Fraction {
    const above = this.ring.product(factors.map((factor) => factor.above));
    return this.lowest(above, this.ring.product(factors.map((factor) => factor.below)));
  }

  private power({ above, below }: Fraction, exponent: bigint): Fraction {
    if (exponent < 0n) {
      if (above.size === 0)
        throw new DomainError('Cannot divide by an expression that is zero wherever it is defined');
      return this.power(withPositiveBelow(below, above), -exponent);
    }
    if (exponent > MAX_POWER && above.size + below.size > 2)
      throw new LimitError('a power of a sum', Number(MAX_POWER), `${exponent}`);
    const n = Number(exponent);
    return { above: this.ring.power(above, n), below: this.ring.power(below, n) };
  }

  /** The fraction in lowest terms. */
  lowest(above: Poly, below: Poly): Fraction {
    if (isOne(below)) return { above, below };
    if (above.size === 0) return { above, below: ONE };
    const shared = gcd(this.ring, above, below);
    return withPositiveBelow(this.ring.divide(above, shared)!, this.ring.divide(below, shared)!);
  }

  /** The fraction with the powers of roots reduced below their moduli. */
  private reduced(form: Fraction): Fraction {
    let { above, below } = form;
    for (let pass = 0; pass <= this.relations.length; pass++) {
      const before = [above, below];
      for (const relation of this.relations)
        [above, below] = [this.reduceBy(above, relation), this.reduceBy(below, relation)];
      if (above === before[0] && below === before[1]) break;
    }
    if (below.size === 0)
      throw new DomainError('Cannot divide by an expression that is zero wherever it is defined');
    return this.relations.reduce((f, relation) => this.gathered(f, relation), this.lowest(above, below));
  }

  /** s^k · B^m for a root s of B as one power, above or below: B/s is s, 1/(s·B) is 1/s^3. */
  private gathered(form: Fraction, { generator, modulus, base }: Relation): Fraction {
    const { ring } = this;
    const [up, down] = [form.above, form.below].map((f) => ring.degree(ring.monomialContent(f), generator));
    const roots = up! - down!;
    if (roots % modulus === 0 || isConstant(base)) return form;
    const bare = (f: Poly, n: number) => divisions(ring, ring.divide(f, ring.variable(generator, n))!, base);
    const [above, below] = [bare(form.above, up!), bare(form.below, down!)];
    const total = roots + modulus * (above.count - below.count);
    const power = ring.variable(generator, Math.abs(total));
    return total > 0
      ? withPositiveBelow(ring.multiply(above.rest, power), below.rest)
      : withPositiveBelow(above.rest, ring.multiply(below.rest, power));
  }

  private reduceBy(f: Poly, { generator, modulus, base }: Relation): Poly {
    const { ring } = this;
    if (ring.degree(f, generator) < modulus) return f;
    const terms = [...ring.coefficients(f, generator)].map(([n, coefficient]) =>
      ring.product([
        coefficient,
        ring.variable(generator, n % modulus),
        ring.power(base, Math.floor(n / modulus)),
      ]),
    );
    return ring.sum(terms);
  }

  /** Generator number v as an expression, to a power. */
  kernelPower(v: number, n: number): Expr {
    const { algebra } = this;
    const { base, direction, unit } = this.kernels[v]!;
    return algebra.power(base, algebra.product([algebra.num(unit.mul(Rational.of(n))), direction]));
  }

  /** The coefficients of f by the power of a variable, and its generator; an error where it is inside another. */
  inVariable(f: Poly, x: string): { v: number | undefined; powers: Map<number, Poly> } {
    let v: number | undefined;
    this.kernels.forEach(({ base, direction, unit }, index) => {
      if (this.ring.degree(f, index) === 0) return;
      if (base.kind === 'sym' && base.name === x && direction === this.algebra.one && unit.isOne) v = index;
      else if (variables(base).includes(x) || variables(direction).includes(x))
        throw new DomainError(`Cannot take ${this.kernelPower(index, 1)} for a polynomial in ${x}`);
    });
    return { v, powers: v === undefined ? new Map([[0, f]]) : this.ring.coefficients(f, v) };
  }

  /** The polynomial as a sum. */
  polynomial(f: Poly): Expr {
    const { algebra, ring } = this;
    const terms = [...f].map(([monomial, coefficient]) => {
      const powers = this.kernels.flatMap((_, v) => {
        const n = ring.exponent(monomial, v);
        return n > 0 ? [this.kernelPower(v, n)] : [];
      });
      return algebra.product([algebra.int(coefficient), ...powers]);
    });
    return algebra.sum(terms);
  }

  /** A fraction as a number times a quotient of primitive polynomials; a whole polynomial as it is. */
  split({ above, below }: Fraction): SplitFraction {
    const [p, q] = [size(integerContent(above)), integerContent(below)];
    if (above.size === 0 || isOne(below)) return { number: Rational.ONE, above, below };
    return { number: Rational.of(p, q), above: quotient(above, p), below: quotient(below, q) };
  }

  /** The fraction as numerator over denominator, both multiplied out or written by `write`. */
  expression({ number, above, below }: SplitFraction, write = (f: Poly) => this.polynomial(f)): Expr {
    const { algebra } = this;
    const divisor = isOne(below) ? algebra.one : algebra.power(write(below), algebra.minusOne);
    return algebra.product([algebra.num(number), write(above), divisor]);
  }
}

/** number · above / below */
export interface SplitFraction extends Fraction {
  readonly number: Rational;
}

/** How often g divides f, and what is left. */
function divisions(ring: Ring, f: Poly, g: Poly): { count: number; rest: Poly } {
  let rest = f;
  let count = 0;
  for (let next = ring.divide(f, g); next; next = ring.divide(next, g)) {
    rest = next;
    count++;
  }
  return { count, rest };
}

const size = (n: bigint) => (n < 0n ? -n : n);
const quotient = (f: Poly, by: bigint): Poly =>
  by === 0n || by === 1n ? f : new Map([...f].map(([monomial, coefficient]) => [monomial, coefficient / by]));

const withPositiveBelow = (above: Poly, below: Poly): Fraction =>
  below.get(leading(below))! < 0n ? { above: scale(above, -1n), below: scale(below, -1n) } : { above, below };

const number = ({ p, q }: Rational): Fraction => ({ above: constant(p), below: constant(q) });

/** Variables first, in alphabetical order, so that leading terms, whose signs are positive, are what people expect. */
function compareNames(a: Expr, b: Expr): number {
  const [left, right] = [a, b].map((e) => (e.kind === 'sym' ? e.name : '\uffff')) as [string, string];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The unit that measures both, negative if both are. */
function commonUnit(a: Rational, b: Rational): Rational {
  const unit = rationalGcd(a, b);
  return a.sign < 0 && b.sign < 0 ? unit.neg() : unit;
}
