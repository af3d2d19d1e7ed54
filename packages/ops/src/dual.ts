import type { Carrier } from './ops.ts';
import { type BinaryName, ops, type UnaryName } from './ops.ts';

/** A value and its derivative along one direction; no tangent means that the value does not move. */
export interface Dual<T> {
  readonly value: T;
  readonly tangent?: T | undefined;
}

/** Thrown where a derivative is asked for that no rule gives, as by the order of `polygamma`. */
export class NotDifferentiableError extends TypeError {
  override readonly name = 'NotDifferentiableError';
  readonly code = 'ERR_NOT_DIFFERENTIABLE';
  constructor(op: string, argument: number) {
    super(`Cannot differentiate ${op} by its argument ${argument}: it is an index, not a variable`);
  }
}

/**
 * The carrier of dual numbers over any other carrier: forward-mode differentiation from the same table of rules.
 * Over numbers it differentiates numerically exactly; over expressions or kernels it writes the derivative.
 *
 * @example
 * import { dual, ops } from '@leibniz/ops';
 * const $ = dual(ops.numbers);
 * const x = { value: 3, tangent: 1 };
 * $.mul(x, x).tangent; // => 6
 */
export function dual<T, C>($: Carrier<T, C>): Carrier<Dual<T>, C> {
  const scaled = (tangent: T | undefined, partial: () => T) =>
    tangent === undefined ? undefined : $.mul(partial(), tangent);
  const sum = (a: T | undefined, b: T | undefined) => {
    if (a === undefined) return b;
    return b === undefined ? a : $.add(a, b);
  };
  const operations: Record<string, unknown> = {};
  for (const name of Object.keys(ops.unary) as UnaryName[]) {
    operations[name] = (x: Dual<T>): Dual<T> => {
      const value = $[name](x.value);
      return { value, tangent: scaled(x.tangent, () => ops.unary[name].partial($, x.value, value)) };
    };
  }
  for (const name of Object.keys(ops.binary) as BinaryName[]) {
    const { partials } = ops.binary[name];
    const partial = (index: 0 | 1, a: T, b: T, y: T) => () => {
      const rule = partials[index];
      if (rule === null) throw new NotDifferentiableError(name, index);
      return rule($, a, b, y);
    };
    operations[name] = (a: Dual<T>, b: Dual<T>): Dual<T> => {
      const value = $[name](a.value, b.value);
      const byA = scaled(a.tangent, partial(0, a.value, b.value, value));
      const byB = scaled(b.tangent, partial(1, a.value, b.value, value));
      return { value, tangent: sum(byA, byB) };
    };
  }
  const constant = (value: T): Dual<T> => ({ value });
  const compare = (name: 'less' | 'lessEqual' | 'equal') => (a: Dual<T>, b: Dual<T>) =>
    $[name](a.value, b.value);
  return {
    ...operations,
    int: (n: number) => constant($.int(n)),
    rational: (p: number, q: number) => constant($.rational(p, q)),
    pi: constant($.pi),
    less: compare('less'),
    lessEqual: compare('lessEqual'),
    equal: compare('equal'),
    not: $.not,
    and: $.and,
    or: $.or,
    where: (c: C, a: Dual<T>, b: Dual<T>): Dual<T> => ({
      value: $.where(c, a.value, b.value),
      tangent:
        a.tangent === undefined && b.tangent === undefined
          ? undefined
          : $.where(c, a.tangent ?? $.int(0), b.tangent ?? $.int(0)),
    }),
  } as Carrier<Dual<T>, C>;
}
