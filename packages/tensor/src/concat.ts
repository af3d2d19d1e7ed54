import { allocate } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { reshape, spread } from './movement.ts';
import { apply, define, promoted } from './op.ts';
import { expectAxis, sameShape, show, sizeOf } from './shape.ts';
import { slice } from './slice.ts';
import { internals, type Tensor } from './tensor.ts';

export const concatOp = define<{ axis: number }>({
  name: 'concat',
  doc: 'Joined along an axis.',
  shape: (inputs, { axis }) => {
    const [first] = inputs as [Tensor];
    for (const x of inputs) {
      if (x.ndim === first.ndim && sameShape(x.shape.with(axis, 0), first.shape.with(axis, 0))) continue;
      throw new ShapeError(
        'ERR_SHAPE_MISMATCH',
        `Cannot join ${show(first.shape)} and ${show(x.shape)} along axis ${axis}: the other axes must agree`,
      );
    }
    return first.shape.with(
      axis,
      inputs.reduce((n, x) => n + x.shape[axis]!, 0),
    );
  },
  dtype: promoted('concat'),
  kernel: (inputs, shape, dtype, { axis }) => {
    const out = allocate(dtype, sizeOf(shape));
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
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const [first] = tensors;
  if (first === undefined)
    throw new ShapeError('ERR_SHAPE_EMPTY', 'Cannot join no tensors: at least one is needed');
  return apply(concatOp, tensors, { axis: expectAxis('concat', axis, first.ndim) });
}

/**
 * Tensors of one shape joined along a new axis.
 *
 * @example
 * import { stack, tensor } from '@leibniz/tensor';
 * stack([tensor([1, 2]), tensor([3, 4])], 1).toArray(); // => [ [ 1, 3 ], [ 2, 4 ] ]
 */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  const at = expectAxis('stack', axis, (tensors[0]?.ndim ?? 0) + 1);
  return concat(
    tensors.map((x) => reshape(x, x.shape.toSpliced(at, 0, 1))),
    at,
  );
}
