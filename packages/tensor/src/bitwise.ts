// Operations on the bits of integers; on booleans they are those of logic.

import type { BinaryFunction, UnaryFunction } from './comparison.ts';
import type { Kind } from './dtype.ts';
import { ArithmeticError } from './errors.ts';
import { pointwise, pointwiseOp } from './pointwise.ts';

const BITS: readonly Kind[] = ['integer', 'bool'];

const op = (name: string, doc: string, f: (a: number, b: number) => number, arity: 1 | 2 = 2, kinds = BITS) =>
  pointwiseOp({ name, doc, kinds, arity, result: 'same', on: () => f });

/** A shift by more than 31 leaves nothing, which JavaScript would take modulo 32. */
function places(shift: number): number {
  if (shift < 0) throw new ArithmeticError(`Cannot shift by ${shift} bits: a shift is an integer from 0`);
  return shift;
}

const andOp = op('bitwiseAnd', 'Bits of both.', (a, b) => a & b);
const orOp = op('bitwiseOr', 'Bits of either.', (a, b) => a | b);
const xorOp = op('bitwiseXor', 'Bits of one, not both.', (a, b) => a ^ b);
const leftOp = op('bitwiseLeftShift', 'Bits moved up.', (a, b) => (places(b) > 31 ? 0 : a << b), 2, [
  'integer',
]);
const rightOp = op(
  'bitwiseRightShift',
  'Bits moved down; the sign stays.',
  (a, b) => a >> Math.min(places(b), 31),
  2,
  ['integer'],
);
const invertOp = pointwiseOp({
  name: 'bitwiseInvert',
  doc: 'Bits turned over.',
  kinds: BITS,
  arity: 1,
  result: 'same',
  on: (dtype) => (dtype === 'bool' ? (a) => 1 - a : (a) => ~a),
});

export const bitwiseOps = [andOp, orOp, xorOp, leftOp, rightOp, invertOp] as const;

/**
 * The bits of both, of integers or booleans.
 *
 * @example
 * import { bitwiseAnd, tensor } from '@leibniz/tensor';
 * bitwiseAnd(tensor([12, 10], { dtype: 'int32' }), 6).toArray(); // => [ 4, 2 ]
 */
export const bitwiseAnd: BinaryFunction = pointwise(andOp) as BinaryFunction;
/** The bits of either. */
export const bitwiseOr: BinaryFunction = pointwise(orOp) as BinaryFunction;
/** The bits that are in one alone. */
export const bitwiseXor: BinaryFunction = pointwise(xorOp) as BinaryFunction;
/** The bits moved up by so many places; what leaves the type is lost. */
export const bitwiseLeftShift: BinaryFunction = pointwise(leftOp) as BinaryFunction;
/** The bits moved down by so many places; the sign stays. */
export const bitwiseRightShift: BinaryFunction = pointwise(rightOp) as BinaryFunction;
/** The bits turned over. */
export const bitwiseInvert: UnaryFunction = pointwise(invertOp) as UnaryFunction;
