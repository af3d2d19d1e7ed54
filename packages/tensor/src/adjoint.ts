// Reverse accumulation of a formula over a row: run over the carrier below, it leaves a tape, from which follows the
// gradient by an input, as a formula over a row again. The rules are those of the table of operations.

import type { Reduction, RowCarrier } from '@leibniz/kernels';
import {
  type BinaryName,
  type Carrier,
  type Dual,
  dual,
  NotDifferentiableError,
  ops,
  type UnaryName,
} from '@leibniz/ops';

/** The operations of a formula over a row, and what makes a constant of a value in all derivatives. */
export interface Row<T, C> extends RowCarrier<T, C> {
  /** The value, which does not move: for what a result does not depend on, as the shift of an exponent. */
  stop(x: T): T;
}

/** A formula over a row with one result: one for each element, or one for the row. */
export type RowFormula = <T, C>($: Row<T, C>, ...x: T[]) => T;

/** A value of the formula. One that differs along the row is long; a gradient by another is summed over the row. */
interface Recorded<T> {
  readonly value: T;
  readonly isLong: boolean;
  /** From the gradient by this value to shares of those by what it was made of; undefined if it does not move. */
  readonly passes?: readonly Pass<T>[] | undefined;
}

interface Pass<T> {
  readonly to: Recorded<T>;
  readonly share: (gradient: T) => T;
}

interface Condition<C> {
  readonly holds: C;
  readonly isLong: boolean;
}

/** The gradient by an input, from that by the result and the inputs. */
export function gradientFormula(formula: RowFormula, areLong: readonly boolean[], by: number): RowFormula {
  return ($, g, ...x) => {
    const tape: Recorded<typeof g>[] = [];
    const inputs = x.map((value, at) => ({
      value,
      isLong: areLong[at]!,
      passes: at === by ? [] : undefined,
    }));
    const y = formula(recording($, tape), ...inputs);
    const gradients = new Map([[y, g]]);
    for (const recorded of tape.toReversed()) {
      const gradient = gradients.get(recorded);
      if (gradient === undefined) continue;
      for (const { to, share } of recorded.passes!) {
        const whole = share(gradient);
        const made = recorded.isLong && !to.isLong ? $.reduce('sum', whole) : whole;
        const others = gradients.get(to);
        gradients.set(to, others === undefined ? made : $.add(others, made));
      }
    }
    const wanted = inputs[by]!;
    return y.passes === undefined ? $.int(0) : (gradients.get(wanted) ?? $.int(0));
  };
}

function recording<T, C>($: Row<T, C>, tape: Recorded<T>[]): Row<Recorded<T>, Condition<C>> {
  const record = (value: T, isLong: boolean, passes: readonly Pass<T>[]): Recorded<T> => {
    const moving = passes.filter(({ to }) => to.passes !== undefined);
    if (moving.length === 0) return { value, isLong };
    const recorded = { value, isLong, passes: moving };
    tape.push(recorded);
    return recorded;
  };
  const constant = (value: T): Recorded<T> => ({ value, isLong: false });
  const operations: Record<string, unknown> = {};
  for (const name of Object.keys(ops.unary) as UnaryName[]) {
    operations[name] = (x: Recorded<T>) => {
      const value = $[name](x.value);
      const partial = () => ops.unary[name].partial($, x.value, value);
      return record(value, x.isLong, [{ to: x, share: (g) => $.mul(partial(), g) }]);
    };
  }
  for (const name of Object.keys(ops.binary) as BinaryName[]) {
    const { partials } = ops.binary[name];
    operations[name] = (...both: readonly [Recorded<T>, Recorded<T>]) => {
      const [a, b] = both;
      const value = $[name](a.value, b.value);
      const passes = both.map((to, index): Pass<T> => {
        const share = (g: T) => {
          const rule = partials[index as 0 | 1];
          if (rule === null) throw new NotDifferentiableError(name, index);
          return $.mul(rule($, a.value, b.value, value), g);
        };
        return { to, share };
      });
      return record(value, a.isLong || b.isLong, passes);
    };
  }
  const compare = (name: 'less' | 'lessEqual' | 'equal') => (a: Recorded<T>, b: Recorded<T>) => ({
    holds: $[name](a.value, b.value),
    isLong: a.isLong || b.isLong,
  });
  const combine = (name: 'and' | 'or') => (a: Condition<C>, b: Condition<C>) => ({
    holds: $[name](a.holds, b.holds),
    isLong: a.isLong || b.isLong,
  });
  return {
    ...operations,
    int: (n: number) => constant($.int(n)),
    rational: (p: number, q: number) => constant($.rational(p, q)),
    pi: constant($.pi),
    columns: constant($.columns),
    stop: ({ value, isLong }: Recorded<T>) => ({ value: $.stop(value), isLong }),
    reduce: (name: Reduction, x: Recorded<T>) => {
      const value = $.reduce(name, x.value);
      return record(value, false, [{ to: x, share: (g) => shareOf($, name, x, value, g) }]);
    },
    less: compare('less'),
    lessEqual: compare('lessEqual'),
    equal: compare('equal'),
    not: ({ holds, isLong }: Condition<C>) => ({ holds: $.not(holds), isLong }),
    and: combine('and'),
    or: combine('or'),
    where: ({ holds, isLong }: Condition<C>, a: Recorded<T>, b: Recorded<T>) =>
      record($.where(holds, a.value, b.value), isLong || a.isLong || b.isLong, [
        { to: a, share: (g) => $.where(holds, g, $.int(0)) },
        { to: b, share: (g) => $.where(holds, $.int(0), g) },
      ]),
  } as unknown as Row<Recorded<T>, Condition<C>>;
}

/** The share of the elements of a row in the gradient of their reduction; of equal extremes each has the same. */
function shareOf<T, C>($: Row<T, C>, name: Reduction, x: Recorded<T>, y: T, g: T): T {
  if (name === 'prod') throw new NotDifferentiableError('reduce prod', 0);
  if (name === 'sum') return x.isLong ? g : $.mul($.columns, g);
  const hit = $.where($.equal(x.value, y), $.int(1), $.int(0));
  return $.mul(g, x.isLong ? $.div(hit, $.reduce('sum', hit)) : hit);
}

/** The tangent along those of the inputs: forward mode, over dual numbers. */
export function dualRow<T, C>($: Row<T, C>): Row<Dual<T>, C> {
  const moved = (name: Reduction, x: T, y: T, tangent: T): T => {
    if (name === 'prod') throw new NotDifferentiableError('reduce prod', 0);
    if (name === 'sum') return $.reduce('sum', tangent);
    const hit = $.where($.equal(x, y), $.int(1), $.int(0));
    return $.div($.reduce('sum', $.mul(hit, tangent)), $.reduce('sum', hit));
  };
  return {
    ...(dual($) as Carrier<Dual<T>, C>),
    columns: { value: $.columns },
    stop: ({ value }) => ({ value: $.stop(value) }),
    reduce: (name, { value: x, tangent }) => {
      const value = $.reduce(name, x);
      return tangent === undefined ? { value } : { value, tangent: moved(name, x, value, tangent) };
    },
  };
}
