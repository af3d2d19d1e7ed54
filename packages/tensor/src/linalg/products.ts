import { stack } from '../concat.ts';
import { DTypeError, ShapeError } from '../errors.ts';
import { mul, sub } from '../functions.ts';
import { diagonal, expandDims, moveaxis } from '../manipulation.ts';
import { matmul } from '../matmul.ts';
import { broadcastTo, permuteDims, reshape } from '../movement.ts';
import { sum } from '../reduction.ts';
import { broadcastShapes, expectAxes, expectAxis, type Shape, show, sizeOf } from '../shape.ts';
import { slice } from '../slice.ts';
import type { Tensor } from '../tensor.ts';
import { expectSquare, identity } from './matrices.ts';
import { inverse } from './solve.ts';

/**
 * The scalar products of the vectors along an axis; other axes broadcast.
 *
 * @example
 * import { tensor, vecdot } from '@leibniz/tensor';
 * vecdot(tensor([[1, 2], [3, 4]]), tensor([10, 1])).toArray(); // => [ 12, 34 ]
 */
export function vecdot(a: Tensor, b: Tensor, { axis = -1 }: { readonly axis?: number } = {}): Tensor {
  const [x, y] = [a, b].map((each) => moveaxis(each, expectAxis('vecdot', axis, each.ndim), -1)) as [
    Tensor,
    Tensor,
  ];
  if (x.shape.at(-1) === y.shape.at(-1)) {
    const product = matmul(expandDims(x, -2), expandDims(y, -1));
    return reshape(product, product.shape.slice(0, -2));
  }
  throw new ShapeError(
    'ERR_SHAPE_MISMATCH',
    `Cannot multiply the vectors along axis ${axis} of ${show(a.shape)} and ${show(b.shape)} in vecdot: their lengths must agree; name another by { axis }`,
  );
}

/** All products of an element of one vector and one of the other: a matrix. */
export function outer(a: Tensor, b: Tensor): Tensor {
  if (a.ndim === 1 && b.ndim === 1) return mul(reshape(a, [a.size, 1]), b);
  throw new ShapeError(
    'ERR_SHAPE_AXIS',
    `Cannot take outer of ${show(a.shape)} and ${show(b.shape)}: both must be vectors; reshape them, or use einsum`,
  );
}

/**
 * The vector products of the vectors of length 3 along an axis.
 *
 * @example
 * import { cross, tensor } from '@leibniz/tensor';
 * cross(tensor([1, 0, 0]), tensor([0, 1, 0])).toArray(); // => [ 0, 0, 1 ]
 */
export function cross(a: Tensor, b: Tensor, { axis = -1 }: { readonly axis?: number } = {}): Tensor {
  const shape = broadcastShapes('cross', a.shape, b.shape);
  const at = expectAxis('cross', axis, shape.length);
  const [x, y] = [a, b].map((each) => moveaxis(broadcastTo(each, shape), at, -1)) as [Tensor, Tensor];
  if (shape[at] !== 3) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot take cross of ${show(a.shape)} and ${show(b.shape)} along axis ${axis}: vectors of length 3 are needed, not ${shape[at]}`,
    );
  }
  const part = (of: Tensor, i: number) => slice(of, ...new Array<null>(shape.length - 1).fill(null), i);
  const component = (i: number) => {
    const [j, k] = [(i + 1) % 3, (i + 2) % 3];
    return sub(mul(part(x, j), part(y, k)), mul(part(x, k), part(y, j)));
  };
  return stack([component(0), component(1), component(2)], at);
}

/** The sums of the diagonals of the matrices in the last two axes; `offset` counts columns to the right. */
export const trace = (x: Tensor, options: { readonly offset?: number } = {}): Tensor =>
  sum(diagonal(x, options), -1);

/** The matrices multiplied with themselves n times; for n < 0 their inverses, for 0 the unit matrix. */
export function matrixPower(x: Tensor, n: number): Tensor {
  const size = expectSquare('matrixPower', x);
  if (!Number.isInteger(n))
    throw new DTypeError(`Cannot raise matrices of ${show(x.shape)} to ${n} in matrixPower: n is an integer`);
  let result: Tensor | undefined;
  let square = n < 0 ? inverse(x) : x;
  for (let rest = Math.abs(n); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result === undefined ? square : matmul(result, square);
    if (rest > 1) square = matmul(square, square);
  }
  return result ?? broadcastTo(identity(size, x), x.shape);
}

/**
 * Sums of products over axes of both: so many last ones of the first with so many first ones of the second, or those
 * named.
 *
 * @example
 * import { ones, tensordot } from '@leibniz/tensor';
 * tensordot(ones([2, 3, 4]), ones([3, 4, 5])).shape; // => [ 2, 5 ]
 */
export function tensordot(
  a: Tensor,
  b: Tensor,
  { axes = 2 }: { readonly axes?: number | readonly [readonly number[], readonly number[]] } = {},
): Tensor {
  const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
  const [ofA, ofB] = typeof axes === 'number' ? [range(a.ndim - axes, axes), range(0, axes)] : axes;
  const [left, right] = [
    ofA.map((axis) => expectAxis('tensordot', axis, a.ndim)),
    ofB.map((axis) => expectAxis('tensordot', axis, b.ndim)),
  ];
  expectAxes('tensordot', left, a.ndim);
  expectAxes('tensordot', right, b.ndim);
  const odd = left.findIndex((axis, i) => a.shape[axis] !== b.shape[right[i]!]);
  if (left.length !== right.length || odd >= 0) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot sum axes [${ofA}] of ${show(a.shape)} with [${ofB}] of ${show(b.shape)} in tensordot: their lengths must agree; name others by { axes }`,
    );
  }
  const [freeA, freeB] = [a.shape.keys(), b.shape.keys()].map((all, i) =>
    [...all].filter((axis) => ![left, right][i]!.includes(axis)),
  ) as [number[], number[]];
  const lengths = (x: Tensor, which: readonly number[]): Shape => which.map((axis) => x.shape[axis]!);
  const inner = sizeOf(lengths(a, left));
  const rows = reshape(permuteDims(a, [...freeA, ...left]), [sizeOf(lengths(a, freeA)), inner]);
  const columns = reshape(permuteDims(b, [...right, ...freeB]), [inner, sizeOf(lengths(b, freeB))]);
  return reshape(matmul(rows as Tensor, columns as Tensor), [...lengths(a, freeA), ...lengths(b, freeB)]);
}
