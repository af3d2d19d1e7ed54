// Trigonometric and hyperbolic identities that shorten sums and products, as tables.

import type { Algebra } from './algebra.ts';
import type { Expr, Product, Sum } from './node.ts';
import { Rational } from './rational.ts';

/** one + other·f(u)² = sign·g(u)², for one and other each 1 or -1. */
const SQUARES: readonly (readonly [f: string, one: 1 | -1, other: 1 | -1, sign: 1 | -1, g: string])[] = [
  ['sin', 1, -1, 1, 'cos'],
  ['sin', -1, 1, -1, 'cos'],
  ['cos', 1, -1, 1, 'sin'],
  ['cos', -1, 1, -1, 'sin'],
  ['tan', 1, 1, 1, 'sec'],
  ['tan', -1, -1, -1, 'sec'],
  ['cot', 1, 1, 1, 'csc'],
  ['cot', -1, -1, -1, 'csc'],
  ['sec', -1, 1, 1, 'tan'],
  ['csc', -1, 1, 1, 'cot'],
  ['tanh', 1, -1, 1, 'sech'],
  ['tanh', -1, 1, -1, 'sech'],
  ['sinh', 1, 1, 1, 'cosh'],
  ['cosh', -1, 1, 1, 'sinh'],
  ['cosh', 1, -1, -1, 'sinh'],
  ['coth', -1, 1, 1, 'csch'],
];

/** a·f(u)² + b·g(u)² = h, for a and b each 1 or -1. */
const PAIRS: readonly (readonly [
  f: string,
  a: 1 | -1,
  g: string,
  b: 1 | -1,
  h: 'one' | 'double' | '-double',
])[] = [
  ['sin', 1, 'cos', 1, 'one'],
  ['cosh', 1, 'sinh', -1, 'one'],
  ['cos', 1, 'sin', -1, 'double'],
  ['sin', 1, 'cos', -1, '-double'],
  ['cosh', 1, 'sinh', 1, 'double'],
];

/** The function of twice the argument that a pair above stands for. */
const DOUBLED: Readonly<Record<string, string>> = { cos: 'cos', sin: 'cos', cosh: 'cosh' };

/** f(u)·g(u) = h(u). */
const PRODUCTS: readonly (readonly [f: string, g: string, h: string | undefined])[] = [
  ['tan', 'cos', 'sin'],
  ['cot', 'sin', 'cos'],
  ['tan', 'cot', undefined],
  ['sec', 'cos', undefined],
  ['csc', 'sin', undefined],
  ['tanh', 'cosh', 'sinh'],
  ['coth', 'sinh', 'cosh'],
  ['sech', 'cosh', undefined],
  ['csch', 'sinh', undefined],
];

/** A term as coefficient, a squared call taken out of it, and the factors left. */
interface Squared {
  readonly term: Expr;
  readonly name: string;
  readonly args: readonly Expr[];
  readonly coefficient: Rational;
  readonly rest: readonly Expr[];
}

const TWO = Rational.of(2);

function squaredCalls(term: Expr): Squared[] {
  const factors = term.kind === 'product' ? term.args : [term];
  const coefficient = term.kind === 'product' ? term.coefficient : Rational.ONE;
  return factors.flatMap((factor, i) => {
    if (factor.kind !== 'power') return [];
    const [base, exponent] = factor.args as [Expr, Expr];
    if (base.kind !== 'call' || exponent.kind !== 'num' || !exponent.value.equals(TWO)) return [];
    return [{ term, name: base.name, args: base.args, coefficient, rest: factors.toSpliced(i, 1) }];
  });
}

/** 1 - sin²u = cos²u and its like, with any common factor. */
export function squareIdentities(algebra: Algebra, node: Sum): Expr[] {
  const terms = termsOf(algebra, node);
  return node.args.flatMap(squaredCalls).flatMap(({ term, name, args, coefficient, rest }) =>
    SQUARES.filter(([f]) => f === name).flatMap(([, one, other, sign, g]) => {
      const scale = coefficient.mul(Rational.of(other));
      const partner = algebra.product([algebra.num(scale.mul(Rational.of(one))), ...rest]);
      if (!terms.includes(partner)) return [];
      const square = algebra.power(algebra.call(g, args), algebra.num(TWO));
      const joined = algebra.product([algebra.num(scale.mul(Rational.of(sign))), square, ...rest]);
      return [algebra.sum([...terms.filter((t) => t !== term && t !== partner), joined])];
    }),
  );
}

/** sin²u + cos²u = 1, cos²u - sin²u = cos 2u and their like, with any common factor. */
export function pairIdentities(algebra: Algebra, node: Sum): Expr[] {
  const terms = termsOf(algebra, node);
  return node.args.flatMap(squaredCalls).flatMap(({ term, name, args, coefficient, rest }) =>
    PAIRS.filter(([f]) => f === name).flatMap(([f, a, g, b, h]) => {
      const scale = coefficient.mul(Rational.of(a));
      const square = algebra.power(algebra.call(g, args), algebra.num(TWO));
      const partner = algebra.product([algebra.num(scale.mul(Rational.of(b))), square, ...rest]);
      if (!terms.includes(partner)) return [];
      const doubled = () => algebra.call(DOUBLED[f]!, [algebra.product([algebra.num(TWO), args[0]!])]);
      const value = h === 'one' ? algebra.one : doubled();
      const signed = h === '-double' ? scale.neg() : scale;
      const joined = algebra.product([algebra.num(signed), value, ...rest]);
      return [algebra.sum([...terms.filter((t) => t !== term && t !== partner), joined])];
    }),
  );
}

/** tan u · cos u = sin u and its like; sin u · cos u = sin(2u)/2. */
export function productIdentities(algebra: Algebra, node: Product): Expr[] {
  const calls = node.args.filter((factor) => factor.kind === 'call' && factor.args.length === 1);
  const pairs = calls.flatMap((a) =>
    calls.filter((b) => b.args[0] === a.args[0]).map((b) => [a, b] as const),
  );
  return pairs.flatMap(([a, b]) => {
    if (a.kind !== 'call' || b.kind !== 'call') return [];
    const rest = node.args.filter((factor) => factor !== a && factor !== b);
    const replaced = (value: readonly Expr[], scale: Rational) =>
      algebra.product([algebra.num(node.coefficient.mul(scale)), ...value, ...rest]);
    const u = a.args[0]!;
    const twice = () => algebra.product([algebra.num(TWO), u]);
    if (a.name === 'sin' && b.name === 'cos')
      return [replaced([algebra.call('sin', [twice()])], Rational.HALF)];
    if (a.name === 'sinh' && b.name === 'cosh')
      return [replaced([algebra.call('sinh', [twice()])], Rational.HALF)];
    return PRODUCTS.filter(([f, g]) => f === a.name && g === b.name).map(([, , h]) =>
      replaced(h === undefined ? [] : [algebra.call(h, [u])], Rational.ONE),
    );
  });
}

export const termsOf = (algebra: Algebra, node: Sum): Expr[] =>
  node.constant.isZero ? [...node.args] : [...node.args, algebra.num(node.constant)];
