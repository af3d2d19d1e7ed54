// What is known of the value of an expression wherever it has one. A node learns it when it is made, from its parts.

import type { Expr, Facts } from './node.ts';
import type { Rational } from './rational.ts';

export const FACT = {
  /** It has a value at every real point. */
  total: 1,
  integer: 2,
  nonzero: 4,
  nonnegative: 8,
} as const;

const POSITIVE = FACT.nonzero | FACT.nonnegative;
const ALL = FACT.total | FACT.integer | POSITIVE;

/** The facts that hold for all. */
const common = (args: readonly Expr[]): Facts => args.reduce((facts, arg) => facts & arg.facts, ALL);

const has = (facts: Facts, wanted: Facts) => (facts & wanted) === wanted;

export function factsOfNumber(value: Rational): Facts {
  const { sign } = value;
  return (
    FACT.total |
    (value.isInteger ? FACT.integer : 0) |
    (sign !== 0 ? FACT.nonzero : 0) |
    (sign >= 0 ? FACT.nonnegative : 0)
  );
}

export const factsOfConstant = (name: string): Facts =>
  name === 'pi' || name === 'e' ? FACT.total | POSITIVE : FACT.total;

export function factsOfSum(constant: Rational, args: readonly Expr[]): Facts {
  const all = common(args) & factsOfNumber(constant);
  const anyNonzero = constant.sign > 0 || args.some((arg) => has(arg.facts, FACT.nonzero));
  const isPositive = has(all, FACT.nonnegative) && anyNonzero;
  return (all & ~FACT.nonzero) | (common(args) & FACT.total) | (isPositive ? FACT.nonzero : 0);
}

export const factsOfProduct = (coefficient: Rational, args: readonly Expr[]): Facts =>
  common(args) & factsOfNumber(coefficient);

export function factsOfPower(base: Expr, exponent: Expr): Facts {
  const isWhole = has(exponent.facts, FACT.integer);
  const risesWhole = has(exponent.facts, FACT.integer | FACT.nonnegative);
  const isEven = exponent.kind === 'num' && exponent.value.isInteger && exponent.value.p % 2n === 0n;
  const isRoot = exponent.kind === 'num' && !exponent.value.isInteger;
  const isPositive = has(base.facts, POSITIVE);
  const isDefined =
    isPositive ||
    risesWhole ||
    (isWhole && has(base.facts, FACT.nonzero)) ||
    (has(base.facts, FACT.nonnegative) && has(exponent.facts, POSITIVE));
  return (
    (isDefined ? base.facts & exponent.facts & FACT.total : 0) |
    (risesWhole ? base.facts & FACT.integer : 0) |
    (base.facts & FACT.nonzero) |
    (isEven || isRoot || has(base.facts, FACT.nonnegative) ? FACT.nonnegative : 0)
  );
}

/** What holds of the values of functions, whatever the arguments. */
const OF_CALL: ReadonlyMap<string, Facts> = new Map([
  ...['exp', 'cosh', 'sech', 'sigmoid', 'softplus', 'erfc'].map((name) => [name, POSITIVE] as const),
  ...['sec', 'csc', 'csch', 'coth', 'gamma'].map((name) => [name, FACT.nonzero] as const),
  ...['abs', 'relu', 'hypot', 'acosh', 'acos'].map((name) => [name, FACT.nonnegative] as const),
  ...['floor', 'ceil', 'sign'].map((name) => [name, FACT.integer] as const),
]);

/** What a function hands on of its first argument. */
const INHERITED: ReadonlyMap<string, Facts> = new Map([
  ['abs', FACT.integer | FACT.nonzero],
  ['sign', FACT.nonzero | FACT.nonnegative],
  ['relu', FACT.integer],
  ['cbrt', FACT.nonzero | FACT.nonnegative],
]);

/** What a function hands on of what holds for its last two arguments. */
const JOINTLY = new Set(['where', 'min', 'max']);

/** The facts of a call; `isDefined` says whether the function has a value at every real point. */
export function factsOfCall(name: string, args: readonly Expr[], isDefined: boolean): Facts {
  const jointly = JOINTLY.has(name) ? common(args.slice(-2)) : 0;
  const inherited = (INHERITED.get(name) ?? 0) & (args[0]?.facts ?? 0);
  const facts = (OF_CALL.get(name) ?? 0) | inherited | jointly;
  return (facts & ~FACT.total) | (isDefined ? common(args) & FACT.total : 0);
}

/** Whether it is known to be positive wherever it has a value. */
export const isPositive = (e: Expr): boolean => has(e.facts, POSITIVE);

/** Whether it is known to be negative nowhere. */
export const isNonnegative = (e: Expr): boolean => has(e.facts, FACT.nonnegative);

/** Whether it is known to be zero nowhere. */
export const isNeverZero = (e: Expr): boolean => has(e.facts, FACT.nonzero);

/** Whether it is known to be an integer wherever it has a value. */
export const isInteger = (e: Expr): boolean => has(e.facts, FACT.integer);

/** Whether it has a value at every real point, so that `0·e` may become 0 without a condition. */
export const isTotal = (e: Expr): boolean => has(e.facts, FACT.total);
