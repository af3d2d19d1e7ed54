// Real roots: of polynomials exactly where radicals say them simply, isolated and refined otherwise; of polynomials in
// one function of x by its inverse.

import type { Carrier } from '@leibniz/ops';
import { Algebra } from './algebra.ts';
import { asConditions } from './assumption.ts';
import { domainConditions } from './domain.ts';
import { DomainError, LimitError } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { factorise, toIntegers } from './factors.ts';
import { isNeverZero } from './facts.ts';
import { Fractions, type Kernel } from './fraction.ts';
import { type Input, toExpr } from './input.ts';
import { type Interval, isolateRoots, refine } from './isolate.ts';
import type { Expr } from './node.ts';
import { radicalRoots } from './radicals.ts';
import { Rational } from './rational.ts';
import { cancel } from './rewrites.ts';
import type { Poly } from './ring.ts';
import { substitute } from './substitute.ts';
import { enclosure, holdsAt } from './truth.ts';
import { variables } from './walk.ts';

/** A real root. */
export interface Root {
  /** The root itself, where radicals or an inverse function say it. */
  readonly value: Expr | undefined;
  /** A factor of the expression that has this root and no other in the interval. */
  readonly factor: Expr;
  /** Rational numbers around the root, both the root itself where it is rational, else within 1e-18 of each other. */
  readonly interval: Interval;
  /** The nearest double, or one next to it. */
  readonly approximate: number;
  readonly multiplicity: number;
}

/**
 * The real roots of an expression in x, from left to right: where it has a value, and that is zero. It may be a
 * rational function with rational coefficients, times such functions of one invertible function of x.
 *
 * @throws DomainError where it is zero everywhere, or of another kind.
 * @throws LimitError where it is too large.
 * @example
 * import { roots } from '@leibniz/symbolic';
 * roots('x^4 + 2*x^3 - 4*x^2 - 8*x', 'x').map(({ value, multiplicity }) => `${value}: ${multiplicity}`); // => [ '-2: 2', '0: 1', '2: 1' ]
 * roots('x^5 - x - 1', 'x').map(({ approximate }) => approximate); // => [ 1.1673039782614187 ]
 * roots('log(x)^2 - 1', 'x').map(({ value }) => String(value)); // => [ 'exp(-1)', 'e' ]
 */
export function roots(e: Input, x: string): Root[] {
  const algebra = new Algebra();
  const [own] = algebra.adopt(toExpr(e)) as [Expr];
  const { plain, conditions } = asConditions(algebra, own, x);
  return zerosAndPoles(algebra, plain, [...domainConditions(algebra, plain), ...conditions], x).zeros;
}

/** The zeros of e where the conditions hold, and the poles of e. */
export function zerosAndPoles(
  algebra: Algebra,
  e: Expr,
  conditions: readonly Expr[],
  x: string,
): { zeros: Root[]; poles: Root[] } {
  const [reduced] = algebra.adopt(cancel(e)) as [Expr];
  const fractions = new Fractions(algebra, [reduced]);
  const { above, below } = fractions.of(reduced);
  if (above.size === 0)
    throw new DomainError('Cannot list the roots: the expression is zero wherever it is defined');
  const isInside = (root: Root) =>
    conditions.every((condition) => isMet(algebra, condition, x, root)) &&
    !isNonzero(substitute(e, { [x]: root.value ?? x }));
  return {
    zeros: zerosOf(algebra, fractions.polynomial(above), x).filter(isInside),
    poles: zerosOf(algebra, fractions.polynomial(below), x),
  };
}

/** Whether a condition holds at a root; other variables than x are taken to be such that it does. */
function isMet(algebra: Algebra, condition: Expr, x: string, root: Root): boolean {
  const truth = holdsAt(algebra, condition, x, root);
  if (truth === undefined && variables(condition).every((name) => name === x))
    throw new DomainError(`Cannot decide whether ${condition} holds near ${x} = ${root.approximate}`);
  return truth !== false;
}

const isNonzero = (e: Expr) => e.kind === 'num' && !e.value.isZero;

/** An equation e = 0 and how often its solutions count. */
type Equation = readonly [e: Expr, multiplicity: number];

/** Equations solved on the way to the roots of one expression. */
const MAX_EQUATIONS = 100;

function zerosOf(algebra: Algebra, e: Expr, x: string): Root[] {
  const found: Root[] = [];
  const pending: Equation[] = [[e, 1]];
  let count = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (++count > MAX_EQUATIONS) throw new LimitError('the equations to solve', MAX_EQUATIONS, count);
    const [equation, times] = next;
    const fractions = new Fractions(algebra, [equation]);
    for (const [factor, n] of factorise(fractions.ring, fractions.of(equation).above).factors) {
      const { solved, left } = solveFactor(fractions, factor, x);
      found.push(...solved.map((root) => ({ ...root, multiplicity: n * times })));
      pending.push(...left.map((rest): Equation => [rest, n * times]));
    }
  }
  return merged(found).sort((a, b) => a.interval[0].compare(b.interval[0]));
}

/** Roots that are the same number, met in several factors, as one. */
function merged(found: readonly Root[]): Root[] {
  const distinct: Root[] = [];
  for (const root of found) {
    const i = distinct.findIndex(({ value }) => value && root.value?.equals(value));
    if (i === -1) distinct.push(root);
    else distinct[i] = { ...root, multiplicity: distinct[i]!.multiplicity + root.multiplicity };
  }
  return distinct;
}

/** Roots of a factor, and the equations that give others. */
interface Solution {
  readonly solved: readonly Omit<Root, 'multiplicity'>[];
  readonly left: readonly Expr[];
}

const NOTHING: Solution = { solved: [], left: [] };

function solveFactor(fractions: Fractions, factor: Poly, x: string): Solution {
  const { algebra, kernels, ring } = fractions;
  const occurring = ring.variablesOf(factor);
  const moving = occurring.filter((v) => variables(fractions.kernelPower(v, 1)).includes(x));
  const kernel = kernels[moving[0]!];
  if (kernel === undefined || (factor.size === 1 && isNeverZero(kernel.base))) return NOTHING;
  // A power with a variable exponent is zero only where its base is.
  if (factor.size === 1 && kernel.base.kind === 'power') return { solved: [], left: [kernel.base.args[0]!] };
  const expression = fractions.polynomial(factor);
  if (moving.length > 1 || variables(expression).some((name) => name !== x)) throw unsolved(expression, x);
  const found =
    occurring.length === 1
      ? polynomialRoots(fractions, factor, moving[0]!)
      : [linearRoot(fractions, factor, moving[0]!, x)];
  if (kernel.base === algebra.sym(x) && kernel.unit.isOne && kernel.direction === algebra.one)
    return { solved: found, left: [] };
  const left = found.map(({ value }) => inverted(algebra, kernel, value, expression, x));
  return { solved: [], left: left.filter((equation) => equation !== undefined) };
}

const unsolved = (e: Expr, x: string) =>
  new DomainError(
    `Cannot list the roots of ${e} in ${x}: it is no polynomial in one invertible function of it`,
  );

/** Bits to which a root is refined: 1e-18 of it. */
const BITS = 60;

/** The real roots of an irreducible polynomial in generator v alone. */
function polynomialRoots(fractions: Fractions, f: Poly, v: number): Omit<Root, 'multiplicity'>[] {
  const integers = toIntegers(fractions.ring, f, v);
  const factor = fractions.polynomial(f);
  const intervals = isolateRoots(integers);
  const exact = radicalRoots(fractions.algebra, integers);
  return intervals.map((isolated, i) => {
    const value = exact?.length === intervals.length ? exact[i] : undefined;
    const interval =
      value?.kind === 'num' ? ([value.value, value.value] as const) : refine(integers, isolated, BITS);
    return { value, factor, interval, approximate: middle(interval) };
  });
}

/** The root of a·v + b, where a and b are numbers such as pi that are no rational ones. */
function linearRoot(fractions: Fractions, f: Poly, v: number, x: string): Omit<Root, 'multiplicity'> {
  const { $ } = fractions.algebra;
  const factor = fractions.polynomial(f);
  const coefficients = fractions.ring.coefficients(f, v);
  if (fractions.ring.degree(f, v) > 1) throw unsolved(factor, x);
  const of = (n: number) => fractions.polynomial(coefficients.get(n) ?? new Map());
  return namedRoot(factor, $.neg($.div(of(0), of(1))));
}

function namedRoot(factor: Expr, value: Expr): Omit<Root, 'multiplicity'> {
  const interval = enclosure(value);
  if (!interval) throw new LimitError('the size of a root', 2 ** 14, String(value).slice(0, 60));
  return { value, factor, interval, approximate: middle(interval) };
}

const middle = ([low, high]: Interval) => low.add(high).mul(Rational.HALF).toNumber();

type Inverse = ($: Carrier<Expr, Expr>, y: Expr) => Expr;

/** The number u with function(u) = y, if there is one. */
const INVERSES: Readonly<Record<string, Inverse>> = {
  log: ($, y) => $.exp(y),
  log2: ($, y) => $.pow($.int(2), y),
  log10: ($, y) => $.pow($.int(10), y),
  log1p: ($, y) => $.expm1(y),
  expm1: ($, y) => $.log1p(y),
  cbrt: ($, y) => $.pow(y, $.int(3)),
  sinh: ($, y) => $.asinh(y),
  asinh: ($, y) => $.sinh(y),
  tanh: ($, y) => $.atanh(y),
  atanh: ($, y) => $.tanh(y),
  atan: ($, y) => $.tan(y),
  asin: ($, y) => $.sin(y),
  acos: ($, y) => $.cos(y),
  sigmoid: ($, y) => $.neg($.log($.sub($.inv(y), $.int(1)))),
};

const isFalse = (e: Expr) => e.kind === 'constant' && e.name === 'false';

/** The equation that kernel = y comes to, without the kernel; nothing where the kernel never has the value y. */
function inverted(
  algebra: Algebra,
  kernel: Kernel,
  y: Expr | undefined,
  factor: Expr,
  x: string,
): Expr | undefined {
  if (y === undefined) throw unsolved(factor, x);
  const { inside, target, image } = inverseOf(algebra, kernel, y, factor, x);
  if (Number.isNaN(evaluate(target)) || domainConditions(algebra, target).some(isFalse)) return undefined;
  const difference = enclosure(algebra.$.sub(image, y));
  if (!difference) throw new LimitError('the size of a root', 2 ** 14, String(target).slice(0, 60));
  if (difference[0].sign > 0 || difference[1].sign < 0) return undefined;
  return algebra.$.sub(inside, target);
}

/** What is inside the kernel, the number it equals, and the kernel's value at that number. */
function inverseOf(
  algebra: Algebra,
  { base, direction, unit }: Kernel,
  y: Expr,
  factor: Expr,
  x: string,
): { inside: Expr; target: Expr; image: Expr } {
  const { $ } = algebra;
  const exponent = algebra.num(unit);
  if (direction !== algebra.one) {
    if (variables(base).includes(x)) throw unsolved(factor, x);
    const target = $.div($.log(y), $.mul(exponent, $.log(base)));
    return { inside: direction, target, image: $.pow(base, $.mul(exponent, target)) };
  }
  if (!unit.isOne) {
    const target = $.pow(y, $.inv(exponent));
    return { inside: base, target, image: $.pow(target, exponent) };
  }
  const inverse =
    base.kind === 'call' && Object.hasOwn(INVERSES, base.name) ? INVERSES[base.name] : undefined;
  if (base.kind !== 'call' || !inverse) throw unsolved(factor, x);
  const target = inverse($, y);
  return { inside: base.args[0]!, target, image: algebra.call(base.name, [target]) };
}
