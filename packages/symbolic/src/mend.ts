// What is usually wrong with a derivative worked out by hand, tried one after the other; a mend counts if it is proved.

import type { Algebra } from './algebra.ts';
import { diff } from './diff.ts';
import { type EqualOptions, equalWithin } from './equal.ts';
import type { Expr } from './node.ts';
import { Rational } from './rational.ts';
import { simplify } from './simplify.ts';
import { dependents, memoise, postorder, variables } from './walk.ts';

/** A refuted claim, and what is known of it. */
export interface Slip {
  readonly formula: Expr;
  readonly claim: Expr;
  readonly derivative: Expr;
  readonly ratio: Expr | undefined;
  readonly wrt: string;
  readonly options: EqualOptions;
}

/** A claim that would be right, and how to get there from the one made. */
interface Mend {
  readonly claim: Expr;
  readonly hint: string;
}

/** At most so many mends are tried. */
const MAX_TRIED = 60;

/** The first of the usual mends that is proved to make the claim right. */
export function mend(algebra: Algebra, slip: Slip): string | undefined {
  let tried = 0;
  for (const { claim, hint } of mends(algebra, slip)) {
    const [mended] = algebra.adopt(claim) as [Expr];
    const { verdict, conditions } = equalWithin(
      algebra,
      mended,
      slip.derivative,
      [slip.formula],
      slip.options,
    );
    if (verdict === 'proved' && !conditions.some(isFalse)) return `${hint} makes it right`;
    if (++tried === MAX_TRIED) return undefined;
  }
  return undefined;
}

const isFalse = (e: Expr) => e.kind === 'constant' && e.name === 'false';

function* mends(algebra: Algebra, slip: Slip): Generator<Mend> {
  yield* constantFactor(algebra, slip);
  yield* spareFunctions(algebra, slip);
  yield* chainFactors(algebra, slip);
  yield* exponents(algebra, slip);
  yield* quotients(algebra, slip);
  yield* otherVariables(slip);
}

/** The sign, or a number. */
function* constantFactor({ $ }: Algebra, { claim, ratio }: Slip): Generator<Mend> {
  if (ratio?.kind !== 'num' || ratio.value.isZero) return;
  const { value } = ratio;
  if (value.equals(Rational.MINUS_ONE)) yield { claim: $.neg(claim), hint: 'changing the sign' };
  else yield { claim: $.div(claim, ratio), hint: `dividing the claim by ${ratio}` };
}

/** log u where u should be. */
function* spareFunctions(algebra: Algebra, { claim }: Slip): Generator<Mend> {
  for (const call of postorder([claim])) {
    if (call.kind !== 'call' || call.name !== 'log') continue;
    const inside = call.args[0]!;
    yield { claim: replaced(algebra, claim, call, inside), hint: `using ${inside} instead of ${call}` };
  }
}

/** The inner derivative forgotten, or taken twice. */
function* chainFactors({ $ }: Algebra, { formula, claim, wrt }: Slip): Generator<Mend> {
  const moving = dependents([formula], new Set([wrt]));
  const inner = new Set(
    [...moving].flatMap((node) => (node.kind === 'call' || node.kind === 'power' ? node.args : [])),
  );
  for (const u of inner) {
    if (!moving.has(u) || u.kind === 'sym') continue;
    const factor = simplify(diff(u, wrt));
    if (factor.kind === 'num' && (factor.value.isOne || factor.value.isZero)) continue;
    yield { claim: $.mul(claim, factor), hint: `multiplying by ${factor}, the derivative of ${u},` };
    yield { claim: $.div(claim, factor), hint: `dividing by ${factor}, the derivative of ${u},` };
  }
}

/** x^n where x^(n-1) or x^(n+1) should be. */
function* exponents(algebra: Algebra, { claim }: Slip): Generator<Mend> {
  for (const node of postorder([claim])) {
    const [base, exponent] = node.kind === 'power' ? (node.args as [Expr, Expr]) : [node, algebra.one];
    if (exponent.kind === 'num' && (base.kind === 'num' || base.kind === 'product')) continue;
    if (node.kind !== 'power' && node.kind !== 'sym') continue;
    for (const change of [algebra.minusOne, algebra.one]) {
      const other = algebra.power(base, algebra.sum([exponent, change]));
      yield { claim: replaced(algebra, claim, node, other), hint: `using ${other} instead of ${node}` };
    }
  }
}

/** The quotient rule upside down: v² and u² exchanged, or the whole quotient. */
function* quotients(algebra: Algebra, { formula, claim }: Slip): Generator<Mend> {
  const { $ } = algebra;
  yield { claim: $.inv(claim), hint: 'turning the claim upside down' };
  for (const node of postorder([formula])) {
    if (node.kind !== 'product') continue;
    const below = node.args.filter(isReciprocal);
    if (below.length === 0) continue;
    const v = algebra.product(
      below.map((factor) =>
        algebra.power(factor.args[0]!, algebra.product([algebra.minusOne, factor.args[1]!])),
      ),
    );
    const u = algebra.product([
      algebra.num(node.coefficient),
      ...node.args.filter((arg) => !isReciprocal(arg)),
    ]);
    const turned = $.mul(claim, $.square($.div(u, v)));
    yield { claim: turned, hint: `dividing by the square of ${v} instead of that of ${u}` };
    yield {
      claim: $.neg(turned),
      hint: `dividing by the square of ${v} instead of that of ${u}, with the other sign,`,
    };
    yield { claim: $.div(claim, v), hint: `dividing by ${v} once more` };
    yield { claim: $.mul(claim, v), hint: `multiplying by ${v}` };
  }
}

const isReciprocal = (e: Expr) =>
  e.kind === 'power' && e.args[1]!.kind === 'num' && e.args[1]!.value.sign < 0;

/** The derivative by another variable. */
function* otherVariables({ formula, claim, derivative, wrt }: Slip): Generator<Mend> {
  for (const name of variables(formula)) {
    if (name === wrt || !simplify(diff(formula, name)).equals(simplify(claim))) continue;
    yield { claim: derivative, hint: `differentiating by ${wrt} instead of ${name}` };
  }
}

function replaced(algebra: Algebra, e: Expr, target: Expr, replacement: Expr): Expr {
  const [result] = memoise<Expr>([e], (node, resultOf) =>
    node === target ? replacement : algebra.rebuild(node, node.args.map(resultOf)),
  );
  return result!;
}
