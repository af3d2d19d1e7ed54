import { Algebra } from './algebra.ts';
import {
  type Assumptions,
  assumedFacts,
  factsOfVariables,
  forgetting,
  withAssumptions,
} from './assumption.ts';
import { type Ball, balls } from './ball.ts';
import { domainConditions, withoutImplied } from './domain.ts';
import { DomainError, LimitError } from './errors.ts';
import { FACT } from './facts.ts';
import { foldAll, isLanguage } from './fold.ts';
import { type Input, toExpr } from './input.ts';
import type { Expr, Facts } from './node.ts';
import { NormalForms } from './normal.ts';
import { Rational } from './rational.ts';
import { postorder } from './walk.ts';

export type Verdict = 'proved' | 'refuted' | 'unknown';

export interface EqualOptions {
  /** What is known of variables besides that they are real. */
  readonly assume?: Assumptions;
}

/** Rational values of the variables at which enclosures of the two sides are apart; anyone can check them again. */
export interface Witness {
  readonly at: Readonly<Record<string, Rational>>;
  /** The two values to 17 digits, as decimals. */
  readonly left: string;
  readonly right: string;
  /** The bits after the point with which they were told apart. */
  readonly precision: number;
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
export function equal(a: Input, b: Input, { assume = {} }: EqualOptions = {}): Equality {
  const algebra = new Algebra();
  const given = algebra.adopt(toExpr(a), toExpr(b));
  const [left, right] = withAssumptions(algebra, given, assumedFacts(assume)) as [Expr, Expr];
  const quick = refute(left, right, QUICK);
  if (quick) return quick;
  const proof = prove(algebra, left, right);
  if (proof.verdict === 'unknown') return refute(left, right, THOROUGH) ?? proof;
  return { ...proof, conditions: proof.conditions.map(forgetting(algebra, given)) };
}

/** Precisions in bits and how many points are tried at each. */
const QUICK = [{ precision: 128, points: 8 }];
const THOROUGH = [
  { precision: 256, points: 64 },
  { precision: 2048, points: 6 },
];

function prove(algebra: Algebra, left: Expr, right: Expr): Equality {
  const forms = new NormalForms();
  try {
    if (!forms.areEqual(left, right)) {
      return {
        verdict: 'unknown',
        conditions: [],
        why: 'the normal forms differ, and no point was found that tells the sides apart',
      };
    }
  } catch (error) {
    if (!(error instanceof LimitError || error instanceof DomainError)) throw error;
    return { verdict: 'unknown', conditions: [], why: `the proof was given up: ${error.message}` };
  }
  const of = domainConditions(algebra, left);
  const other = domainConditions(algebra, right);
  const assumed = algebra.adopt(...forms.assumed);
  const differing = [
    ...of.filter((c) => !other.includes(c)),
    ...other.filter((c) => !of.includes(c)),
    ...assumed,
  ];
  const conditions = withoutImplied(algebra, differing).filter((c) => c.kind !== 'constant');
  return { verdict: 'proved', conditions, why: 'the difference of the normal forms is zero' };
}

interface Effort {
  readonly precision: number;
  readonly points: number;
}

function refute(left: Expr, right: Expr, efforts: readonly Effort[]): Equality | undefined {
  const facts = factsOfVariables([left, right]);
  const names = [...facts.keys()].sort();
  if (postorder([left, right]).some(isDeclared)) return undefined;
  for (const { precision, points } of efforts) {
    const $ = balls(precision);
    for (let i = 0; i < points; i++) {
      const at = Object.fromEntries(names.map((name, j) => [name, samplePoint(i, j, facts.get(name)!)]));
      const bindings = Object.fromEntries(names.map((name) => [name, $.rational(at[name]!.p, at[name]!.q)]));
      const [a, b] = foldAll<Ball, unknown>([left, right], $ as never, bindings);
      if (!a || !b || $.equal(a, b) !== false) continue;
      const value = ({ middle }: NonNullable<Ball>) =>
        Rational.of(middle, 1n << BigInt(precision)).toDecimal(17);
      const witness = { at, left: value(a), right: value(b), precision };
      return {
        verdict: 'refuted',
        conditions: [],
        witness,
        why: 'enclosures of the two sides at the point lie apart',
      };
    }
  }
  return undefined;
}

/** A call without a value. */
const isDeclared = (node: Expr) => node.kind === 'call' && !isLanguage(node.name);

/** The i-th value tried for the j-th variable, none of them 0: fractions of both signs near 0 first, then larger ones. */
function samplePoint(i: number, j: number, facts: Facts): Rational {
  const k = (i * 7 + j * 11 + 3) % 64;
  const denominators = [16, 16, 5, 3, 7, 16, 1, 2];
  const size = Rational.of(1 + ((k * 37) % 59), denominators[i % 8]!).mul(
    Rational.of(i % 16 === 14 ? 100 : 1),
  );
  const allowed = facts & FACT.integer ? Rational.of(size.floor() + 1n) : size;
  return facts & FACT.nonnegative || (i + j) % 3 !== 1 ? allowed : allowed.neg();
}
