import { argmax as kernel } from '@leibniz/kernels';
import { ShapeError } from './errors.ts';
import { expectAxis, show, sizeOf } from './shape.ts';
import { internals, Tensor } from './tensor.ts';

/**
 * The positions of the largest elements along an axis, or of the largest of all, as int32: the first of equals, and a
 * NaN counts as the largest. Not differentiable.
 *
 * @example
 * import { argmax, tensor } from '@leibniz/tensor';
 * argmax(tensor([[1, 5, 2], [7, 0, 7]]), 1).toArray(); // => [ 1, 0 ]
 */
export function argmax(x: Tensor, axis?: number, { keepdims = false } = {}): Tensor {
  const at = axis === undefined ? 0 : expectAxis('argmax', axis, x.ndim);
  const around =
    axis === undefined ? [[], [x.size], []] : [x.shape.slice(0, at), [x.shape[at]!], x.shape.slice(at + 1)];
  const [outer, n, inner] = around.map(sizeOf) as [number, number, number];
  if (n === 0)
    throw new ShapeError('ERR_SHAPE_EMPTY', `Cannot take the argmax of ${show(x.shape)}: it has no elements`);
  const out = kernel(new Int32Array(outer * inner), internals.data(x), { outer, n, inner });
  const single = axis === undefined ? x.shape.map(() => 1) : [1];
  const shape = [...around[0]!, ...(keepdims ? single : []), ...around[2]!];
  return new Tensor(shape, 'int32', out);
}
