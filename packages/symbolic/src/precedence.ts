// How tightly everything that is written holds together: the one table that reading and writing share.

import { ops } from '@leibniz/ops';

const { add, mul, pow } = ops.binary;

/**
 * From loosest to tightest. Below the level that its place asks for, a piece of writing gets parentheses. Products
 * and quotients, written or implied, share a level and go from the left; powers and roots go from the right.
 */
export const LEVEL = {
  or: -3,
  and: -2,
  not: -1,
  compare: 0,
  sum: add.notation!.precedence,
  product: mul.notation!.precedence,
  negation: ops.unary.neg.notation!.precedence,
  power: pow.notation!.precedence,
  /** n! and x², which take the atom before them. */
  postfix: 5,
  atom: 6,
} as const;
