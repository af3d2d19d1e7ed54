import { Algebra } from './algebra.ts';
import type { Assumption } from './assumption.ts';
import { type Input, toExpr } from './input.ts';
import type { Expr } from './node.ts';
import { prove } from './prove.ts';
import { QUICK, refute, THOROUGH, type Witness } from './refute.ts';

export type { Witness } from './refute.ts';

export type Verdict = 'proved' | 'refuted' | 'unknown';

export interface EqualOptions {
  readonly assume?: Readonly<Record<string, Assumption>>;
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
  left: Expr,
  right: Expr,
  within: readonly Expr[],
  { assume = {} }: EqualOptions,
): Equality {
  const positive = new Set(Object.keys(assume).filter((name) => assume[name] === 'positive'));
  const witness = refute(left, right, within, positive, QUICK);
  if (witness) return refuted(witness);
  const proof = prove(algebra, left, right, { positive, within });
  if (proof.isProved)
    return {
      verdict: 'proved',
      conditions: proof.conditions,
      why: 'the difference of the normal forms is zero',
    };
  const late = refute(left, right, within, positive, THOROUGH);
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
