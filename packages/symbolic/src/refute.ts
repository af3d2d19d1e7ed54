// Counterexamples: doubles find a point where the sides seem to differ, ball arithmetic makes sure.

import { ops } from '@leibniz/ops';
import { factsOfVariables } from './assumption.ts';
import { type Ball, balls } from './ball.ts';
import { FACT } from './facts.ts';
import { foldAll, isLanguage } from './fold.ts';
import type { Expr, Facts } from './node.ts';
import { Rational } from './rational.ts';
import { postorder } from './walk.ts';

/** Rational values of the variables at which enclosures of the two sides are apart; anyone can check them again. */
export interface Witness {
  readonly at: Readonly<Record<string, Rational>>;
  /** The two values to 17 digits, as decimals. */
  readonly left: string;
  readonly right: string;
  /** The bits after the point with which they were told apart. */
  readonly precision: number;
}

type Point = Readonly<Record<string, Rational>>;

/** How long a witness is looked for. */
interface Effort {
  /** Points tried in double precision; at those where the sides seem to differ, balls decide. */
  readonly points: number;
  /** Points at which balls decide whatever doubles say, by their precision in bits. */
  readonly certain: readonly (readonly [precision: number, points: number])[];
}

/** A first look, before a proof is tried. */
export const QUICK: Effort = { points: 12, certain: [] };

/** When no proof was found. */
export const THOROUGH: Effort = {
  points: 400,
  certain: [
    [256, 12],
    [2048, 2],
  ],
};

/** Precisions in bits with which a difference that doubles show is certified. */
const PRECISIONS = [128, 512];

/** At most so many candidates are handed to the balls. */
const MAX_CANDIDATES = 12;

/** If none of so many generic points has values, whole numbers are tried instead. */
const FIRST_POINTS = 40;

/** Relative differences of doubles below this are put down to rounding. */
const ROUNDING = 1e-7;

/** A point where both sides, and the expressions `within`, have values and the sides differ. */
export function refute(
  left: Expr,
  right: Expr,
  within: readonly Expr[],
  effort: Effort,
): Witness | undefined {
  const roots = [left, right, ...within];
  if (postorder(roots).some(isDeclared)) return undefined;
  const facts = new Map([...factsOfVariables(roots)].sort(([a], [b]) => (a < b ? -1 : 1)));
  const near = numbersIn(roots);
  let candidates = 0;
  // Powers of negative numbers and the like have values at whole numbers only.
  const isThin = !Array.from({ length: FIRST_POINTS }, (_, i) => pointAt(i, facts, near)).some((at) =>
    foldDoubles(roots, at).every(Number.isFinite),
  );
  const choose = isThin ? wholePointAt : pointAt;
  for (let i = 0; i < effort.points && candidates < MAX_CANDIDATES; i++) {
    const at = choose(i, facts, near);
    if (!seemToDiffer(roots, at)) continue;
    candidates++;
    for (const precision of PRECISIONS) {
      const witness = witnessAt(roots, at, precision);
      if (witness) return witness;
    }
    if (facts.size === 0) break;
  }
  for (const [precision, points] of effort.certain) {
    let defined = 0;
    for (let i = 0; i < effort.points && defined < points; i++) {
      const at = choose(i, facts, near);
      if (foldDoubles(roots, at).some(Number.isNaN)) continue;
      defined++;
      const witness = witnessAt(roots, at, precision);
      if (witness) return witness;
      if (facts.size === 0) break;
    }
  }
  return undefined;
}

/** A call without a value. */
const isDeclared = (node: Expr) => node.kind === 'call' && !isLanguage(node.name);

function foldDoubles(roots: readonly Expr[], at: Point): number[] {
  const bindings = Object.fromEntries(Object.entries(at).map(([name, value]) => [name, value.toNumber()]));
  return foldAll(roots, ops.numbers as never, bindings) as number[];
}

function seemToDiffer(roots: readonly Expr[], at: Point): boolean {
  const values = foldDoubles(roots, at);
  const [a, b] = values as [number, number];
  return (
    values.every((value) => Number.isFinite(value)) &&
    Math.abs(a - b) > ROUNDING * (Math.abs(a) + Math.abs(b))
  );
}

function witnessAt(roots: readonly Expr[], at: Point, precision: number): Witness | undefined {
  const $ = balls(precision);
  const bindings = Object.fromEntries(Object.entries(at).map(([name, { p, q }]) => [name, $.rational(p, q)]));
  const [a, b, ...within] = foldAll<Ball, unknown>(roots, $ as never, bindings);
  if (!a || !b || within.includes(undefined) || $.equal(a, b) !== false) return undefined;
  const value = ({ middle }: NonNullable<Ball>) => Rational.of(middle, 1n << BigInt(precision)).toDecimal(17);
  return { at, left: value(a), right: value(b), precision };
}

/** The numbers that occur, near which something may change. */
function numbersIn(roots: readonly Expr[]): Rational[] {
  const found = postorder(roots).flatMap((node) =>
    node.kind === 'num' ? [node.value] : node.kind === 'sum' ? [node.constant] : [],
  );
  return found.filter((value) => value.abs().compare(Rational.of(8)) > 0 && value.bits < 64).slice(0, 8);
}

/** Not those of numbers that people write, so that no point lies on the edge of a case. */
const DENOMINATORS = [7, 11, 13, 16, 32];

/** The i-th point: fractions near 1 first, then of both signs, some large and some close to 0; never a half. */
export function pointAt(
  i: number,
  variables: ReadonlyMap<string, Facts>,
  near: readonly Rational[] = [],
): Point {
  let state = (i + 1) * 0x9e3779b1;
  const random = (n: number) => {
    state = Math.imul(state ^ (state >>> 15), 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
    state ^= state >>> 16;
    return (state >>> 0) % n;
  };
  return Object.fromEntries(
    [...variables].map(([name, facts]) => {
      const q = DENOMINATORS[random(DENOMINATORS.length)]!;
      const most = [1, 3, 3, 8, 3, 1, 40, 8][i % 8]!;
      // Coprime to q, whether q is prime or a power of 2.
      const p = (1 + random(most)) * q - (q % 2 === 0 ? 1 + 2 * random(q / 2) : 1 + random(q - 1));
      const size = Rational.of(p, i % 16 === 15 ? 4 * q : q);
      if (near.length > 0 && i % 4 === 3 && random(2) === 0) {
        const value = near[random(near.length)]!.abs().mul(Rational.of(7 * random(4) + 1 + random(6), 7));
        return [name, allowed(value, facts, random(2) === 0)];
      }
      const isPositive = i % 4 === 0 || random(2) === 0;
      return [name, allowed(size, facts, isPositive)];
    }),
  );
}

/** A number of the size, none of them 0, that a variable with such facts may be. */
function allowed(size: Rational, facts: Facts, isPositive: boolean): Rational {
  const value = facts & FACT.integer && !size.isInteger ? Rational.of(size.floor() + 1n) : size;
  return isPositive || facts & FACT.nonnegative ? value : value.neg();
}

/** Small whole numbers. */
const wholePointAt: typeof pointAt = (i, variables) =>
  Object.fromEntries(
    [...variables].map(([name, facts], j) => {
      const size = Rational.of(1 + ((i * (j + 3) + j) % (2 + (i >> 2))));
      return [name, allowed(size, facts, (i + j) % 3 > 0)];
    }),
  );
