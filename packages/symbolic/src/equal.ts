import { Algebra } from './algebra.ts';
import { type Assumptions, assumedFacts, forgetting, withAssumptions } from './assumption.ts';
import { type Input, toExpr } from './input.ts';
import type { Expr } from './node.ts';
import { prove } from './prove.ts';
import { QUICK, refute, THOROUGH, type Witness } from './refute.ts';

export type { Witness } from './refute.ts';

export type Verdict = 'proved' | 'refuted' | 'unknown';

export interface EqualOptions {
  /** What is known of variables besides that they are real. */
  readonly assume?: Assumptions;
}

export interface Equality {
  readonly verdict: Verdict;
  /** Where the sides are not both defined, or a step did not hold: equal wherever all of these do. */
  readonly conditions: readonly Expr[];
  readonly witness?: Witness;
  /** How the verdict was reached, or what was tried. */
  readonly why: string;
}

/**
 * Whether two expressions are equal as real functions, wherever both are defined. `proved` comes from exact algebra
 * alone, `refuted` from enclosures of both sides at a rational point that lie apart; else `unknown`.
 *
 * @example
 * import { equal } from '@leibniz/symbolic';
 * equal('(x + 1)^2', 'x^2 + 2x + 1').verdict; // => proved
 * equal('sqrt(x^2)', 'x').verdict; // => refuted
 * equal('x/x', '1').conditions.map(String); // => [ 'x != 0' ]
 */
export function equal(a: Input, b: Input, options: EqualOptions = {}): Equality {
  const algebra = new Algebra();
  const [left, right] = algebra.adopt(toExpr(a), toExpr(b)) as [Expr, Expr];
  return equalWithin(algebra, left, right, [], options);
}

/** The same where further expressions of the algebra have values too. */
export function equalWithin(
  algebra: Algebra,
  a: Expr,
  b: Expr,
  defined: readonly Expr[],
  { assume = {} }: EqualOptions,
): Equality {
  const given = [a, b, ...defined];
  const [left, right, ...within] = withAssumptions(algebra, given, assumedFacts(assume)) as [Expr, Expr];
  const witness = refute(left, right, within, QUICK);
  if (witness) return refuted(witness);
  const proof = prove(algebra, left, right, within);
  if (proof.isProved) {
    const conditions = proof.conditions.map(forgetting(algebra, given));
    return { verdict: 'proved', conditions, why: 'the difference of the normal forms is zero' };
  }
  const late = refute(left, right, within, THOROUGH);
  if (late) return refuted(late);
  return {
    verdict: 'unknown',
    conditions: [],
    why: `${proof.why}, and no point was found that tells the sides apart`,
  };
}

const refuted = (witness: Witness): Equality => ({
  verdict: 'refuted',
  conditions: [],
  witness,
  why: 'enclosures of the two sides at the point lie apart',
});
