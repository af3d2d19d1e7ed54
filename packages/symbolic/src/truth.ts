// What is true at a root that is known by an interval: equalities by common divisors, inequalities by enclosures.

import type { Algebra } from './algebra.ts';
import { type Ball, balls } from './ball.ts';
import { DomainError, LimitError } from './errors.ts';
import { toIntegers } from './factors.ts';
import { foldAll } from './fold.ts';
import { Fractions } from './fraction.ts';
import { gcd } from './gcd.ts';
import { type Interval, signAt } from './isolate.ts';
import type { Expr } from './node.ts';
import { Rational } from './rational.ts';
import { cancel } from './rewrites.ts';
import { substitute } from './substitute.ts';
import { variables } from './walk.ts';

/** A real number as the only zero of an expression in an interval; of a point, it is the point. */
interface Root {
  readonly value: Expr | undefined;
  readonly factor: Expr;
  readonly interval: Interval;
}

/** Precisions in bits with which a condition is tried. */
const PRECISIONS = [128, 512];

/** Whether a condition holds at a root; nothing where that was not decided. */
export function holdsAt(algebra: Algebra, condition: Expr, x: string, root: Root): boolean | undefined {
  if (root.value) {
    const there = cancel(substitute(condition, { [x]: root.value }));
    if (there.kind === 'constant') return there.name === 'true';
  }
  if (condition.kind !== 'call') return undefined;
  const [a, b] = condition.args as [Expr, Expr];
  const side = (part: Expr) => holdsAt(algebra, part, x, root);
  switch (condition.name) {
    case 'not':
      return negated(side(a));
    case 'and':
      return negated(either(negated(side(a)), negated(side(b))));
    case 'or':
      return either(side(a), side(b));
    default:
      return comparisonAt(algebra, condition, x, root);
  }
}

const negated = (truth: boolean | undefined) => (truth === undefined ? undefined : !truth);
const either = (a: boolean | undefined, b: boolean | undefined) =>
  a || b ? true : a === false && b === false ? false : undefined;

function comparisonAt(
  algebra: Algebra,
  { name, args }: Extract<Expr, { kind: 'call' }>,
  x: string,
  root: Root,
): boolean | undefined {
  const [a, b] = args as [Expr, Expr];
  const difference = algebra.sum([a, algebra.product([algebra.minusOne, b])]);
  const isZero = vanishesAt(algebra, difference, x, root);
  if (isZero) return name !== 'less';
  if (isZero === false && name === 'equal') return false;
  const sign = signNear(difference, x, root);
  return sign === undefined ? undefined : name !== 'equal' && sign < 0;
}

/** Whether an expression is exactly zero at a root; nothing where they are not both polynomials in x alone. */
function vanishesAt(algebra: Algebra, e: Expr, x: string, { factor, interval }: Root): boolean | undefined {
  try {
    const fractions = new Fractions(algebra, [e, factor]);
    const { ring, kernels } = fractions;
    if (kernels.length !== 1 || kernels[0]!.base !== algebra.sym(x)) return undefined;
    const [low, high] = interval;
    const shared = toIntegers(ring, gcd(ring, fractions.of(e).above, fractions.of(factor).above), 0);
    return low.equals(high) ? signAt(shared, low) === 0 : signAt(shared, low) !== signAt(shared, high);
  } catch (error) {
    if (error instanceof LimitError || error instanceof DomainError) return undefined;
    throw error;
  }
}

/** The sign of an expression at a root, by enclosures. */
function signNear(e: Expr, x: string, { interval: [low, high] }: Root): number | undefined {
  return signByBalls(e, x, low.add(high).mul(Rational.HALF), high.sub(low));
}

/** The sign of an expression at every number within a distance of a rational one, if enclosures show it. */
export function signByBalls(e: Expr, x: string, at: Rational, within = Rational.ZERO): number | undefined {
  if (variables(e).some((name) => name !== x)) return undefined;
  for (const precision of PRECISIONS) {
    const $ = balls(precision);
    const centre = $.rational(at.p, at.q) as NonNullable<Ball>;
    const spread = within.mul(Rational.of(1n << BigInt(precision))).floor() + 1n;
    const ball = within.isZero ? centre : { middle: centre.middle, radius: centre.radius + spread };
    const [value] = foldAll<Ball, unknown>([e], $ as never, { [x]: ball });
    if (!value) continue;
    if ($.less($.int(0), value) === true) return 1;
    if ($.less(value, $.int(0)) === true) return -1;
    if ($.equal(value, $.int(0)) === true) return 0;
  }
  return undefined;
}

/** Rational numbers around the value of an expression without variables, if enclosures give any. */
export function enclosure(e: Expr): Interval | undefined {
  if (e.kind === 'num') return [e.value, e.value];
  for (const precision of PRECISIONS) {
    const [value] = foldAll<Ball, unknown>([e], balls(precision) as never, {});
    const end = (n: bigint) => Rational.of(n, 1n << BigInt(precision));
    if (value) return [end(value.middle - value.radius), end(value.middle + value.radius)];
  }
  return undefined;
}
