// NumPy's x[…] in full: numbers, ranges, integer tensors, masks, new axes; and the same places written to.

import { less } from './comparison.ts';
import { ShapeError } from './errors.ts';
import { add, mul } from './functions.ts';
import { expectIndices, gather, scatterAdd } from './gather.ts';
import { moveaxis } from './manipulation.ts';
import { broadcastTo, reshape } from './movement.ts';
import { nonzero } from './search.ts';
import { broadcastShapes, type Shape, sameShape, show, sizeOf, stridesOf } from './shape.ts';
import { type AxisPart, partOf, sliceParts } from './slice.ts';
import { internals, type Range, Tensor } from './tensor.ts';
import { where } from './where.ts';

/** Stands for a new axis of length 1. */
export const newaxis: unique symbol = Symbol('newaxis');

/**
 * What picks from an axis: a number, a range, or null for all; a tensor of integers, negative ones from the end; a mask
 * of type bool, from as many axes as it has; '...' for all axes that are not named; `newaxis`.
 */
export type Index = Range | Tensor | typeof newaxis | '...';

/** An index for one axis, or a new axis. */
type AxisIndex = Range | Tensor | typeof newaxis;

/** How many axes an index speaks of. */
const axesOf = (index: Index): number => {
  if (index === newaxis || index === '...') return 0;
  return index instanceof Tensor && index.dtype === 'bool' ? index.ndim : 1;
};

/** An index for each axis, masks as the indices where they are true. */
function spelledOut(x: Tensor, index: readonly Index[]): AxisIndex[] {
  const named = index.reduce<number>((sum, each) => sum + axesOf(each), 0);
  const dots = index.filter((each) => each === '...').length;
  if (named > x.ndim || dots > 1) {
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      `Cannot index ${named} axes of ${show(x.shape)}${dots > 1 ? " with more than one '...'" : ''}: it has ${x.ndim}`,
    );
  }
  const rest = new Array<null>(x.ndim - named).fill(null);
  const full = dots === 1 ? index : [...index, '...' as const];
  let axis = 0;
  return full.flatMap((each): AxisIndex[] => {
    if (each === '...') {
      axis += rest.length;
      return rest;
    }
    const first = axis;
    axis += axesOf(each);
    if (!(each instanceof Tensor) || each.dtype !== 'bool') return [each];
    if (!sameShape(each.shape, x.shape.slice(first, axis))) {
      throw new ShapeError(
        'ERR_SHAPE_MISMATCH',
        `Cannot index axes ${first} to ${axis - 1} of ${show(x.shape)} by a mask of ${show(each.shape)}: the lengths must agree`,
      );
    }
    return nonzero(each);
  });
}

/**
 * What NumPy's x[…] picks: besides numbers and ranges, tensors of integers, which broadcast together, and masks, which
 * pick where they are true. Without such tensors it is a view. Gradients go back to where the elements came from.
 *
 * @example
 * import { at, newaxis, tensor } from '@leibniz/tensor';
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * at(x, x.greater(2)).toArray(); // => [ 3, 4, 5, 6 ]
 * at(x, '...', tensor([0, -1], { dtype: 'int32' })).toArray(); // => [ [ 1, 3 ], [ 4, 6 ] ]
 * at(x, 1, newaxis).shape; // => [ 1, 3 ]
 */
export function at(x: Tensor, ...index: Index[]): Tensor {
  const each = spelledOut(x, index);
  const isAdvanced = each.some((one) => one instanceof Tensor);
  const isPicked = (one: AxisIndex) => one instanceof Tensor || (isAdvanced && typeof one === 'number');
  const parts: AxisPart[] = [];
  const shape: number[] = [];
  const picks: { readonly axis: number; readonly place: number; readonly indices: Tensor }[] = [];
  for (const [place, one] of each.entries()) {
    if (one === newaxis) {
      shape.push(1);
      continue;
    }
    const axis = parts.length;
    const n = x.shape[axis]!;
    const part = one instanceof Tensor || isPicked(one) ? partOf(null, axis, n) : partOf(one, axis, n);
    parts.push(part);
    if (one instanceof Tensor || isPicked(one)) {
      const given =
        one instanceof Tensor
          ? one
          : new Tensor([], 'int32', Int32Array.of(partOf(one as number, axis, n).start));
      picks.push({ axis: shape.length, place, indices: fromStart(given, n) });
    }
    if (typeof one !== 'number' || isPicked(one)) shape.push(part.count);
  }
  const part = reshape(sliceParts(x, parts), shape);
  return picks.length === 0 ? part : picked(part, picks);
}

/** Indices counted from the start, checked. */
function fromStart(indices: Tensor, n: number): Tensor {
  const negative = indices.dtype === 'uint8' ? undefined : less(indices, 0);
  const counted = negative === undefined ? indices : where(negative, add(indices, n), indices);
  return expectIndices('at', counted, n);
}

/** Picks from several axes at once by indices that broadcast together. */
function picked(x: Tensor, picks: readonly { axis: number; place: number; indices: Tensor }[]): Tensor {
  const common = picks.reduce<Shape>((shape, { indices }) => broadcastShapes('at', shape, indices.shape), []);
  const axes = picks.map(({ axis }) => axis);
  const front = moveaxis(
    x,
    axes,
    axes.map((_, i) => i),
  );
  const [lengths, rest] = [front.shape.slice(0, axes.length), front.shape.slice(axes.length)];
  const strides = stridesOf(lengths);
  const rows = picks
    .map(({ indices }, i) => mul(indices, strides[i]!))
    .reduce((sum: Tensor, each) => add(sum, each));
  const y = gather(reshape(front, [sizeOf(lengths), ...rest]), broadcastTo(rows, common));
  // As in NumPy: in the place of the axes where these are neighbours, else in front.
  const areNeighbours = picks.every(({ place }, i) => i === 0 || place === picks[i - 1]!.place + 1);
  if (!areNeighbours || axes[0] === 0) return y;
  return moveaxis(
    y,
    common.map((_, i) => i),
    common.map((_, i) => axes[0]! + i),
  );
}

/** The places of a tensor's elements that an index picks. */
function placesOf(x: Tensor, index: readonly Index[]): Tensor {
  const all = new Tensor(
    x.shape,
    'int32',
    Int32Array.from({ length: x.size }, (_, i) => i),
  );
  return at(all, ...index);
}

/**
 * The tensor with values added at the places that an index picks; at a place picked twice, both. For `x[index] += values`.
 *
 * @example
 * import { addAt, tensor, zeros } from '@leibniz/tensor';
 * addAt(zeros([3]), tensor([1, 2, 4]), tensor([0, 2, 0], { dtype: 'int32' })).toArray(); // => [ 5, 0, 2 ]
 */
export function addAt(x: Tensor, values: Tensor, ...index: Index[]): Tensor {
  const places = placesOf(x, index);
  const flat = reshape(broadcastTo(values, places.shape), [places.size]);
  const sums = scatterAdd(flat, reshape(places, [places.size]), x.size);
  return add(x, reshape(sums, x.shape));
}

/**
 * The tensor with the places that an index picks replaced by values; at a place picked twice, the last. For
 * `x[index] = values`.
 *
 * @example
 * import { setAt, tensor } from '@leibniz/tensor';
 * setAt(tensor([1, 2, 3]), tensor([9]), [1, null]).toArray(); // => [ 1, 9, 9 ]
 */
export function setAt(x: Tensor, values: Tensor, ...index: Index[]): Tensor {
  const places = placesOf(x, index);
  const flat = reshape(broadcastTo(values, places.shape), [places.size]);
  const lastAt = new Map<number, number>();
  for (const [i, place] of internals.data(places).entries()) lastAt.set(place, i);
  const vector = (numbers: Iterable<number>) => {
    const data = Int32Array.from(numbers);
    return new Tensor([data.length], 'int32', data);
  };
  const mask = new Uint8Array(x.size);
  for (const place of lastAt.keys()) mask[place] = 1;
  const written = scatterAdd(gather(flat, vector(lastAt.values())), vector(lastAt.keys()), x.size);
  return where(new Tensor(x.shape, 'bool', mask), reshape(written, x.shape), x);
}
