// Operations on truth values.

import type { BinaryFunction, UnaryFunction } from './comparison.ts';
import { pointwise, pointwiseOp } from './pointwise.ts';

const op = (name: string, doc: string, f: (a: number, b: number) => number, arity: 1 | 2 = 2) =>
  pointwiseOp({ name, doc, kinds: ['bool'], result: 'bool', arity, on: () => f });

const andOp = op('logicalAnd', 'Both.', (a, b) => a & b);
const orOp = op('logicalOr', 'Either or both.', (a, b) => a | b);
const xorOp = op('logicalXor', 'Either, not both.', (a, b) => a ^ b);
const notOp = op('logicalNot', 'Not.', (a) => 1 - a, 1);

export const logicOps = [andOp, orOp, xorOp, notOp] as const;

/** Whether both are true. */
export const logicalAnd: BinaryFunction = pointwise(andOp) as BinaryFunction;

/** Whether one at least is true. */
export const logicalOr: BinaryFunction = pointwise(orOp) as BinaryFunction;

/** Whether just one is true. */
export const logicalXor: BinaryFunction = pointwise(xorOp) as BinaryFunction;

/** Whether it is false. */
export const logicalNot: UnaryFunction = pointwise(notOp) as UnaryFunction;
