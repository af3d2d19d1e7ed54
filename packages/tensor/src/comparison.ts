import type { Kind } from './dtype.ts';
import { type Pointwise, pointwise, pointwiseOp } from './pointwise.ts';
import type { Shape } from './shape.ts';
import type { Broadcast, FitsBroadcast } from './shapeTypes.ts';
import type { Operand, Tensor } from './tensor.ts';

const ALL: readonly Kind[] = ['float', 'integer', 'bool'];

const compare = (name: string, doc: string, f: (a: number, b: number) => boolean) =>
  pointwiseOp({
    name,
    doc,
    kinds: ALL,
    result: 'bool',
    arity: 2,
    on: () => (a, b) => Number(f(a, b)),
  } satisfies Pointwise);

/** Comparisons of elements. */
export const comparisonOps = [
  compare('less', 'a < b.', (a, b) => a < b),
  compare('lessEqual', 'a ≤ b.', (a, b) => a <= b),
  compare('greater', 'a > b.', (a, b) => a > b),
  compare('greaterEqual', 'a ≥ b.', (a, b) => a >= b),
  compare('equal', 'a = b.', (a, b) => a === b),
  compare('notEqual', 'a ≠ b.', (a, b) => a !== b),
] as const;

/** A function of one operand. */
export type UnaryFunction = <S extends Shape = []>(x: Operand<S>) => Tensor<S>;

/** A function of two operands that broadcast. */
export type BinaryFunction = <A extends Shape = [], B extends Shape = []>(
  a: Operand<A>,
  b: Operand<B> & FitsBroadcast<A, B>,
) => Tensor<Broadcast<A, B>>;

const [lessOp, lessEqualOp, greaterOp, greaterEqualOp, equalOp, notEqualOp] = comparisonOps;

/**
 * Comparisons, as type bool; NaN is unequal to all.
 *
 * @example
 * import { less, tensor } from '@leibniz/tensor';
 * less(tensor([1, 2, 3]), 2).toArray(); // => [ true, false, false ]
 */
export const less = pointwise(lessOp) as BinaryFunction;
export const lessEqual = pointwise(lessEqualOp) as BinaryFunction;
export const greater = pointwise(greaterOp) as BinaryFunction;
export const greaterEqual = pointwise(greaterEqualOp) as BinaryFunction;
export const equal = pointwise(equalOp) as BinaryFunction;
export const notEqual = pointwise(notEqualOp) as BinaryFunction;
