// Rewriting as named rules. Each holds wherever both sides are defined; the conditions that are lost on the way are
// told by comparing domains, in `simplify.ts`.

import type { Algebra } from './algebra.ts';
import { isExp } from './expr.ts';
import type { Call, Expr, Power, Product, Sum } from './node.ts';
import { Rational, rationalGcd } from './rational.ts';
import { countNodes } from './walk.ts';

export interface Rule {
  readonly name: string;
  /** The rewritten node, or nothing where the rule does not apply. */
  apply(algebra: Algebra, node: Expr): Expr | undefined;
}

/** A rule for one kind of node. */
const rule = <K extends Expr['kind']>(
  name: string,
  kind: K,
  apply: (algebra: Algebra, node: Extract<Expr, { kind: K }>) => Expr | undefined,
): Rule => ({
  name,
  apply: (algebra, node) =>
    node.kind === kind ? apply(algebra, node as Extract<Expr, { kind: K }>) : undefined,
});

/** A rule for calls of one function of one argument. */
const callRule = (name: string, fn: string, apply: (algebra: Algebra, x: Expr) => Expr | undefined): Rule =>
  rule(name, 'call', (algebra, node: Call) => (node.name === fn ? apply(algebra, node.args[0]!) : undefined));

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

const termsOf = (algebra: Algebra, node: Sum): Expr[] =>
  node.constant.isZero ? [...node.args] : [...node.args, algebra.num(node.constant)];

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
  callRule('|c·u| = |c|·|u|', 'abs', absoluteOfProduct),
  callRule('log(exp u) = u', 'log', (_, x) => (isExp(x) ? x.args[0] : undefined)),
  callRule('log(u^n) = n·log|u|', 'log', logOfPower),
  callRule('exp(c·log u) = u^c', 'exp', expOfLogs),
  rule('sin²u + cos²u = 1', 'sum', pythagoras),
  rule('ab + ac = a(b + c)', 'sum', commonFactor),
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
  if (base!.kind !== 'power' || outer!.kind !== 'num') return undefined;
  const [u, inner] = base!.args as [Expr, Expr];
  if (inner.kind !== 'num') return undefined;
  const forgets = isEven(inner.value) && !outer!.value.isInteger;
  return algebra.power(forgets ? algebra.call('abs', [u]) : u, algebra.num(inner.value.mul(outer!.value)));
}

function powerOfProduct(algebra: Algebra, { args: [base, exponent] }: Power): Expr | undefined {
  if (base!.kind !== 'product' || exponent!.kind !== 'num' || !exponent!.value.isInteger) return undefined;
  const { coefficient, factors } = parts(base!);
  if (coefficient.isZero) return undefined;
  const raised = [algebra.num(coefficient), ...factors].map((factor) => algebra.power(factor, exponent!));
  return algebra.product(
    raised.map((power) => (power.kind === 'power' ? (powerOfPower(algebra, power) ?? power) : power)),
  );
}

function absoluteOfProduct(algebra: Algebra, x: Expr): Expr | undefined {
  const isPlain = (factor: Expr) => {
    const [, exponent] = split(algebra, factor);
    return isExp(factor) || isCall(factor, 'abs') || (exponent.kind === 'num' && isEven(exponent.value));
  };
  const { coefficient, factors } = parts(x);
  const signed = factors.filter((factor) => !isPlain(factor));
  if (coefficient.abs().isOne && signed.length === factors.length) return undefined;
  const outside = factors.filter(isPlain);
  return algebra.product([
    algebra.num(coefficient.abs()),
    ...outside,
    algebra.call('abs', [algebra.product(signed)]),
  ]);
}

function logOfPower(algebra: Algebra, x: Expr): Expr | undefined {
  if (x.kind !== 'power' || x.args[1]!.kind !== 'num') return undefined;
  const [base, exponent] = x.args as [Expr, Expr & { kind: 'num' }];
  const inside = isEven(exponent.value) ? algebra.call('abs', [base]) : base;
  return algebra.product([exponent, algebra.call('log', [inside])]);
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

/** c·sin²u + c·cos²u = c, with any common c. */
function pythagoras(algebra: Algebra, node: Sum): Expr | undefined {
  const two = algebra.int(2);
  const swapped = (factor: Expr): Expr | undefined => {
    const [base, exponent] = split(algebra, factor);
    if (!isCall(base, 'sin') || !(exponent.kind === 'num' && exponent.value.equals(Rational.of(2))))
      return undefined;
    return algebra.power(algebra.call('cos', base.args), two);
  };
  for (const term of node.args) {
    const { coefficient, factors } = parts(term);
    for (const [i, factor] of factors.entries()) {
      const other = swapped(factor);
      if (!other) continue;
      const partner = algebra.product([algebra.num(coefficient), ...factors.with(i, other)]);
      if (!node.args.includes(partner)) continue;
      const rest = termsOf(algebra, node).filter((t) => t !== term && t !== partner);
      return algebra.sum([...rest, algebra.product([algebra.num(coefficient), ...factors.toSpliced(i, 1)])]);
    }
  }
  return undefined;
}

/** Takes out the powers and the number that all terms share, where that makes the expression smaller. */
function commonFactor(algebra: Algebra, node: Sum): Expr | undefined {
  const terms = termsOf(algebra, node).map((term) => {
    const { coefficient, factors } = parts(term);
    const powers = factors.map((factor) => split(algebra, factor));
    return {
      coefficient,
      exponents: new Map(powers.flatMap(([base, e]) => (e.kind === 'num' ? [[base, e.value]] : []))),
    };
  });
  const shared: Expr[] = [];
  for (const base of terms[0]!.exponents.keys()) {
    const exponents = terms.map((term) => term.exponents.get(base));
    if (exponents.some((exponent) => exponent === undefined)) continue;
    const least = (exponents as Rational[]).reduce((a, b) => (a.compare(b) <= 0 ? a : b));
    shared.push(algebra.power(base, algebra.num(least)));
  }
  const content = terms.map((term) => term.coefficient.abs()).reduce(rationalGcd);
  const factor = algebra.product([algebra.num(content), ...shared]);
  if (factor === algebra.one) return undefined;
  const quotients = termsOf(algebra, node).map((term) => divided(algebra, term, factor));
  const factored = algebra.product([factor, algebra.sum(quotients)]);
  return countNodes(factored) < countNodes(node) ? factored : undefined;
}

/** term / factor with the powers joined. */
function divided(algebra: Algebra, term: Expr, factor: Expr): Expr {
  const quotient = algebra.product([term, algebra.power(factor, algebra.minusOne)]);
  return quotient.kind === 'product' ? (joinPowers(algebra, quotient) ?? quotient) : quotient;
}
