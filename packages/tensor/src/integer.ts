// Arithmetic of integers: 32-bit, or 8-bit without sign; what does not fit wraps around, as in NumPy.

import { ArithmeticError } from './errors.ts';
import { pointwise, pointwiseOp } from './pointwise.ts';
import type { Operand, Tensor } from './tensor.ts';

/** By squaring, modulo 2³². */
function power(base: number, exponent: number): number {
  if (exponent < 0)
    throw new ArithmeticError(
      `Cannot raise ${base} to ${exponent} in integers: convert with .astype('float64')`,
    );
  let result = 1;
  for (let [square, rest] = [base, exponent]; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}

type Integers = Readonly<
  Record<string, { readonly arity: 1 | 2; readonly f: (a: number, b: number) => number }>
>;

/** The operations of the table of scalar functions that integers have, by its names. */
const table = {
  add: { arity: 2, f: (a, b) => a + b },
  sub: { arity: 2, f: (a, b) => a - b },
  mul: { arity: 2, f: Math.imul },
  pow: { arity: 2, f: power },
  max: { arity: 2, f: Math.max },
  min: { arity: 2, f: Math.min },
  neg: { arity: 1, f: (a) => -a },
  abs: { arity: 1, f: Math.abs },
  square: { arity: 1, f: (a) => Math.imul(a, a) },
  sign: { arity: 1, f: Math.sign },
  floor: { arity: 1, f: (a) => a },
  ceil: { arity: 1, f: (a) => a },
} as const satisfies Integers;

export const integerOps = Object.entries(table).map(([name, { arity, f }]) =>
  pointwiseOp({ name, doc: `${name} of integers.`, kinds: ['integer'], result: 'same', arity, on: () => f }),
);

/** The operation on integers by its name in the table of scalar functions, if there is one. */
export const integerFunctions: Readonly<Record<string, (...operands: Operand[]) => Tensor>> =
  Object.fromEntries(integerOps.map((op) => [op.name, pointwise(op)]));
