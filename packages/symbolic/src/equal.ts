import { Algebra } from './algebra.ts';
import type { Assumption } from './assumption.ts';
import { type Ball, balls } from './ball.ts';
import { domainConditions, withoutImplied } from './domain.ts';
import { DomainError, LimitError } from './errors.ts';
import { foldAll, isLanguage } from './fold.ts';
import { type Input, toExpr } from './input.ts';
import type { Expr } from './node.ts';
import { NormalForms } from './normal.ts';
import { Rational } from './rational.ts';
import { postorder, variables } from './walk.ts';

export type Verdict = 'proved' | 'refuted' | 'unknown';

export interface EqualOptions {
  readonly assume?: Readonly<Record<string, Assumption>>;
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
export function equal(a: Input, b: Input, options: EqualOptions = {}): Equality {
  const algebra = new Algebra();
  const [left, right] = algebra.adopt(toExpr(a), toExpr(b)) as [Expr, Expr];
  const quick = refute(left, right, options, QUICK);
  if (quick) return quick;
  const proof = prove(algebra, left, right, options);
  if (proof.verdict !== 'unknown') return proof;
  return refute(left, right, options, THOROUGH) ?? proof;
}

/** Precisions in bits and how many points are tried at each. */
const QUICK = [{ precision: 128, points: 8 }];
const THOROUGH = [
  { precision: 256, points: 64 },
  { precision: 2048, points: 6 },
];

function prove(algebra: Algebra, left: Expr, right: Expr, { assume = {} }: EqualOptions): Equality {
  const positive = Object.keys(assume).filter((name) => assume[name] === 'positive');
  const forms = new NormalForms(positive);
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
  const names = new Set(positive);
  const of = domainConditions(algebra, left, names);
  const other = domainConditions(algebra, right, names);
  const { $ } = algebra;
  const assumed = algebra.adopt(...forms.assumed);
  const differing = [
    ...of.filter((c) => !other.includes(c)),
    ...other.filter((c) => !of.includes(c)),
    ...assumed,
  ];
  const known = new Set(positive.map((name) => $.less($.int(0), algebra.sym(name))));
  const conditions = withoutImplied(algebra, differing).filter(
    (c) => !known.has(c) && !(c.kind === 'constant'),
  );
  return { verdict: 'proved', conditions, why: 'the difference of the normal forms is zero' };
}

interface Effort {
  readonly precision: number;
  readonly points: number;
}

function refute(
  left: Expr,
  right: Expr,
  { assume = {} }: EqualOptions,
  efforts: readonly Effort[],
): Equality | undefined {
  const names = [...new Set([...variables(left), ...variables(right)])];
  if (postorder([left, right]).some(isDeclared)) return undefined;
  for (const { precision, points } of efforts) {
    const $ = balls(precision);
    for (let i = 0; i < points; i++) {
      const at = Object.fromEntries(
        names.map((name, j) => [name, samplePoint(i, j, assume[name] === 'positive')]),
      );
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

/** The i-th value tried for the j-th variable: fractions of both signs near 0 first, then larger ones. */
function samplePoint(i: number, j: number, positive: boolean): Rational {
  const k = (i * 7 + j * 11 + 3) % 64;
  const denominators = [16, 16, 5, 3, 7, 16, 1, 2];
  const size = Rational.of(1 + ((k * 37) % 59), denominators[i % 8]!).mul(
    Rational.of(i % 16 === 14 ? 100 : 1),
  );
  return positive || (i + j) % 3 !== 1 ? size : size.neg();
}
