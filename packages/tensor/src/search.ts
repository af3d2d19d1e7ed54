// Positions and sets, found by looking at the elements; that of most results depends on them, so inside vmap they are
// an error.

import { dtypes } from './dtype.ts';
import { DTypeError, ShapeError } from './errors.ts';
import { gather } from './gather.ts';
import { reshape } from './movement.ts';
import { show, stridesOf } from './shape.ts';
import { argsort } from './sort.ts';
import { internals, Tensor } from './tensor.ts';

const indices = (values: ArrayLike<number>): Tensor =>
  new Tensor([values.length], 'int32', Int32Array.from(values));

/** The elements of a tensor, in jvp those of its value. */
function elements(x: Tensor) {
  let inner = x;
  for (let trace = internals.trace(x); trace?.level.transform === 'jvp'; trace = internals.trace(inner)) {
    inner = trace.inner;
  }
  return internals.data(inner);
}

/**
 * The indices of the elements that are not 0, a vector for each axis.
 *
 * @example
 * import { nonzero, tensor } from '@leibniz/tensor';
 * nonzero(tensor([[0, 1], [2, 0]])).map((x) => x.toArray()); // => [ [ 0, 1 ], [ 1, 0 ] ]
 */
export function nonzero(x: Tensor): Tensor[] {
  if (x.ndim === 0)
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      'Cannot take the indices of a scalar in nonzero: it has no axes; compare it with 0',
    );
  if (dtypes[x.dtype].kind === 'half')
    throw new DTypeError(
      `Cannot look for elements of ${x.dtype} in nonzero: convert with .astype('float32')`,
    );
  const places: number[] = [];
  for (const [i, value] of elements(x).entries()) if (value !== 0) places.push(i);
  const strides = stridesOf(x.shape);
  return x.shape.map((n, axis) => indices(places.map((i) => Math.floor(i / strides[axis]!) % n)));
}

/**
 * For each value the place in a sorted vector where it belongs: before equal ones, or behind them.
 *
 * @example
 * import { searchsorted, tensor } from '@leibniz/tensor';
 * searchsorted(tensor([1, 3, 5]), tensor([3, 4])).toArray(); // => [ 1, 2 ]
 */
export function searchsorted(
  sorted: Tensor,
  values: Tensor,
  { side = 'left', sorter }: { side?: 'left' | 'right'; sorter?: Tensor } = {},
): Tensor {
  if (sorted.ndim !== 1) {
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      `Cannot search in ${show(sorted.shape)} by searchsorted: it must be a vector`,
    );
  }
  if (sorted.dtype !== values.dtype) {
    throw new DTypeError(
      `Cannot search for ${values.dtype} among ${sorted.dtype} in searchsorted: convert with .astype('${sorted.dtype}')`,
    );
  }
  const line = elements(sorter === undefined ? sorted : gather(sorted, sorter));
  const isBefore = (a: number, b: number) => a < b || (Number.isNaN(b) && !Number.isNaN(a));
  const found = Int32Array.from(elements(values), (value) => {
    let [low, high] = [0, line.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const goesOn = side === 'left' ? isBefore(line[middle]!, value) : !isBefore(value, line[middle]!);
      if (goesOn) low = middle + 1;
      else high = middle;
    }
    return low;
  });
  return new Tensor(values.shape, 'int32', found);
}

/** Distinct values in ascending order, NaN each by itself, and where they are. */
export interface Unique {
  readonly values: Tensor;
  /** The place of the first of each. */
  readonly indices: Tensor;
  /** For each element, the place of its value. */
  readonly inverseIndices: Tensor;
  readonly counts: Tensor;
}

/**
 * The distinct values in ascending order, with the place of the first of each, for each element the place of its value,
 * and how often each occurs. Every NaN is a value by itself.
 *
 * @example
 * import { tensor, uniqueAll } from '@leibniz/tensor';
 * const { values, counts } = uniqueAll(tensor([3, 1, 3]));
 * values.toArray(); // => [ 1, 3 ]
 * counts.toArray(); // => [ 1, 2 ]
 */
export function uniqueAll(x: Tensor): Unique {
  const flat = reshape(x, [x.size]);
  const data = elements(flat);
  const order = elements(argsort(new Tensor([x.size], x.dtype, data)));
  const firsts: number[] = [];
  const counts: number[] = [];
  const inverse = new Int32Array(x.size);
  for (const [i, at] of order.entries()) {
    if (i === 0 || data[at] !== data[order[i - 1]!]) {
      firsts.push(at);
      counts.push(0);
    }
    counts[counts.length - 1]! += 1;
    inverse[at] = firsts.length - 1;
  }
  return {
    values: gather(flat, indices(firsts)),
    indices: indices(firsts),
    inverseIndices: new Tensor(x.shape, 'int32', inverse),
    counts: indices(counts),
  };
}

/** The distinct values and how often each occurs. */
export const uniqueCounts = (x: Tensor): Pick<Unique, 'values' | 'counts'> => {
  const { values, counts } = uniqueAll(x);
  return { values, counts };
};

/** The distinct values and for each element the place of its value. */
export const uniqueInverse = (x: Tensor): Pick<Unique, 'values' | 'inverseIndices'> => {
  const { values, inverseIndices } = uniqueAll(x);
  return { values, inverseIndices };
};

/** The distinct values in ascending order. */
export const uniqueValues = (x: Tensor): Tensor => uniqueAll(x).values;
