// Trigonometric and hyperbolic identities that shorten sums and products, as tables.

import type { Algebra } from './algebra.ts';
import type { Call, Expr, Power, Product, Sum } from './node.ts';
import { Rational } from './rational.ts';
import { memoise, postorder } from './walk.ts';

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

/** Functions that are reciprocals of others. */
const RECIPROCALS: Readonly<Record<string, string>> = {
  cos: 'sec',
  sin: 'csc',
  tan: 'cot',
  cosh: 'sech',
  sinh: 'csch',
  tanh: 'coth',
};

/** 1/cos u = sec u and its like, for any whole power. */
export function reciprocals(algebra: Algebra, node: Product | Power): Expr[] {
  const factors = node.kind === 'product' ? node.args : [node];
  const coefficient = node.kind === 'product' ? node.coefficient : Rational.ONE;
  return factors.flatMap((factor, i) => {
    const [base, exponent] = factor.kind === 'power' ? factor.args : [];
    if (base?.kind !== 'call' || exponent?.kind !== 'num' || exponent.value.sign >= 0) return [];
    const name = RECIPROCALS[base.name];
    if (name === undefined || !exponent.value.isInteger) return [];
    const turned = algebra.power(algebra.call(name, base.args), algebra.num(exponent.value.neg()));
    return [algebra.product([algebra.num(coefficient), ...factors.with(i, turned)])];
  });
}

/** What the functions of an angle are in sines and cosines of it. */
const IN_SINES: Readonly<Record<string, readonly [sine: number, cosine: number]>> = {
  tan: [1, -1],
  cot: [-1, 1],
  sec: [0, -1],
  csc: [-1, 0],
};

/**
 * The region of rational arithmetic with every function of an angle in its sine and cosine, those of twice an angle that
 * also occurs by itself in those of the angle, and even powers of one of the two written by the other.
 */
export function trigonometricForms(algebra: Algebra, e: Expr, isRational: (node: Expr) => boolean): Expr[] {
  const inSines = replacedCalls(algebra, e, isRational, ({ name, args }) => {
    const powers = IN_SINES[name];
    const [sine, cosine] = powers ?? [];
    return powers && sineProduct(algebra, args[0]!, sine!, cosine!);
  });
  const hasAngles = postorder([inSines], (node) => (isRational(node) ? node.args : [])).some(
    (node) => node.kind === 'call' && (node.name === 'sin' || node.name === 'cos'),
  );
  if (!hasAngles) return [];
  const halved = replacedCalls(algebra, inSines, isRational, ({ name, args }) =>
    halfAngle(algebra, name, args[0]!),
  );
  return [...new Set([inSines, halved])].flatMap((form) => [
    form,
    ...(['sin', 'cos'] as const).map((name) => evenPowersReplaced(algebra, form, isRational, name)),
  ]);
}

function sineProduct(algebra: Algebra, u: Expr, sine: number, cosine: number): Expr {
  return algebra.product([
    algebra.power(algebra.call('sin', [u]), algebra.int(sine)),
    algebra.power(algebra.call('cos', [u]), algebra.int(cosine)),
  ]);
}

/** sin 2v = 2 sin v cos v, cos 2v = 2 cos²v - 1. */
function halfAngle(algebra: Algebra, name: string, u: Expr): Expr | undefined {
  if (u.kind !== 'product' || !u.coefficient.isInteger || u.coefficient.p % 2n !== 0n) return undefined;
  const v = algebra.product([algebra.half, u]);
  if (name === 'sin') return algebra.product([algebra.num(TWO), sineProduct(algebra, v, 1, 1)]);
  if (name !== 'cos') return undefined;
  return algebra.sum([algebra.product([algebra.num(TWO), sineProduct(algebra, v, 0, 2)]), algebra.minusOne]);
}

/** sin^(2n) u = (1 - cos²u)^n, or the other way round; an odd power keeps one factor. */
function evenPowersReplaced(
  algebra: Algebra,
  e: Expr,
  isRational: (node: Expr) => boolean,
  name: 'sin' | 'cos',
): Expr {
  const other = name === 'sin' ? 'cos' : 'sin';
  const [result] = memoise<Expr>(
    [e],
    (node, resultOf) => {
      if (!isRational(node)) return node;
      const [base, exponent] = node.kind === 'power' ? node.args : [];
      const isCall = base?.kind === 'call' && base.name === name;
      if (!isCall || exponent?.kind !== 'num' || exponent.value.sign < 0) {
        return algebra.rebuild(node, node.args.map(resultOf));
      }
      const times = exponent.value.p / 2n;
      const square = algebra.power(algebra.call(other, base.args), algebra.num(TWO));
      const replaced = algebra.power(algebra.$.sub(algebra.one, square), algebra.int(times));
      return algebra.product([replaced, algebra.power(base, algebra.int(exponent.value.p - 2n * times))]);
    },
    (node) => (isRational(node) ? node.args : []),
  );
  return result!;
}

function replacedCalls(
  algebra: Algebra,
  e: Expr,
  isRational: (node: Expr) => boolean,
  replace: (call: Call) => Expr | undefined,
): Expr {
  const [result] = memoise<Expr>(
    [e],
    (node, resultOf) => {
      if (isRational(node)) return algebra.rebuild(node, node.args.map(resultOf));
      return (node.kind === 'call' && replace(node)) || node;
    },
    (node) => (isRational(node) ? node.args : []),
  );
  return result!;
}

export const termsOf = (algebra: Algebra, node: Sum): Expr[] =>
  node.constant.isZero ? [...node.args] : [...node.args, algebra.num(node.constant)];
