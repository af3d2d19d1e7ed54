import { ShapeError } from './errors.ts';
import { reshape, spread } from './movement.ts';
import { apply, define, promoted } from './op.ts';
import { expectAxis, type Shape, sameShape, show, sizeOf } from './shape.ts';
import type { FitsJoined, Joined, Stacked } from './shapeTypes.ts';
import { slice } from './slice.ts';
import { roomFor } from './storage.ts';
import { internals, type Tensor } from './tensor.ts';

/** Where two shapes differ at another axis than the given one, said for an error. */
function differing(a: Shape, b: Shape, axis: number): string {
  if (a.length !== b.length) return `, but the ranks are ${a.length} and ${b.length}; use expandDims`;
  const odd = a.findIndex((n, at) => at !== axis && n !== b[at]);
  return `, but axis ${odd} has lengths ${a[odd]} and ${b[odd]}; slice or pad one`;
}

export const concatOp = define<{ axis: number }>({
  name: 'concat',
  doc: 'Joined along an axis.',
  shape: (inputs, { axis }) => {
    const [first] = inputs as [Tensor];
    for (const x of inputs) {
      if (x.ndim === first.ndim && sameShape(x.shape.with(axis, 0), first.shape.with(axis, 0))) continue;
      throw new ShapeError(
        'ERR_SHAPE_MISMATCH',
        `Cannot join ${show(first.shape)} and ${show(x.shape)} along axis ${axis}: the other axes must agree${differing(first.shape, x.shape, axis)}`,
      );
    }
    return first.shape.with(
      axis,
      inputs.reduce((n, x) => n + x.shape[axis]!, 0),
    );
  },
  dtype: promoted('concat'),
  kernel: (inputs, shape, dtype, { axis }) => {
    const out = roomFor(dtype, sizeOf(shape));
    const parts = inputs.map((x) => ({ from: internals.data(x), length: sizeOf(x.shape.slice(axis)) }));
    let to = 0;
    for (let row = 0; row < sizeOf(shape.slice(0, axis)); row++) {
      for (const { from, length } of parts) {
        out.set(from.subarray(row * length, (row + 1) * length), to);
        to += length;
      }
    }
    return out;
  },
  vjp: (g, inputs, _, { axis }) => {
    let end = 0;
    return inputs.map((x) => {
      const start = end;
      end += x.shape[axis]!;
      const stop = end;
      return () => slice(g, ...new Array<null>(axis).fill(null), [start, stop]);
    });
  },
  jvp: 'linear',
  batch: (inputs, isBatched, { axis }, size) =>
    concat(
      inputs.map((x, at) => spread(x, isBatched[at]!, size)),
      axis + 1,
    ),
  samples: () => [
    { shapes: [[2], [3]], options: { axis: 0 } },
    { shapes: [[2]], options: { axis: 0 } },
    {
      shapes: [
        [2, 2],
        [2, 1],
        [2, 0],
      ],
      options: { axis: 1 },
    },
    {
      shapes: [
        [1, 2],
        [2, 2],
      ],
      options: { axis: 0 },
    },
    { shapes: [[0], [0]], options: { axis: 0 } },
    {
      shapes: [
        [2, 1, 2],
        [2, 2, 2],
      ],
      options: { axis: 1 },
    },
    { shapes: [[1], [1], [1], [1]], options: { axis: 0 } },
    {
      shapes: [
        [2, 1, 1],
        [2, 1, 2],
      ],
      options: { axis: 2 },
    },
  ],
});

/**
 * Tensors joined along an axis.
 *
 * @example
 * import { concat, tensor } from '@leibniz/tensor';
 * concat([tensor([1, 2]), tensor([3])]).toArray(); // => [ 1, 2, 3 ]
 */
export function concat<const T extends readonly Tensor[], const Axis extends number = 0>(
  tensors: T & FitsJoined<T, Axis>,
  axis: Axis = 0 as Axis,
): Tensor<Joined<T, Axis>> {
  const [first] = tensors;
  if (first === undefined)
    throw new ShapeError('ERR_SHAPE_EMPTY', 'Cannot join no tensors: at least one is needed');
  return apply(concatOp, tensors, { axis: expectAxis('concat', axis, first.ndim) }) as Tensor<
    Joined<T, Axis>
  >;
}

/**
 * Tensors of one shape joined along a new axis.
 *
 * @example
 * import { stack, tensor } from '@leibniz/tensor';
 * stack([tensor([1, 2]), tensor([3, 4])], 1).toArray(); // => [ [ 1, 3 ], [ 2, 4 ] ]
 */
export function stack<const T extends readonly Tensor[], const Axis extends number = 0>(
  tensors: T,
  axis: Axis = 0 as Axis,
): Tensor<Stacked<T, Axis>> {
  const at = expectAxis('stack', axis, (tensors[0]?.ndim ?? 0) + 1);
  const joined = concat(
    tensors.map((x): Tensor => reshape(x, x.shape.toSpliced(at, 0, 1))),
    at as number,
  );
  return joined as unknown as Tensor<Stacked<T, Axis>>;
}
