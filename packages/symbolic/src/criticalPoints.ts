import { Algebra } from './algebra.ts';
import { asConditions } from './assumption.ts';
import { diff } from './diff.ts';
import { domainConditions } from './domain.ts';
import { evaluate } from './evaluate.ts';
import { type Input, toExpr } from './input.ts';
import type { Expr } from './node.ts';
import { Rational } from './rational.ts';
import { cancel } from './rewrites.ts';
import { type Root, zerosAndPoles } from './roots.ts';
import { simplify } from './simplify.ts';
import { substitute } from './substitute.ts';
import { signByBalls } from './truth.ts';

/** A zero of the derivative. */
export interface CriticalPoint {
  readonly at: Root;
  /** What the function has there; `none` where its derivative has one sign on both sides. */
  readonly kind: 'minimum' | 'maximum' | 'none';
  /** The value of the function there, where the point is known exactly. */
  readonly value: Expr | undefined;
  readonly approximate: number;
}

/**
 * The zeros of the derivative in the domain of a function, from left to right, each with what it is: the sign of the
 * derivative on either side is known for certain.
 *
 * @throws DomainError where the derivative is zero everywhere, or its zeros are not those of a rational function of x.
 * @example
 * import { criticalPoints } from '@leibniz/symbolic';
 * const points = criticalPoints('log(x^4 + x^3 + 2)', 'x');
 * points.map(({ at, kind, value }) => `${at.value}: ${kind}, ${value}`); // => [ '-3/4: minimum, log(485/256)', '0: none, log(2)' ]
 */
export function criticalPoints(f: Input, x: string): CriticalPoint[] {
  const algebra = new Algebra();
  const [given] = algebra.adopt(toExpr(f)) as [Expr];
  const { plain: own, conditions } = asConditions(algebra, given, x);
  const [derivative] = algebra.adopt(simplify(diff(own, x))) as [Expr];
  const { zeros, poles } = zerosAndPoles(
    algebra,
    derivative,
    [...domainConditions(algebra, own), ...domainConditions(algebra, derivative), ...conditions],
    x,
  );
  const others = [...zeros, ...poles];
  return zeros.map((at) => {
    const value = at.value && simplify(cancel(substitute(own, { [x]: at.value })));
    return {
      at,
      kind: kindOf(derivative, x, at, others),
      value,
      approximate: value ? evaluate(value) : evaluate(own, { [x]: at.approximate }),
    };
  });
}

function kindOf(derivative: Expr, x: string, at: Root, others: readonly Root[]): CriticalPoint['kind'] {
  const before = signBeside(derivative, x, at, others, -1);
  const after = signBeside(derivative, x, at, others, 1);
  if (before === undefined || after === undefined || before === after) return 'none';
  return before < after ? 'minimum' : 'maximum';
}

/** Points tried beside a zero, each half as far away as the one before. */
const TRIES = 40;

/** The sign of the derivative between a zero and the next zero or pole on one side, inside the domain. */
function signBeside(
  derivative: Expr,
  x: string,
  { interval }: Root,
  others: readonly Root[],
  side: 1 | -1,
): number | undefined {
  const edge = interval[side === 1 ? 1 : 0];
  const gaps = others
    .map(({ interval: [low, high] }) => (side === 1 ? low.sub(edge) : edge.sub(high)))
    .filter((gap) => gap.sign > 0);
  let gap = gaps.reduce((a, b) => (a.compare(b) <= 0 ? a : b), Rational.of(2)).mul(Rational.HALF);
  for (let i = 0; i < TRIES; i++) {
    const sign = signByBalls(derivative, x, edge.add(side === 1 ? gap : gap.neg()));
    if (sign) return sign;
    gap = gap.mul(Rational.HALF);
  }
  return undefined;
}
