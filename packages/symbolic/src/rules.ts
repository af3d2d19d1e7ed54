// Rewriting as named rules. Each holds wherever both sides are defined; the conditions that are lost on the way are
// told by comparing domains, in `simplify.ts`.

import type { Algebra } from './algebra.ts';
import type { Costs } from './cost.ts';
import { isExp } from './expr.ts';
import { isInteger, isNonnegative, isPositive } from './facts.ts';
import { pairIdentities, productIdentities, reciprocals, squareIdentities, termsOf } from './identities.ts';
import type { Call, Expr, Power, Product, Sum } from './node.ts';
import { Rational, rationalGcd } from './rational.ts';

/** What a rule may ask. */
export interface Context {
  readonly costs: Costs;
}

export interface Rule {
  readonly name: string;
  /** The rewritten node, or nothing where the rule does not apply. */
  apply(algebra: Algebra, node: Expr, context: Context): Expr | undefined;
}

type OfKind<K extends Expr['kind']> = Extract<Expr, { kind: K }>;

/** A rule for one kind of node. */
const rule = <K extends Expr['kind']>(
  name: string,
  kind: K,
  apply: (algebra: Algebra, node: OfKind<K>, context: Context) => Expr | undefined,
): Rule => ({
  name,
  apply: (algebra, node, context) =>
    node.kind === kind ? apply(algebra, node as OfKind<K>, context) : undefined,
});

/** A rule that is used only where one of its results is shorter than the node; then the shortest is taken. */
const shortening = <K extends Expr['kind']>(
  name: string,
  kind: K,
  candidates: (algebra: Algebra, node: OfKind<K>) => readonly Expr[],
): Rule =>
  rule(name, kind, (algebra, node, { costs }) => {
    const found = candidates(algebra, node);
    const best = found.reduce<Expr>((a, b) => (costs.of(b) < costs.of(a) ? b : a), node);
    return best === node ? undefined : best;
  });

/** A rule for calls of one function of one argument. */
const callRule = (
  name: string,
  fn: string,
  apply: (algebra: Algebra, x: Expr, context: Context) => Expr | undefined,
): Rule =>
  rule(name, 'call', (algebra, node: Call, context) =>
    node.name === fn ? apply(algebra, node.args[0]!, context) : undefined,
  );

const isCall = (e: Expr, name: string): e is Call => e.kind === 'call' && e.name === name;
const isEven = (r: Rational) => r.isInteger && r.p % 2n === 0n;

/** The base and exponent of a factor. */
function split(algebra: Algebra, factor: Expr): readonly [base: Expr, exponent: Expr] {
  return factor.kind === 'power' ? (factor.args as [Expr, Expr]) : [factor, algebra.one];
}

/** The factors of a term and its coefficient. */
function parts(term: Expr): { readonly coefficient: Rational; readonly factors: readonly Expr[] } {
  if (term.kind === 'product') return { coefficient: term.coefficient, factors: term.args };
  return term.kind === 'num'
    ? { coefficient: term.value, factors: [] }
    : { coefficient: Rational.ONE, factors: [term] };
}

export const RULES: readonly Rule[] = [
  rule('0·u = 0', 'product', (algebra, node) => (node.coefficient.isZero ? algebra.zero : undefined)),
  rule('u^0 = 1', 'power', (algebra, { args: [, exponent] }: Power) =>
    exponent!.kind === 'num' && exponent!.value.isZero ? algebra.one : undefined,
  ),
  rule('u^a · u^b = u^(a+b)', 'product', joinPowers),
  rule('(u^a)^b = u^(ab)', 'power', powerOfPower),
  rule('(uv)^n = u^n·v^n', 'power', powerOfProduct),
  rule('|u|^(2n) = u^(2n)', 'power', (algebra, { args: [base, exponent] }: Power) => {
    if (!isCall(base!, 'abs') || exponent!.kind !== 'num' || !isEven(exponent!.value)) return undefined;
    return algebra.power(base!.args[0]!, exponent!);
  }),
  rule('(-1)^(2n) = 1', 'power', powerOfMinusOne),
  callRule('sin nπ = 0', 'sin', (algebra, x) => (turnsOf(algebra, x) ? algebra.zero : undefined)),
  callRule('cos nπ = (-1)^n', 'cos', (algebra, x) => {
    const turns = turnsOf(algebra, x);
    return turns && algebra.power(algebra.minusOne, turns);
  }),
  callRule('|u| = u', 'abs', (_, x) => (isNonnegative(x) ? x : undefined)),
  callRule('relu u = u or 0', 'relu', (algebra, x) => {
    if (isNonnegative(x)) return x;
    return isNonnegative(algebra.$.neg(x)) ? algebra.zero : undefined;
  }),
  callRule('sign u = ±1', 'sign', (algebra, x) => {
    if (isPositive(x)) return algebra.one;
    return isPositive(algebra.$.neg(x)) ? algebra.minusOne : undefined;
  }),
  rule('max(u, v) = u', 'call', largerOrSmaller),
  callRule('|c·u| = |c|·|u|', 'abs', absoluteOfProduct),
  callRule('log(exp u) = u', 'log', (_, x) => (isExp(x) ? x.args[0] : undefined)),
  callRule('log(u^n) = n·log u', 'log', logOfPower),
  callRule('exp(c·log u) = u^c', 'exp', expOfLogs),
  shortening('sin²u + cos²u = 1', 'sum', pairIdentities),
  shortening('1 - sin²u = cos²u', 'sum', squareIdentities),
  shortening('tan u · cos u = sin u', 'product', productIdentities),
  shortening('1/cos u = sec u', 'product', reciprocals),
  shortening('1/cos u = sec u', 'power', reciprocals),
  shortening('e^a·(b + c) = e^a·b + e^a·c', 'product', spreadExp),
  shortening('ab + ac = a(b + c)', 'sum', commonFactor),
  shortening('-(a - b) = b - a', 'product', turnedSums),
];

function joinPowers(algebra: Algebra, node: Product): Expr | undefined {
  const exponents = new Map<Expr, Expr[]>();
  for (const factor of node.args) {
    const [base, exponent] = split(algebra, factor);
    exponents.set(base, [...(exponents.get(base) ?? []), exponent]);
  }
  if (exponents.size === node.args.length) return undefined;
  const joined = [...exponents].map(([base, powers]) => algebra.power(base, algebra.sum(powers)));
  return algebra.product([algebra.num(node.coefficient), ...joined]);
}

/** An even inner power forgets the sign: (u^2)^(1/2) = |u|. */
function powerOfPower(algebra: Algebra, { args: [base, outer] }: Power): Expr | undefined {
  if (base!.kind !== 'power') return undefined;
  const [u, inner] = base!.args as [Expr, Expr];
  if (isPositive(u) || (isInteger(inner) && isInteger(outer!))) {
    return algebra.power(u, algebra.product([inner, outer!]));
  }
  if (outer!.kind !== 'num' || inner.kind !== 'num') return undefined;
  const forgets = isEven(inner.value) && !outer!.value.isInteger;
  return algebra.power(forgets ? algebra.call('abs', [u]) : u, algebra.num(inner.value.mul(outer!.value)));
}

/** (-1)^(2n + m) = (-1)^m for integers. */
function powerOfMinusOne(algebra: Algebra, { args: [base, exponent] }: Power): Expr | undefined {
  if (base !== algebra.minusOne || !isInteger(exponent!)) return undefined;
  const terms = exponent!.kind === 'sum' ? termsOf(algebra, exponent!) : [exponent!];
  const odd = terms.filter((term) => {
    const { coefficient, factors } = parts(term);
    return !isEven(coefficient) || !factors.every(isInteger);
  });
  const least = odd.map((term) => {
    const { factors } = parts(term);
    return factors.every(isInteger) ? algebra.product([...factors]) : term;
  });
  const rest = algebra.sum(least);
  return rest === exponent ? undefined : algebra.power(base, rest);
}

/** The n of an angle nπ, n known to be an integer. */
function turnsOf(algebra: Algebra, angle: Expr): Expr | undefined {
  const turns = algebra.$.div(angle, algebra.constant('pi'));
  const [whole] = turns.kind === 'product' ? [joinPowers(algebra, turns) ?? turns] : [turns];
  return angle.kind === 'product' && isInteger(whole) ? whole : undefined;
}

function powerOfProduct(algebra: Algebra, { args: [base, exponent] }: Power): Expr | undefined {
  if (base!.kind !== 'product' || !isInteger(exponent!)) return undefined;
  const { coefficient, factors } = parts(base!);
  if (coefficient.isZero) return undefined;
  const raised = [algebra.num(coefficient), ...factors].map((factor) => algebra.power(factor, exponent!));
  return algebra.product(
    raised.map((power) => (power.kind === 'power' ? (powerOfPower(algebra, power) ?? power) : power)),
  );
}

/** The larger or smaller of two, where the sign of their difference is known. */
function largerOrSmaller(algebra: Algebra, { name, args: [a, b] }: Call): Expr | undefined {
  if (name !== 'max' && name !== 'min') return undefined;
  if (isNonnegative(algebra.$.sub(a!, b!))) return name === 'max' ? a : b;
  if (isNonnegative(algebra.$.sub(b!, a!))) return name === 'max' ? b : a;
  return undefined;
}

function absoluteOfProduct(algebra: Algebra, x: Expr): Expr | undefined {
  const { coefficient, factors } = parts(x);
  const signed = factors.filter((factor) => !isNonnegative(factor));
  if (coefficient.abs().isOne && signed.length === factors.length) return undefined;
  const outside = factors.filter(isNonnegative);
  return algebra.product([
    algebra.num(coefficient.abs()),
    ...outside,
    algebra.call('abs', [algebra.product(signed)]),
  ]);
}

/** For an even n the logarithm of |u| would be needed, which is longer; then it stays. */
function logOfPower(algebra: Algebra, x: Expr): Expr | undefined {
  if (x.kind !== 'power') return undefined;
  const [base, exponent] = x.args as [Expr, Expr];
  if (!isNonnegative(base) && (exponent.kind !== 'num' || isEven(exponent.value))) return undefined;
  return algebra.product([exponent, algebra.call('log', [base])]);
}

function expOfLogs(algebra: Algebra, x: Expr): Expr | undefined {
  const terms = x.kind === 'sum' ? termsOf(algebra, x) : [x];
  const isLog = (term: Expr) => parts(term).factors.length === 1 && isCall(parts(term).factors[0]!, 'log');
  const logs = terms.filter(isLog);
  if (logs.length === 0) return undefined;
  const powers = logs.map((term) => {
    const { coefficient, factors } = parts(term);
    return algebra.power(factors[0]!.args[0]!, algebra.num(coefficient));
  });
  return algebra.product([
    ...powers,
    algebra.call('exp', [algebra.sum(terms.filter((term) => !isLog(term)))]),
  ]);
}

/** e^a · (s + t)^k = (e^(a/k)·s + e^(a/k)·t)^k, which helps where exponentials meet their inverses. */
function spreadExp(algebra: Algebra, node: Product): Expr[] {
  const exp = node.args.find(isExp);
  if (!exp) return [];
  return node.args.flatMap((factor) => {
    const [base, exponent] = split(algebra, factor);
    if (base.kind !== 'sum' || exponent.kind !== 'num' || !exponent.value.isInteger) return [];
    const share = algebra.power(exp, algebra.num(Rational.ONE.div(exponent.value)));
    const spread = algebra.sum(termsOf(algebra, base).map((term) => algebra.product([share, term])));
    const rest = node.args.filter((other) => other !== exp && other !== factor);
    return [algebra.product([algebra.num(node.coefficient), algebra.power(spread, exponent), ...rest])];
  });
}

/** Takes out the number and the powers that all terms share: the least power of each base, or the greatest. */
function commonFactor(algebra: Algebra, node: Sum): Expr[] {
  const terms = termsOf(algebra, node).map((term) => {
    const { coefficient, factors } = parts(term);
    return { coefficient, exponents: new Map(factors.map((factor) => splitExp(algebra, factor))) };
  });
  const size = terms.map((term) => term.coefficient.abs()).reduce(rationalGcd);
  const content = terms.every((term) => term.coefficient.sign < 0) ? size.neg() : size;
  return [-1, 1].flatMap((side) => {
    const shared = [...terms[0]!.exponents.keys()].flatMap((base) => {
      const exponent = extremeExponent(
        algebra,
        terms.map(({ exponents }) => exponents.get(base)),
        side,
      );
      return exponent ? [[base, exponent] as const] : [];
    });
    if (shared.length === 0 && content.isOne) return [];
    const quotients = terms.map(({ coefficient, exponents }) => {
      const left = new Map(exponents);
      for (const [base, least] of shared) left.set(base, algebra.$.sub(left.get(base)!, least));
      return algebra.product([algebra.num(coefficient.div(content)), ...powersOf(algebra, left)]);
    });
    return [algebra.product([algebra.num(content), ...powersOf(algebra, shared), algebra.sum(quotients)])];
  });
}

const powersOf = (algebra: Algebra, exponents: Iterable<readonly [Expr, Expr]>): Expr[] =>
  [...exponents].map(([base, exponent]) => algebra.power(base, exponent));

/** -(a - b) = b - a, in a product with a sum to an odd power. */
function turnedSums(algebra: Algebra, node: Product): Expr[] {
  if (node.coefficient.sign >= 0) return [];
  return node.args.flatMap((factor, i) => {
    const [base, exponent] = split(algebra, factor);
    const isOdd = exponent.kind === 'num' && exponent.value.isInteger && !isEven(exponent.value);
    if (base.kind !== 'sum' || !isOdd) return [];
    const turned = algebra.power(algebra.sum([algebra.$.neg(base)]), exponent);
    return [algebra.product([algebra.num(node.coefficient.neg()), ...node.args.with(i, turned)])];
  });
}

/** The base and exponent of a factor, e^(3u) being the third power of e^u. */
function splitExp(algebra: Algebra, factor: Expr): readonly [base: Expr, exponent: Expr] {
  const [u] = isExp(factor) ? factor.args : [];
  if (u?.kind !== 'product' || u.coefficient.isOne) return split(algebra, factor);
  const bare = algebra.product([algebra.num(Rational.ONE.div(u.coefficient)), u]);
  return [algebra.call('exp', [bare]), algebra.num(u.coefficient)];
}

/** The least (side -1) or greatest (side 1) of exponents that differ by numbers; nothing for others. */
function extremeExponent(
  algebra: Algebra,
  exponents: readonly (Expr | undefined)[],
  side: number,
): Expr | undefined {
  if (exponents.includes(undefined)) return undefined;
  let extreme = exponents[0]!;
  for (const exponent of exponents as readonly Expr[]) {
    const difference = exponent === extreme ? algebra.zero : algebra.$.sub(exponent, extreme);
    if (difference.kind !== 'num') return undefined;
    if (difference.value.sign === side) extreme = exponent;
  }
  return extreme;
}
