import { argmax as kernel } from '@leibniz/kernels';
import type { Data } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { reshape } from './movement.ts';
import { apply, define, numeric, type Op } from './op.ts';
import { expectAxis, show, sizeOf } from './shape.ts';
import { internals, type Tensor } from './tensor.ts';

interface AlongAxis {
  readonly axis: number;
}

/** Elements in the reverse order: that of -x, or among integers of -1 - x, which never wraps around. */
const reversed = (data: Data): Data =>
  data instanceof Int32Array || data instanceof Uint8Array
    ? Int32Array.from(data, (value) => ~value)
    : data.map((value) => -value);

const extremum = (name: 'argmax' | 'argmin'): Op<AlongAxis> =>
  define<AlongAxis>({
    name,
    doc: `The position of the first ${name === 'argmax' ? 'largest' : 'smallest'} element along an axis.`,
    shape: ([x], { axis }) => {
      if (x!.shape[axis] !== 0) return x!.shape.toSpliced(axis, 1);
      throw new ShapeError(
        'ERR_SHAPE_EMPTY',
        `Cannot take the ${name} of ${show(x!.shape)} along axis ${axis}: it has no elements`,
      );
    },
    dtype: (inputs) => {
      numeric(name)(inputs);
      return 'int32';
    },
    kernel: ([x], shape, _, { axis }) => {
      const lengths = (from: number, to?: number) => sizeOf(x!.shape.slice(from, to));
      const sizes = { outer: lengths(0, axis), n: x!.shape[axis]!, inner: lengths(axis + 1) };
      const data = internals.data(x!);
      return kernel(new Int32Array(sizeOf(shape)), name === 'argmax' ? data : reversed(data), sizes);
    },
    vjp: () => [undefined],
    jvp: 'linear',
    batch: ([x], _, { axis }) => apply(name === 'argmax' ? argmaxOp : argminOp, [x!], { axis: axis + 1 }),
    samples: () => [
      { shapes: [[3]], options: { axis: 0 } },
      { shapes: [[1]], options: { axis: 0 } },
      { shapes: [[2, 3]], options: { axis: 0 } },
      { shapes: [[2, 3]], options: { axis: 1 } },
      { shapes: [[2, 3, 2]], options: { axis: 1 } },
      { shapes: [[0, 2]], options: { axis: 1 } },
      { shapes: [[2, 3, 2]], options: { axis: 2 } },
      { shapes: [[4, 1]], options: { axis: 0 } },
    ],
  });

export const argmaxOp: Op<AlongAxis> = extremum('argmax');
export const argminOp: Op<AlongAxis> = extremum('argmin');

function positions(op: Op<AlongAxis>, x: Tensor, axis: number | undefined, keepdims: boolean): Tensor {
  if (axis === undefined) {
    if (x.size === 0)
      throw new ShapeError(
        'ERR_SHAPE_EMPTY',
        `Cannot take the ${op.name} of ${show(x.shape)}: it has no elements`,
      );
    const y = apply(op, [reshape(x, [x.size])], { axis: 0 });
    return keepdims
      ? reshape(
          y,
          x.shape.map(() => 1),
        )
      : y;
  }
  const at = expectAxis(op.name, axis, x.ndim);
  const y = apply(op, [x], { axis: at });
  return keepdims ? reshape(y, x.shape.with(at, 1)) : y;
}

/**
 * The positions of the largest elements along an axis, or of the largest of all, as int32: the first of equals, and a
 * NaN counts as the largest. Not differentiable.
 *
 * @example
 * import { argmax, tensor } from '@leibniz/tensor';
 * argmax(tensor([[1, 5, 2], [7, 0, 7]]), 1).toArray(); // => [ 1, 0 ]
 */
export const argmax = (x: Tensor, axis?: number, { keepdims = false } = {}): Tensor =>
  positions(argmaxOp, x, axis, keepdims);

/**
 * The positions of the smallest elements along an axis, or of the smallest of all, as int32: the first of equals, and a
 * NaN counts as the smallest. Not differentiable.
 *
 * @example
 * import { argmin, tensor } from '@leibniz/tensor';
 * argmin(tensor([[1, 5, 2], [7, 0, 7]]), 1).toArray(); // => [ 0, 1 ]
 */
export const argmin = (x: Tensor, axis?: number, { keepdims = false } = {}): Tensor =>
  positions(argminOp, x, axis, keepdims);
