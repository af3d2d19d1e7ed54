// A matrix product with a row added to each of its rows, which the kernel of the product does on the way.

import type { FloatArray, Formula } from '@leibniz/kernels';
import { converted } from './astype.ts';
import { type FloatDType, isFloat, promote } from './dtype.ts';
import { binary } from './elementwise.ts';
import { floatProduct, gradientProduct, matmul, matrices, product } from './matmul.ts';
import { broadcastTo, ranked } from './movement.ts';
import { apply, define, floating } from './op.ts';
import { sameShape } from './shape.ts';
import type { Tensor } from './tensor.ts';

const add = binary('add');

/** x · weight + bias as one kernel, for matrices and a row; to the same bits as one after the other. */
export const linearOp = define<Record<never, never>>({
  name: 'linear',
  doc: 'A matrix product, and a row that is added to each of its rows.',
  shape: ([x, weight]) => [x!.shape[0]!, weight!.shape[1]!],
  dtype: floating('linear'),
  kernel: ([x, weight, bias], _, dtype) => {
    const row = converted(bias!, dtype) as FloatArray;
    return floatProduct(x!, weight!, dtype as FloatDType, {}, { formula: ADDED, inputs: [row] });
  },
  vjp: (g, [x, weight]) => [
    () => gradientProduct(g, weight!, { transposeB: true }),
    () => gradientProduct(x!, g, { transposeA: true }),
    () => g,
  ],
  jvp: ([dx, dWeight, dBias], [x, weight], y) => {
    const moved = [dx && product(dx, weight!, {}), dWeight && product(x!, dWeight, {}), dBias];
    const sum = moved.reduce((a, b) => (a && b ? add(a, b) : (a ?? b)))!;
    return sameShape(sum.shape, y.shape) ? sum : broadcastTo(sum, y.shape);
  },
  batch: ([x, weight, bias], [, , hasBias]) =>
    add(product(x!, weight!, {}), hasBias ? ranked(bias!, 3) : bias!),
  samples: () => [
    { shapes: [[2, 3], [3, 4], [4]], options: {} },
    { shapes: [[1, 3], [3, 2], [2]], options: {} },
    { shapes: [[3, 1], [1, 2], [2]], options: {} },
    { shapes: [[2, 3], [3, 1], [1]], options: {} },
    { shapes: [[5, 2], [2, 9], [9]], options: {} },
    { shapes: [[2, 0], [0, 3], [3]], options: {} },
    { shapes: [[0, 2], [2, 3], [3]], options: {} },
    { shapes: [[2, 2], [2, 2], [2]], options: {} },
  ],
});

const ADDED: Formula = ($, y, bias) => $.add(y!, bias!);

/**
 * x · weight + bias, for a weight of shape [inputs, outputs]; the axes of x before its last are samples.
 *
 * @example
 * import { linear, tensor } from '@leibniz/tensor';
 * linear(tensor([1, 2]), tensor([[1], [10]]), tensor([0.5])).toArray(); // => [ 21.5 ]
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  if (bias === undefined) return matmul(x, weight, {});
  const isPlain = x.ndim === 2 && weight.ndim === 2 && bias.ndim === 1 && bias.shape[0] === weight.shape[1];
  if (!isPlain || !isFloat(promote('linear', [x.dtype, weight.dtype, bias.dtype])))
    return add(matmul(x, weight, {}), bias);
  matrices(x, weight, {}); // or an error
  return apply(linearOp, [x, weight, bias], {});
}
