import { ops } from '@leibniz/ops';
import { Algebra } from './algebra.ts';
import { partialsOf } from './diff.ts';
import { DomainError } from './errors.ts';
import { isCondition } from './fold.ts';
import { type Input, toExpr } from './input.ts';
import type { Call, Expr, Power, Product } from './node.ts';
import { dependents, postorder } from './walk.ts';

/**
 * The partial derivatives by each of the variables, by reverse accumulation: one sweep from the result to the
 * variables, so that all of them together cost a few times what the expression does, however many there are.
 *
 * @example
 * import { gradient } from '@leibniz/symbolic';
 * gradient('x^4 + y^2', ['x', 'y']).map(String); // => [ '4*x^3', '2*y' ]
 */
export function gradient(e: Input, variables: readonly string[]): Expr[] {
  const algebra = new Algebra();
  const [own] = algebra.adopt(toExpr(e)) as [Expr];
  return reverse(algebra, own, variables);
}

/**
 * The matrix of partial derivatives: a row for each expression, a column for each variable; what does not depend on a
 * variable has an exact 0 there.
 *
 * @example
 * import { jacobian } from '@leibniz/symbolic';
 * jacobian(['x*y', 'sin(x)'], ['x', 'y']).map(String); // => [ 'y,x', 'cos(x),0' ]
 */
export function jacobian(expressions: readonly Input[], variables: readonly string[]): Expr[][] {
  const algebra = new Algebra();
  return algebra.adopt(...expressions.map((e) => toExpr(e))).map((e) => reverse(algebra, e, variables));
}

/**
 * The symmetric matrix of second partial derivatives.
 *
 * @example
 * import { hessian } from '@leibniz/symbolic';
 * hessian('x^2*y', ['x', 'y']).map(String); // => [ '2*y,2*x', '2*x,0' ]
 */
export function hessian(e: Input, variables: readonly string[]): Expr[][] {
  const algebra = new Algebra();
  const [own] = algebra.adopt(toExpr(e)) as [Expr];
  return reverse(algebra, own, variables).map((partial) => reverse(algebra, partial, variables));
}

/** The adjoint of a node is the derivative of the result by it: the sum over its uses of adjoint times partial. */
function reverse(algebra: Algebra, e: Expr, variables: readonly string[]): Expr[] {
  if (isCondition(e)) throw new DomainError(`Cannot differentiate ${e}: it is a condition`);
  const moving = dependents([e], new Set(variables));
  const uses = new Map<Expr, Expr[]>([[e, [algebra.one]]]);
  const byName = new Map<string, Expr>();
  for (const node of postorder([e]).reverse()) {
    if (!moving.has(node)) continue;
    const adjoint = algebra.sum(uses.get(node) ?? []);
    if (node.kind === 'sym') byName.set(node.name, adjoint);
    for (const [arg, use] of usesOf(algebra, node, adjoint, moving)) {
      const known = uses.get(arg);
      if (known) known.push(use);
      else uses.set(arg, [use]);
    }
  }
  return variables.map((name) => byName.get(name) ?? algebra.zero);
}

type Use = readonly [arg: Expr, adjoint: Expr];

/** What each moving argument of a node contributes to its own adjoint. */
export function usesOf(
  algebra: Algebra,
  node: Expr,
  adjoint: Expr,
  moving: ReadonlySet<Expr>,
): readonly Use[] {
  const each = (partial: (index: number) => Expr): Use[] =>
    node.args.flatMap((arg, i): Use[] =>
      moving.has(arg) ? [[arg, algebra.product([adjoint, partial(i)])]] : [],
    );
  switch (node.kind) {
    case 'sum':
      return node.args.filter((arg) => moving.has(arg)).map((arg) => [arg, adjoint]);
    case 'product':
      return each(othersOf(algebra, node));
    case 'power':
      return each(powerPartials(algebra, node));
    case 'call':
      return callUses(algebra, node, adjoint, each);
    default:
      return [];
  }
}

/** Π of all factors but the i-th, from running products of those before and those after it. */
function othersOf(algebra: Algebra, { coefficient, args }: Product): (index: number) => Expr {
  const before: Expr[] = [algebra.num(coefficient)];
  for (const factor of args) before.push(algebra.product([before.at(-1)!, factor]));
  const after: Expr[] = [algebra.one];
  for (const factor of args.toReversed()) after.push(algebra.product([factor, after.at(-1)!]));
  return (i) => algebra.product([before[i]!, after[args.length - 1 - i]!]);
}

function powerPartials({ $ }: Algebra, node: Power): (index: number) => Expr {
  const [base, exponent] = node.args as [Expr, Expr];
  return (index) => ops.binary.pow.partials[index as 0 | 1]!($, base, exponent, node);
}

function callUses(
  algebra: Algebra,
  node: Call,
  adjoint: Expr,
  each: (partial: (i: number) => Expr) => Use[],
): readonly Use[] {
  if (isCondition(node)) return [];
  if (node.name !== 'where') return each(partialsOf(algebra, node));
  const [condition, a, b] = node.args as [Expr, Expr, Expr];
  const { $ } = algebra;
  return [
    [a, $.where(condition, adjoint, algebra.zero)],
    [b, $.where(condition, algebra.zero, adjoint)],
  ];
}
