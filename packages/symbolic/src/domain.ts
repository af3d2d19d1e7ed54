import { ops } from '@leibniz/ops';
import type { Algebra } from './algebra.ts';
import { isInteger, isNeverZero, isNonnegative, isPositive } from './facts.ts';
import type { Expr } from './node.ts';
import { postorder } from './walk.ts';

/**
 * The conditions under which an expression has a value, each as an expression such as `0 < x`, none of them twice;
 * those that evidently hold are left out. `partsOf` says which parts of a node are looked at; all of them are if it is
 * not given.
 */
export function domainConditions(
  algebra: Algebra,
  e: Expr,
  partsOf?: (node: Expr) => readonly Expr[],
): Expr[] {
  return conditionsOf(algebra, postorder([e], partsOf));
}

/** The conditions under which `before` has a value that are none of `after`, both from the one algebra. */
export function conditionsLost(algebra: Algebra, before: Expr, after: Expr): Expr[] {
  const common = new Set(postorder([after]));
  const gone = postorder([before]).filter((node) => !common.has(node));
  if (gone.length === 0) return [];
  const lost = conditionsOf(algebra, gone);
  if (lost.length === 0) return [];
  const kept = new Set(domainConditions(algebra, after));
  return lost.filter((condition) => !kept.has(condition));
}

function conditionsOf(algebra: Algebra, nodes: readonly Expr[]): Expr[] {
  const conditions = nodes.map((node) => conditionOf(algebra, node));
  return [...new Set(conditions.filter((c) => c !== undefined && !isTrue(c)))] as Expr[];
}

/**
 * The conditions without repetitions, and without those that others imply: `0 < u` implies `0 <= u` and `u != 0`, and
 * any condition implies that it or another holds.
 */
export function withoutImplied({ $, zero }: Algebra, conditions: Iterable<Expr>): Expr[] {
  const kept = new Set(conditions);
  for (const condition of [...kept]) {
    const [low, u] = condition.args;
    if (condition.kind === 'call' && condition.name === 'or' && condition.args.some((part) => kept.has(part)))
      kept.delete(condition);
    if (condition.kind !== 'call' || condition.name !== 'less' || low !== zero) continue;
    kept.delete($.lessEqual(zero, u!));
    kept.delete($.not($.equal(u!, zero)));
  }
  return [...kept];
}

const isNegative = (e: Expr) => e.kind === 'num' && e.value.sign < 0;

const isTrue = (e: Expr) => e.kind === 'constant' && e.name === 'true';

function conditionOf({ $ }: Algebra, node: Expr): Expr | undefined {
  const [a, b] = node.args;
  if (node.kind === 'power') {
    if (isPositive(a!)) return undefined;
    if (b!.kind === 'num' && b!.value.isInteger && isNeverZero(a!)) return undefined;
    if (b!.kind !== 'num' && isInteger(b!)) return wholePowerCondition($, a!, b!);
    if (b!.kind !== 'num') return ops.binary.pow.domain!($, a!, b!);
    const isBelow = b!.value.sign < 0;
    if (isBelow && a!.kind === 'power' && isNegative(a!.args[1]!)) return undefined;
    if (b!.value.isInteger) return isBelow ? $.not($.equal(sameZeros(a!), $.int(0))) : undefined;
    if (isBelow) return $.less($.int(0), a!);
    return isNonnegative(a!) ? undefined : $.lessEqual($.int(0), a!);
  }
  if (node.kind !== 'call') return undefined;
  if (node.name === 'log') {
    if (isPositive(a!)) return undefined;
    if (isNonnegative(a!)) return $.not($.equal(sameZeros(a!), $.int(0)));
  }
  if (Object.hasOwn(ops.unary, node.name))
    return ops.unary[node.name as keyof typeof ops.unary].domain?.($, a!);
  if (Object.hasOwn(ops.binary, node.name)) {
    return ops.binary[node.name as keyof typeof ops.binary].domain?.($, a!, b!);
  }
  return undefined;
}

/** Where a whole power that is no number has a value. */
function wholePowerCondition($: Algebra['$'], a: Expr, b: Expr): Expr | undefined {
  if (isNeverZero(a) || isNonnegative(b)) return undefined;
  return $.or($.not($.equal(sameZeros(a), $.int(0))), $.lessEqual($.int(0), b));
}

/** A simpler expression with the same zeros: |u|, c·u and positive powers of u vanish where u does. */
function sameZeros(e: Expr): Expr {
  let current = e;
  for (;;) {
    if (current.kind === 'call' && current.name === 'abs') current = current.args[0]!;
    else if (current.kind === 'product' && current.args.length === 1 && !current.coefficient.isZero)
      current = current.args[0]!;
    else if (current.kind === 'power' && isPositiveNumber(current.args[1]!)) current = current.args[0]!;
    else return current;
  }
}

const isPositiveNumber = (e: Expr) => e.kind === 'num' && e.value.sign > 0;
