import { lessEqual } from './comparison.ts';
import { allocate } from './dtype.ts';
import { mul } from './functions.ts';
import { matrixSizes } from './manipulation.ts';
import { Tensor } from './tensor.ts';
import { where } from './where.ts';

/** Column numbers less row numbers. */
function distances(op: string, x: Tensor): Tensor {
  const [n, m] = matrixSizes(op, x);
  const data = Int32Array.from({ length: n * m }, (_, i) => (i % m) - Math.floor(i / m));
  return new Tensor([n, m], 'int32', data);
}

const zeroOf = (x: Tensor): Tensor => new Tensor([], x.dtype, allocate(x.dtype, 1));

/**
 * The matrices with zeros above a diagonal, the k-th to the right of the main one.
 *
 * @example
 * import { ones, tril } from '@leibniz/tensor';
 * tril(ones([2, 2])).toArray(); // => [ [ 1, 0 ], [ 1, 1 ] ]
 */
export const tril = (x: Tensor, { k = 0 }: { k?: number } = {}): Tensor =>
  where(lessEqual(distances('tril', x), k), x, zeroOf(x));

/** The matrices with zeros below a diagonal, the k-th to the right of the main one. */
export const triu = (x: Tensor, { k = 0 }: { k?: number } = {}): Tensor =>
  where(lessEqual(mul(distances('triu', x), -1), -k), x, zeroOf(x));
