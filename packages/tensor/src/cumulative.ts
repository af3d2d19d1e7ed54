import { astype } from './astype.ts';
import { concat } from './concat.ts';
import { allocate, isFloat } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { mul, sub } from './functions.ts';
import { flip } from './manipulation.ts';
import { apply, define, type Op } from './op.ts';
import { summed } from './reduction.ts';
import { expectAxis, show, sizeOf } from './shape.ts';
import { slice } from './slice.ts';
import { internals, Tensor } from './tensor.ts';

interface AlongAxis {
  readonly axis: number;
}

export const cumulativeSumOp: Op<AlongAxis> = define<AlongAxis>({
  name: 'cumulativeSum',
  doc: 'Sums of each element and those before it along an axis.',
  shape: ([x]) => x!.shape,
  dtype: summed('cumulativeSum'),
  kernel: ([x], shape, dtype, { axis }) => {
    const [from, out] = [internals.data(x!), allocate(dtype, sizeOf(shape))];
    const [n, inner] = [shape[axis]!, sizeOf(shape.slice(axis + 1))];
    const wrap = isFloat(dtype) ? (sum: number) => sum : (sum: number) => sum | 0;
    for (let first = 0; first < out.length; first += n * inner) {
      for (let j = 0; j < inner; j++) {
        let total = 0;
        for (let k = 0; k < n; k++) {
          const i = first + k * inner + j;
          total = k === 0 ? from[i]! : wrap(total + from[i]!);
          out[i] = total;
        }
      }
    }
    return out;
  },
  vjp: (g, _, __, { axis }) => [() => flip(apply(cumulativeSumOp, [flip(g, axis)], { axis }), axis)],
  jvp: 'linear',
  batch: ([x], _, { axis }) => apply(cumulativeSumOp, [x!], { axis: axis + 1 }),
  samples: () => [
    { shapes: [[3]], options: { axis: 0 } },
    { shapes: [[1]], options: { axis: 0 } },
    { shapes: [[2, 3]], options: { axis: 0 } },
    { shapes: [[2, 3]], options: { axis: 1 } },
    { shapes: [[2, 3, 2]], options: { axis: 1 } },
    { shapes: [[0]], options: { axis: 0 } },
    { shapes: [[0, 2]], options: { axis: 1 } },
    { shapes: [[2, 0]], options: { axis: 1 } },
  ],
});

export interface CumulativeOptions {
  readonly axis?: number;
  /** Whether the result starts with the sum, or product, of none. */
  readonly includeInitial?: boolean;
}

function axisOf(op: string, x: Tensor, axis: number | undefined): number {
  if (axis !== undefined) return expectAxis(op, axis, x.ndim);
  if (x.ndim === 1) return 0;
  throw new ShapeError(
    'ERR_SHAPE_AXIS',
    `Cannot take the ${op} of ${show(x.shape)}: it has ${x.ndim} axes; name one by { axis }`,
  );
}

function withInitial(y: Tensor, axis: number, value: number): Tensor {
  const shape = y.shape.with(axis, 1);
  return concat([new Tensor(shape, y.dtype, allocate(y.dtype, sizeOf(shape)).fill(value)), y], axis);
}

/**
 * The sums of each element and all before it along an axis.
 *
 * @example
 * import { cumulativeSum, tensor } from '@leibniz/tensor';
 * cumulativeSum(tensor([1, 2, 3])).toArray(); // => [ 1, 3, 6 ]
 * cumulativeSum(tensor([1, 2, 3]), { includeInitial: true }).toArray(); // => [ 0, 1, 3, 6 ]
 */
export function cumulativeSum(x: Tensor, { axis, includeInitial = false }: CumulativeOptions = {}): Tensor {
  const at = axisOf('cumulativeSum', x, axis);
  const y = apply(cumulativeSumOp, [x], { axis: at });
  return includeInitial ? withInitial(y, at, 0) : y;
}

/**
 * The products of each element and all before it along an axis. They are made by doubling: of 1, 2, 4, … neighbours,
 * so that gradients are right where factors are 0.
 *
 * @example
 * import { cumulativeProd, tensor } from '@leibniz/tensor';
 * cumulativeProd(tensor([1, 2, 3])).toArray(); // => [ 1, 2, 6 ]
 */
export function cumulativeProd(x: Tensor, { axis, includeInitial = false }: CumulativeOptions = {}): Tensor {
  const at = axisOf('cumulativeProd', x, axis);
  const before = new Array<null>(at).fill(null);
  const dtype = summed('cumulativeProd')([x]);
  let y = dtype === x.dtype ? x : astype(x, dtype);
  for (let step = 1; step < x.shape[at]!; step *= 2) {
    const products = mul(slice(y, ...before, [step]), slice(y, ...before, [null, -step]));
    y = concat([slice(y, ...before, [null, step]), products], at);
  }
  return includeInitial ? withInitial(y, at, 1) : y;
}

/**
 * The differences of neighbours along an axis, `n` times over.
 *
 * @example
 * import { diff, tensor } from '@leibniz/tensor';
 * diff(tensor([1, 4, 9, 16])).toArray(); // => [ 3, 5, 7 ]
 */
export function diff(
  x: Tensor,
  {
    axis = -1,
    n = 1,
    prepend,
    append,
  }: { axis?: number; n?: number; prepend?: Tensor; append?: Tensor } = {},
): Tensor {
  const at = expectAxis('diff', axis, x.ndim);
  if (!Number.isInteger(n) || n < 0)
    throw new ShapeError(
      'ERR_SHAPE_INVALID',
      `Cannot take differences ${n} times in diff: n is an integer from 0`,
    );
  const before = new Array<null>(at).fill(null);
  let y = concat([...(prepend ? [prepend] : []), x, ...(append ? [append] : [])], at);
  for (let i = 0; i < n; i++)
    y = sub(slice(y, ...before, [1]), slice(y, ...before, [null, Math.max(0, y.shape[at]! - 1)]));
  return y;
}
