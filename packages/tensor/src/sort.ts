import { takeAlongAxis } from './gather.ts';
import { moveaxis } from './manipulation.ts';
import { apply, define, numeric, type Op } from './op.ts';
import { expectAxis, sizeOf } from './shape.ts';
import { internals, type Tensor } from './tensor.ts';

export interface SortOptions {
  /** The largest first; equal elements keep their order all the same. */
  readonly descending?: boolean;
}

/** Numbers have an order, and false comes before true. */
const expectOrder = (inputs: readonly Tensor[]): void => {
  if (inputs[0]!.dtype !== 'bool') numeric('argsort')(inputs);
};

/** The order in which the last axis is sorted; NaN comes last. */
export const argsortOp: Op<{ descending: boolean }> = define<{ descending: boolean }>({
  name: 'argsort',
  doc: 'The positions of the elements of the last axis in their order, equal ones as they lie.',
  shape: ([x]) => x!.shape,
  dtype: (inputs) => {
    expectOrder(inputs);
    return 'int32';
  },
  kernel: ([x], shape, _, { descending }) => {
    const data = internals.data(x!);
    const out = new Int32Array(data.length);
    const n = shape.at(-1)!;
    const sign = descending ? -1 : 1;
    for (let row = 0; row < sizeOf(shape.slice(0, -1)); row++) {
      const at = (i: number) => data[row * n + i]!;
      const order = Int32Array.from({ length: n }, (_, i) => i);
      // Typed arrays sort stably; a difference of infinities is no order, hence the comparisons.
      out.set(
        order.sort((i, j) => {
          const [a, b] = [at(i), at(j)];
          if (a < b) return -sign;
          if (a > b) return sign;
          return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
        }),
        row * n,
      );
    }
    return out;
  },
  vjp: () => [undefined],
  jvp: 'linear',
  batch: ([x], _, options) => apply(argsortOp, [x!], options),
  samples: () =>
    [[3], [1], [2, 3], [2, 1, 4], [0], [0, 2], [2, 0], [5]].map((shape, i) => ({
      shapes: [shape],
      options: { descending: i % 2 === 1 },
    })),
});

/**
 * The positions of the elements along an axis in ascending order, or descending: equal ones as they lie, NaN last.
 *
 * @example
 * import { argsort, tensor } from '@leibniz/tensor';
 * argsort(tensor([30, 10, 20])).toArray(); // => [ 1, 2, 0 ]
 */
export function argsort(x: Tensor, axis = -1, { descending = false }: SortOptions = {}): Tensor {
  const at = expectAxis('argsort', axis, x.ndim);
  const order = apply(argsortOp, [moveaxis(x, at, -1)], { descending });
  return moveaxis(order, -1, at);
}

/**
 * The elements along an axis in ascending order, or descending; NaN last. Gradients go back to where they came from.
 *
 * @example
 * import { sort, tensor } from '@leibniz/tensor';
 * sort(tensor([30, 10, 20])).toArray(); // => [ 10, 20, 30 ]
 */
export const sort = (x: Tensor, axis = -1, options: SortOptions = {}): Tensor =>
  takeAlongAxis(x, argsort(x, axis, options), axis);
