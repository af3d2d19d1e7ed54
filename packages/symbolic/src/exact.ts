// Values of functions that are known exactly. What is not listed here stays a call.

import { isInteger, isNeverZero, isNonnegative, isPositive, isTotal } from './facts.ts';
import type { ConstantName, Expr } from './node.ts';
import { Rational } from './rational.ts';

/** What is needed to build the values. */
interface Maker {
  num(value: Rational): Expr;
  constant(name: ConstantName): Expr;
  readonly zero: Expr;
  readonly one: Expr;
  readonly half: Expr;
}

type Value = number | 'half' | ConstantName;

/** Function, argument, value. */
const POINTS: Readonly<Record<string, readonly (readonly [Value, Value])[]>> = {
  exp: [[0, 1]],
  expm1: [[0, 0]],
  log: [
    [1, 0],
    ['e', 1],
  ],
  log2: [
    [1, 0],
    [2, 1],
  ],
  log10: [
    [1, 0],
    [10, 1],
  ],
  log1p: [[0, 0]],
  sin: [
    [0, 0],
    ['pi', 0],
  ],
  cos: [
    [0, 1],
    ['pi', -1],
  ],
  tan: [
    [0, 0],
    ['pi', 0],
  ],
  sec: [[0, 1]],
  asin: [[0, 0]],
  acos: [
    [1, 0],
    [-1, 'pi'],
  ],
  atan: [[0, 0]],
  sinh: [[0, 0]],
  cosh: [[0, 1]],
  tanh: [[0, 0]],
  sech: [[0, 1]],
  asinh: [[0, 0]],
  acosh: [[1, 0]],
  atanh: [[0, 0]],
  sigmoid: [[0, 'half']],
  silu: [[0, 0]],
  gelu: [[0, 0]],
  erf: [[0, 0]],
  erfc: [[0, 1]],
  lgamma: [
    [1, 0],
    [2, 0],
  ],
};

const sign = (value: Rational) => Rational.of(value.sign);
const floor = (value: Rational) => Rational.of(value.floor());

/** Functions whose value at a rational is rational. */
const RATIONAL: Readonly<Record<string, (...args: Rational[]) => Rational | undefined>> = {
  abs: (x) => x!.abs(),
  sign: (x) => sign(x!),
  floor: (x) => floor(x!),
  ceil: (x) => floor(x!.neg()).neg(),
  relu: (x) => (x!.sign > 0 ? x! : Rational.ZERO),
  min: (a, b) => (a!.compare(b!) <= 0 ? a : b),
  max: (a, b) => (a!.compare(b!) >= 0 ? a : b),
  gamma: (x) => (x!.isInteger && x!.sign > 0 && x!.p <= 200n ? factorial(x!.p - 1n) : undefined),
};

function factorial(n: bigint): Rational {
  let product = 1n;
  for (let k = 2n; k <= n; k++) product *= k;
  return Rational.of(product);
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  less: (order) => order < 0,
  lessEqual: (order) => order <= 0,
  equal: (order) => order === 0,
};

/** The exact value of a call, where one is known. */
export function exactValue(maker: Maker, name: string, args: readonly Expr[]): Expr | undefined {
  const truth = truthValue(maker, name, args);
  if (truth !== undefined) return truth;
  if (Object.hasOwn(COMPARISONS, name)) return compared(maker, name, args[0]!, args[1]!);
  if ((name === 'floor' || name === 'ceil') && isInteger(args[0]!)) return args[0];
  if (Object.hasOwn(RATIONAL, name) && args.every((arg) => arg.kind === 'num')) {
    const value = RATIONAL[name]!(...args.map((arg) => arg.value));
    if (value) return maker.num(value);
  }
  const point = Object.hasOwn(POINTS, name) ? POINTS[name]!.find(([at]) => isValue(args[0]!, at)) : undefined;
  return point && make(maker, point[1]);
}

/** A comparison of numbers, or with 0 where that much is known. */
function compared(maker: Maker, name: string, a: Expr, b: Expr): Expr | undefined {
  if (a.kind === 'num' && b.kind === 'num') {
    return maker.constant(COMPARISONS[name]!(a.value.compare(b.value)) ? 'true' : 'false');
  }
  if (!isTotal(a) || !isTotal(b)) return undefined;
  if (name === 'less' && isZero(a) && isPositive(b)) return maker.constant('true');
  if (name === 'lessEqual' && isZero(a) && isNonnegative(b)) return maker.constant('true');
  if (name === 'less' && isZero(b) && isNonnegative(a)) return maker.constant('false');
  if (name === 'equal' && ((isZero(a) && isNeverZero(b)) || (isZero(b) && isNeverZero(a)))) {
    return maker.constant('false');
  }
  return undefined;
}

const isZero = (e: Expr) => e.kind === 'num' && e.value.isZero;

const isTruth = (e: Expr, name: 'true' | 'false') => e.kind === 'constant' && e.name === name;

/** Connectives and `where` with a condition that is decided. */
function truthValue(maker: Maker, name: string, args: readonly Expr[]): Expr | undefined {
  const [a, b, c] = args;
  const decides = (e: Expr | undefined, way: 'true' | 'false') => e !== undefined && isTruth(e, way);
  switch (name) {
    case 'and':
      return decides(a, 'true') || decides(b, 'false')
        ? b
        : decides(b, 'true') || decides(a, 'false')
          ? a
          : undefined;
    case 'or':
      return decides(a, 'false') || decides(b, 'true')
        ? b
        : decides(b, 'false') || decides(a, 'true')
          ? a
          : undefined;
    case 'not':
      if (decides(a, 'true') || decides(a, 'false'))
        return maker.constant(decides(a, 'true') ? 'false' : 'true');
      return a?.kind === 'call' && a.name === 'not' ? a.args[0] : undefined;
    case 'where':
      return decides(a, 'true') || (b !== undefined && b === c && isTotal(a!))
        ? b
        : decides(a, 'false')
          ? c
          : undefined;
    default:
      return undefined;
  }
}

function isValue(e: Expr, value: Value): boolean {
  if (typeof value === 'number') return e.kind === 'num' && e.value.equals(Rational.of(value));
  if (value === 'half') return e.kind === 'num' && e.value.equals(Rational.HALF);
  return e.kind === 'constant' && e.name === value;
}

function make(maker: Maker, value: Value): Expr {
  if (typeof value === 'number') return maker.num(Rational.of(value));
  return value === 'half' ? maker.half : maker.constant(value);
}
