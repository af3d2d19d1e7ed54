import { Algebra } from './algebra.ts';
import { factsOfVariables } from './assumption.ts';
import { type Ball, balls } from './ball.ts';
import { DomainError, UnboundSymbolError } from './errors.ts';
import { foldAll } from './fold.ts';
import { gradient } from './gradient.ts';
import { type Input, toExpr } from './input.ts';
import type { Expr, Facts } from './node.ts';
import { Rational } from './rational.ts';
import { pointAt } from './refute.ts';

/** Numbers, in an array of any type. */
export type Numbers = ArrayLike<number>;

/** Code that claims to compute a derivative: of one number, or of an array of them with an entry for each variable. */
export type DerivativeCode = ((x: number) => number) | ((x: Float64Array) => Numbers);

export interface VerifyCodeOptions {
  /** The variable of a function of one number, or the variables of a function of an array, in their order. */
  readonly wrt: string | readonly string[];
  /** Values of all variables of the formula, a point each; if not given, 20 fixed points where it has a derivative. */
  readonly at?: readonly Readonly<Record<string, number>>[];
  /** How many significant digits of every entry must agree; where an entry is 0, so many decimals. Default 8. */
  readonly digits?: number;
}

/** An entry of the derivative at a point. */
export interface CodeComparison {
  readonly wrt: string;
  readonly at: Readonly<Record<string, number>>;
  readonly claimed: number;
  /** The nearest double to the exact value. */
  readonly exact: number;
  /** |claimed - exact| / |exact|, or |claimed| where the exact value is 0. */
  readonly error: number;
}

export interface CodeVerification {
  /** `agrees` is no proof: it says that the code was right at the points. */
  readonly verdict: 'refuted' | 'agrees';
  /** How many entries were compared. */
  readonly compared: number;
  /** The comparison with the largest error. */
  readonly worst: CodeComparison;
}

/** Bits after the point with which the exact derivative is enclosed. */
const PRECISION = 256;

const POINTS = 20;

/**
 * Whether code computes the derivative of a formula: compared, at chosen points, with enclosures of the exact
 * derivative. The verdict is `refuted` or `agrees`, to the stated number of digits, and never `proved`.
 *
 * @throws DomainError when the formula has a derivative at none of the points, or the code returns another number of
 *   entries than there are variables.
 * @example
 * import { verifyCode } from '@leibniz/symbolic';
 * verifyCode('log(x^2 + 1)', (x) => (2 * x) / (x * x + 1), { wrt: 'x' }).verdict; // => agrees
 * verifyCode('x^2*y', ([x, y]) => [2 * x * y, x], { wrt: ['x', 'y'] }).worst.wrt; // => y
 */
export function verifyCode(
  f: Input,
  code: (x: number) => number,
  options: VerifyCodeOptions & { readonly wrt: string },
): CodeVerification;
export function verifyCode(
  f: Input,
  code: (x: Float64Array) => Numbers,
  options: VerifyCodeOptions & { readonly wrt: readonly string[] },
): CodeVerification;
export function verifyCode(f: Input, code: DerivativeCode, options: VerifyCodeOptions): CodeVerification {
  const { wrt, at, digits = 8 } = options;
  if (!(digits > 0 && digits <= 17))
    throw new DomainError(`Cannot compare ${digits} digits: a double has up to 17`);
  const names = typeof wrt === 'string' ? [wrt] : wrt;
  const formula = toExpr(f);
  const [own, ...partials] = new Algebra().adopt(formula, ...gradient(formula, names)) as [Expr, ...Expr[]];
  const facts = new Map([...names.map((name) => [name, 0] as const), ...factsOfVariables([own])]);
  const free = [...facts.keys()].sort();
  const comparisons: CodeComparison[] = [];
  for (const point of at ?? fixedPoints(facts)) {
    if (at === undefined && comparisons.length >= POINTS * names.length) break;
    const exact = exactAt([own, ...partials], free, point)?.slice(1);
    if (!exact) continue;
    comparisons.push(...compared(names, point, claimedAt(code, wrt, point, names), exact));
  }
  if (comparisons.length === 0)
    throw new DomainError(`Cannot compare: ${formula} has a derivative at none of the points`);
  const worst = comparisons.reduce((a, b) => (b.error <= a.error ? a : b));
  return {
    verdict: worst.error <= 10 ** -digits ? 'agrees' : 'refuted',
    compared: comparisons.length,
    worst,
  };
}

/** Points around 1 and further away, as doubles. */
function* fixedPoints(variables: ReadonlyMap<string, Facts>): Generator<Readonly<Record<string, number>>> {
  for (let i = 0; i < 400; i++) {
    const point = pointAt(i, variables);
    yield Object.fromEntries(Object.entries(point).map(([name, value]) => [name, value.toNumber()]));
  }
}

/** Enclosures at a point, or nothing where one is missing. */
function exactAt(
  expressions: readonly Expr[],
  names: readonly string[],
  point: Readonly<Record<string, number>>,
): NonNullable<Ball>[] | undefined {
  const $ = balls(PRECISION);
  const bindings = names.map((name) => {
    if (!Object.hasOwn(point, name)) throw new UnboundSymbolError(name);
    const { p, q } = fromDouble(point[name]!);
    return [name, $.rational(p, q)] as const;
  });
  const values = foldAll<Ball, unknown>(expressions, $ as never, Object.fromEntries(bindings));
  return values.includes(undefined) ? undefined : (values as NonNullable<Ball>[]);
}

/** The exact value of a double. */
function fromDouble(x: number): Rational {
  if (!Number.isFinite(x)) throw new DomainError(`Cannot take ${x} for a coordinate of a point`);
  let q = 1n;
  let scaled = x;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    q *= 2n;
  }
  return Rational.of(BigInt(scaled), q);
}

function claimedAt(
  code: DerivativeCode,
  wrt: string | readonly string[],
  point: Readonly<Record<string, number>>,
  names: readonly string[],
): Numbers {
  if (typeof wrt === 'string') return [(code as (x: number) => number)(point[wrt]!)];
  const claimed = (code as (x: Float64Array) => Numbers)(Float64Array.from(names, (name) => point[name]!));
  if (claimed?.length !== names.length)
    throw new DomainError(
      `Cannot compare a gradient by ${names.length} variables: the code returned ${claimed?.length ?? 'no'} entries`,
    );
  return claimed;
}

function compared(
  names: readonly string[],
  at: Readonly<Record<string, number>>,
  claimed: Numbers,
  exact: readonly NonNullable<Ball>[],
): CodeComparison[] {
  return names.map((wrt, i) => {
    const value = claimed[i]!;
    const units = (n: bigint) => Rational.of(n, 1n << BigInt(PRECISION));
    const { middle, radius } = exact[i]!;
    const truth = units(middle);
    const size = truth.isZero ? Rational.ONE : truth.abs();
    const error = Number.isFinite(value)
      ? Math.max(0, fromDouble(value).sub(truth).abs().sub(units(radius)).div(size).toNumber())
      : Number.POSITIVE_INFINITY;
    return { wrt, at, claimed: value, exact: truth.toNumber(), error };
  });
}
