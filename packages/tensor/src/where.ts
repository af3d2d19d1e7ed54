import { astype } from './astype.ts';
import { dtypes, promote } from './dtype.ts';
import { choice } from './elementwise.ts';
import { DTypeError } from './errors.ts';
import { add, mul, sub } from './functions.ts';
import { logicalAnd, logicalNot, logicalOr } from './logic.ts';
import { constant } from './pointwise.ts';
import type { Operand, Tensor } from './tensor.ts';

/**
 * `a` where the condition is true, `b` elsewhere; gradients reach the one that was taken.
 *
 * @example
 * import { greater, tensor, where } from '@leibniz/tensor';
 * const x = tensor([-2, 3]);
 * where(greater(x, 0), x, 0).toArray(); // => [ 0, 3 ]
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  if (condition.dtype !== 'bool') {
    throw new DTypeError(
      `Cannot choose by a condition of ${condition.dtype}: it must be bool; compare, or convert with .astype('bool')`,
    );
  }
  const types = [a, b].flatMap((x) => (typeof x === 'number' ? [] : [x.dtype]));
  const dtype = types.length === 0 ? 'float32' : promote('where', types);
  if (dtypes[dtype].kind === 'float') return choice(condition, a, b);
  const [yes, no] = [a, b].map((x) => (typeof x === 'number' ? constant('where', x, dtype) : x)) as [
    Tensor,
    Tensor,
  ];
  if (dtype === 'bool') return logicalOr(logicalAnd(condition, yes), logicalAnd(logicalNot(condition), no));
  // Exact, as integers wrap around.
  return add(no, mul(sub(yes, no), astype(condition, dtype)));
}
