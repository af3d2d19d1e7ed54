import { ops } from '@leibniz/ops';
import type { Algebra } from './algebra.ts';
import { isPositive as isPositiveHead } from './expr.ts';
import type { Expr } from './node.ts';
import { postorder } from './walk.ts';

/**
 * The conditions under which an expression has a value, each as an expression such as `0 < x`, none of them twice;
 * those that evidently hold, the variables named `positive` being so, are left out.
 */
export function domainConditions(algebra: Algebra, e: Expr, positive: ReadonlySet<string> = NOTHING): Expr[] {
  return conditionsOf(algebra, postorder([e]), signsOf(e, positive));
}

/** The conditions under which `before` has a value that are none of `after`, both from the one algebra. */
export function conditionsLost(
  algebra: Algebra,
  before: Expr,
  after: Expr,
  positive: ReadonlySet<string> = NOTHING,
): Expr[] {
  const common = new Set(postorder([after]));
  const gone = postorder([before]).filter((node) => !common.has(node));
  if (gone.length === 0) return [];
  const lost = conditionsOf(algebra, gone, signsOf(before, positive));
  if (lost.length === 0) return [];
  const kept = new Set(domainConditions(algebra, after, positive));
  return lost.filter((condition) => !kept.has(condition));
}

function conditionsOf(algebra: Algebra, nodes: readonly Expr[], signs: Signs): Expr[] {
  const conditions = nodes.map((node) => conditionOf(algebra, node, signs));
  return [...new Set(conditions.filter((c) => c !== undefined && !isTrue(c)))] as Expr[];
}

/** The conditions without repetitions, and without those that `0 < u` implies: `0 <= u` and `u != 0`. */
export function withoutImplied({ $, zero }: Algebra, conditions: Iterable<Expr>): Expr[] {
  const kept = new Set(conditions);
  for (const condition of [...kept]) {
    const [low, u] = condition.args;
    if (condition.kind !== 'call' || condition.name !== 'less' || low !== zero) continue;
    kept.delete($.lessEqual(zero, u!));
    kept.delete($.not($.equal(u!, zero)));
  }
  return [...kept];
}

const isNegative = (e: Expr) => e.kind === 'num' && e.value.sign < 0;

const isTrue = (e: Expr) => e.kind === 'constant' && e.name === 'true';

function conditionOf({ $ }: Algebra, node: Expr, signs: Signs): Expr | undefined {
  const [a, b] = node.args;
  if (node.kind === 'power') {
    if (signs.positive.has(a!)) return undefined;
    if (b!.kind !== 'num') return ops.binary.pow.domain!($, a!, b!);
    const isBelow = b!.value.sign < 0;
    if (isBelow && a!.kind === 'power' && isNegative(a!.args[1]!)) return undefined;
    if (b!.value.isInteger) return isBelow ? $.not($.equal(sameZeros(a!), $.int(0))) : undefined;
    if (isBelow) return $.less($.int(0), a!);
    return signs.nonnegative.has(a!) ? undefined : $.lessEqual($.int(0), a!);
  }
  if (node.kind !== 'call') return undefined;
  if (node.name === 'log') {
    if (signs.positive.has(a!)) return undefined;
    if (signs.nonnegative.has(a!)) return $.not($.equal(sameZeros(a!), $.int(0)));
  }
  if (Object.hasOwn(ops.unary, node.name))
    return ops.unary[node.name as keyof typeof ops.unary].domain?.($, a!);
  if (Object.hasOwn(ops.binary, node.name)) {
    return ops.binary[node.name as keyof typeof ops.binary].domain?.($, a!, b!);
  }
  return undefined;
}

/** A simpler expression with the same zeros: |u| and positive powers of u vanish where u does. */
function sameZeros(e: Expr): Expr {
  let current = e;
  for (;;) {
    if (current.kind === 'call' && current.name === 'abs') current = current.args[0]!;
    else if (current.kind === 'power' && isPositiveNumber(current.args[1]!)) current = current.args[0]!;
    else return current;
  }
}

const isPositiveNumber = (e: Expr) => e.kind === 'num' && e.value.sign > 0;

/** Parts that are evidently positive, or not negative, wherever they have a value. */
interface Signs {
  readonly positive: Set<Expr>;
  readonly nonnegative: Set<Expr>;
}

const NONNEGATIVE_CALLS = new Set(['abs', 'relu', 'hypot', 'acosh', 'acos']);

const NOTHING: ReadonlySet<string> = new Set();

/** Whether the expression is evidently not negative wherever it has a value, the named variables being positive. */
export const isNonnegative = (e: Expr, positive: ReadonlySet<string> = NOTHING): boolean =>
  signsOf(e, positive).nonnegative.has(e);

function signsOf(e: Expr, names: ReadonlySet<string>): Signs {
  const positive = new Set<Expr>();
  const nonnegative = new Set<Expr>();
  const note = (node: Expr, isPositive: boolean) => {
    nonnegative.add(node);
    if (isPositive) positive.add(node);
  };
  const every = (set: Set<Expr>, args: readonly Expr[]) => args.every((arg) => set.has(arg));
  for (const node of postorder([e])) {
    const { args } = node;
    if (isPositiveHead(node) || (node.kind === 'sym' && names.has(node.name))) note(node, true);
    else if (node.kind === 'num' && node.value.isZero) note(node, false);
    else if (node.kind === 'call' && NONNEGATIVE_CALLS.has(node.name)) note(node, false);
    else if (node.kind === 'power') {
      const exponent = args[1]!;
      const isEven = exponent.kind === 'num' && exponent.value.isInteger && exponent.value.p % 2n === 0n;
      const isRoot = exponent.kind === 'num' && !exponent.value.isInteger;
      if (positive.has(args[0]!)) note(node, true);
      else if (isEven || isRoot || nonnegative.has(args[0]!)) note(node, false);
    } else if (node.kind === 'product' && node.coefficient.sign > 0 && every(nonnegative, args)) {
      note(node, every(positive, args));
    } else if (node.kind === 'sum' && node.constant.sign >= 0 && every(nonnegative, args)) {
      note(node, node.constant.sign > 0 || args.some((arg) => positive.has(arg)));
    }
  }
  return { positive, nonnegative };
}
