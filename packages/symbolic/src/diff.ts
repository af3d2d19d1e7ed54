import { NotDifferentiableError, ops } from '@leibniz/ops';
import { Algebra } from './algebra.ts';
import { derivativeName } from './declared.ts';
import { DomainError } from './errors.ts';
import { isCondition } from './fold.ts';
import { type Input, toExpr } from './input.ts';
import type { Call, Expr, Power, Product } from './node.ts';
import { dependents, memoise } from './walk.ts';

/**
 * The derivative of an expression by a variable, of any order. Every node is differentiated once; the result is in
 * canonical form and not simplified further. At kinks it follows the conventions of the table.
 *
 * @throws NotDifferentiableError for an index such as the order of polygamma.
 * @example
 * import { diff } from '@leibniz/symbolic';
 * String(diff('log(x^4 + x^3 + 2)', 'x')); // => (4*x^3 + 3*x^2)/(x^4 + x^3 + 2)
 */
export function diff(e: Input, x: string, order = 1): Expr {
  if (!Number.isInteger(order) || order < 0) {
    throw new DomainError(`Cannot differentiate ${order} times: the order is 0, 1, 2, …`);
  }
  const algebra = new Algebra();
  let [result] = algebra.adopt(toExpr(e)) as [Expr];
  if (isCondition(result)) throw new DomainError(`Cannot differentiate ${result}: it is a condition`);
  for (let i = 0; i < order; i++) result = derivative(algebra, result, x);
  return result;
}

function derivative(algebra: Algebra, e: Expr, x: string): Expr {
  const moving = dependents([e], new Set([x]));
  const [result] = memoise<Expr>([e], (node, derivativeOf) =>
    derivativeAt(algebra, node, moving, derivativeOf),
  );
  return result!;
}

/** The derivative of a node from those of its arguments; `moving` are the nodes that depend on the variable. */
export function derivativeAt(
  algebra: Algebra,
  node: Expr,
  moving: ReadonlySet<Expr>,
  derivativeOf: (arg: Expr) => Expr,
): Expr {
  if (!moving.has(node)) return algebra.zero;
  switch (node.kind) {
    case 'sym':
      return algebra.one;
    case 'sum':
      return algebra.sum(node.args.map(derivativeOf));
    case 'product':
      return ofProduct(algebra, node, moving, derivativeOf);
    case 'power':
      return ofPower(algebra, node, moving, derivativeOf);
    case 'call':
      return ofCall(algebra, node, moving, derivativeOf);
    default:
      return algebra.zero;
  }
}

/** Up to so many factors, the derivative of a product has one term for each; longer ones are halved. */
const PRODUCT_TERMS = 8;

/** A part of a product and its derivative. */
interface Part {
  readonly value: Expr;
  readonly derivative: Expr;
}

/** (uv)' = u'v + uv', over halves of halves of the factors, so that n factors need n parts and not n² terms. */
function ofProduct(
  algebra: Algebra,
  node: Product,
  moving: ReadonlySet<Expr>,
  derivativeOf: (arg: Expr) => Expr,
): Expr {
  const fixed = node.args.filter((factor) => !moving.has(factor));
  const factors = node.args.filter((factor) => moving.has(factor));
  let parts: Part[] = [];
  for (let start = 0; start < factors.length; start += PRODUCT_TERMS) {
    parts.push(ofFactors(algebra, factors.slice(start, start + PRODUCT_TERMS), derivativeOf));
  }
  while (parts.length > 1) {
    const pairs = Array.from({ length: Math.ceil(parts.length / 2) }, (_, i) =>
      parts.slice(2 * i, 2 * i + 2),
    );
    parts = pairs.map(([u, v]) => (v ? joined(algebra, u!, v) : u!));
  }
  return algebra.product([algebra.num(node.coefficient), ...fixed, parts[0]!.derivative]);
}

function joined(algebra: Algebra, u: Part, v: Part): Part {
  const derivative = algebra.sum([
    algebra.product([u.derivative, v.value]),
    algebra.product([u.value, v.derivative]),
  ]);
  return { value: algebra.product([u.value, v.value]), derivative };
}

/** Σ f₁ … fᵢ' … fₙ */
function ofFactors(algebra: Algebra, factors: readonly Expr[], derivativeOf: (arg: Expr) => Expr): Part {
  const terms = factors.map((factor, i) => algebra.product(factors.with(i, derivativeOf(factor))));
  return { value: algebra.product(factors), derivative: algebra.sum(terms) };
}

/** n u^(n-1) u', or u^v (v' log u + v u'/u), whichever parts move. */
function ofPower(
  { $ }: Algebra,
  node: Power,
  moving: ReadonlySet<Expr>,
  derivativeOf: (arg: Expr) => Expr,
): Expr {
  const [base, exponent] = node.args as [Expr, Expr];
  const [byBase, byExponent] = ops.binary.pow.partials;
  const terms: Expr[] = [];
  if (moving.has(base)) terms.push($.mul(byBase!($, base, exponent, node), derivativeOf(base)));
  if (moving.has(exponent)) terms.push($.mul(byExponent!($, base, exponent, node), derivativeOf(exponent)));
  return terms.length === 1 ? terms[0]! : $.add(terms[0]!, terms[1]!);
}

function ofCall(
  algebra: Algebra,
  node: Call,
  moving: ReadonlySet<Expr>,
  derivativeOf: (arg: Expr) => Expr,
): Expr {
  const { $ } = algebra;
  const { name, args } = node;
  if (name === 'where') {
    const [condition, a, b] = args as [Expr, Expr, Expr];
    return $.where(condition, derivativeOf(a), derivativeOf(b));
  }
  if (isCondition(node)) return algebra.zero;
  const partials = partialsOf(algebra, node);
  return algebra.sum(
    args.flatMap((arg, i) => (moving.has(arg) ? [algebra.product([partials(i), derivativeOf(arg)])] : [])),
  );
}

/** The partial derivatives of a call by its arguments, from the table; f' for a declared function f. */
export function partialsOf(algebra: Algebra, node: Call): (index: number) => Expr {
  const { $ } = algebra;
  const { name, args } = node;
  if (Object.hasOwn(ops.unary, name)) {
    const { partial } = ops.unary[name as keyof typeof ops.unary];
    return () => partial($, args[0]!, node);
  }
  if (Object.hasOwn(ops.binary, name)) {
    const { partials } = ops.binary[name as keyof typeof ops.binary];
    return (index) => {
      const partial = partials[index as 0 | 1];
      if (!partial) throw new NotDifferentiableError(name, index);
      return partial($, args[0]!, args[1]!, node);
    };
  }
  return (index) => algebra.call(derivativeName(name, index, args.length), args);
}
