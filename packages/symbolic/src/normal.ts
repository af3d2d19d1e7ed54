// The normal form behind proofs: Laurent polynomials over generators (variables, exponentials, roots, logarithms,
// signs, and calls that stay opaque) with the algebraic relations among them. Two expressions whose difference
// reduces to zero are equal wherever both are defined. Trigonometric functions are exponentials of imaginary
// arguments, so that their identities hold by arithmetic alone.

import { ops } from '@leibniz/ops';
import type { Algebra } from './algebra.ts';
import { Elementary } from './elementary.ts';
import { isInteger, isNeverZero, isNonnegative } from './facts.ts';
import { GammaForms } from './gammaForms.ts';
import { minus, number, power } from './generators.ts';
import type { Call, Expr, Sym } from './node.ts';
import {
  add,
  collect,
  constantPart,
  constantValue,
  multiply,
  ONE_POLYNOMIAL,
  type Polynomial,
  real,
  scale,
  ZERO,
} from './polynomial.ts';
import { Rational } from './rational.ts';
import { memoise } from './walk.ts';

/** Puts expressions into normal form over one common set of generators. */
export class NormalForms {
  private readonly elementary = new Elementary();
  private readonly gammas = new GammaForms(this.elementary);
  readonly table = this.elementary.table;
  readonly signs = this.elementary.signs;
  private readonly algebra: Algebra;
  private readonly known = new Map<Expr, Polynomial>();
  /** The conditions, besides the domains of both sides, under which the steps taken hold. */
  readonly assumed = new Set<Expr>();

  /** The expressions whose sign is not settled, for which positive and negative values may be told apart. */
  readonly undecided = new Set<Expr>();

  /** The expressions to come belong to the algebra. */
  constructor(algebra: Algebra) {
    this.algebra = algebra;
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
    if (!this.elementary.atoms.hasAngles && !hasGamma) return false;
    this.elementary.atoms.splitsSines = true;
    this.known.clear();
    return true;
  }

  /** e^u */
  exp(u: Polynomial): Polynomial {
    return this.elementary.exp(u);
  }

  private compute(node: Expr, formOf: (e: Expr) => Polynomial): Polynomial {
    switch (node.kind) {
      case 'num':
        return number(node.value);
      case 'sym':
        return this.variable(node);
      case 'constant':
        if (node.name === 'true' || node.name === 'false')
          return number(Rational.of(node.name === 'true' ? 1 : 0));
        return node.name === 'e' ? this.elementary.exp(ONE_POLYNOMIAL) : this.elementary.pi;
      case 'sum':
        return node.args.map(formOf).reduce(add, number(node.constant));
      case 'product':
        return node.args.map(formOf).reduce((a, b) => multiply(a, b), number(node.coefficient));
      case 'power':
        return this.power(node, formOf);
      case 'call':
        return this.call(node, node.args.map(formOf));
    }
  }

  private variable(node: Sym): Polynomial {
    return this.elementary.plain(`sym ${node.name}`, [], {
      isPositive: isNonnegative(node),
      isNonzero: isNeverZero(node),
      isWhole: isInteger(node),
    });
  }

  private power(node: Expr, formOf: (e: Expr) => Polynomial): Polynomial {
    const [base, exponent] = node.args as [Expr, Expr];
    if (exponent.kind === 'num') {
      return exponent.value.isInteger
        ? this.elementary.raised(formOf(base), exponent.value.p)
        : this.elementary.root(formOf(base), exponent.value);
    }
    if (base.kind === 'num' && base.value.sign < 0)
      return this.elementary.powerOfNegative(base.value, formOf(exponent));
    if (isInteger(exponent)) {
      this.leaveOut(base, this.algebra.zero);
      return this.elementary.wholePower(formOf(base), formOf(exponent));
    }
    this.assumed.add(this.algebra.$.less(this.algebra.zero, base));
    return this.elementary.exp(multiply(formOf(exponent), this.elementary.log(formOf(base))));
  }

  private call(node: Call, args: readonly Polynomial[]): Polynomial {
    const { name } = node;
    const [u, v, w] = args as [Polynomial, Polynomial, Polynomial];
    switch (name) {
      case 'exp':
        return this.elementary.exp(u);
      case 'log':
        return this.elementary.log(u);
      case 'sin':
      case 'cos':
        return this.elementary.trigonometric(name, u);
      case 'abs':
        return this.table.isZero(u) ? ZERO : multiply(u, this.signOf(u, node.args[0]!));
      case 'sign':
        return this.signWhereNotZero(u, node.args[0]!);
      case 'cbrt':
        return this.table.isZero(u)
          ? ZERO
          : multiply(this.signs.ofPolynomial(u), this.elementary.root(u, Rational.of(1, 3)));
      case 'where':
        return add(w, multiply(u, minus(v, w)));
      case 'less':
      case 'lessEqual':
      case 'equal':
        return this.comparison(node, minus(v, u));
      case 'not':
        return minus(ONE_POLYNOMIAL, u);
      case 'and':
        return multiply(u, v);
      case 'or':
        return minus(add(u, v), multiply(u, v));
      case 'floor': {
        const whole = this.wholePart(u);
        const rest = minus(u, whole);
        return rest.size === 0 ? whole : add(whole, this.elementary.floor(rest));
      }
      case 'gamma':
        return this.gammas.gamma(u);
      case 'digamma':
        return this.gammas.polygamma(ZERO, u);
      case 'polygamma':
        return this.gammas.polygamma(u, v);
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
        monomial.every(([g, n]) => n > 0 && this.table.at(g).isWhole),
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
    const difference = $.sub(a, b);
    const isNegative = difference.kind === 'product' && difference.coefficient.sign < 0;
    this.assumed.add($.not($.equal(isNegative ? $.neg(difference) : difference, zero)));
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
      const found = this.table.find(name, [
        this.elementary.canonical(scale(args[0]!, real(Rational.MINUS_ONE))),
      ]);
      const sign = real(parity === 'odd' ? Rational.MINUS_ONE : Rational.ONE);
      if (found !== undefined) return scale(power(found), sign);
    }
    return this.elementary.opaque(name, args);
  }
}
