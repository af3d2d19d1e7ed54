import { type FloatArray, type Reduction, reduce } from '@leibniz/kernels';
import { astype } from './astype.ts';
import { concat } from './concat.ts';
import { allocate, type Data, type DType } from './dtype.ts';
import { binary, equal } from './elementwise.ts';
import { ShapeError } from './errors.ts';
import { broadcastTo, permuteDims, permuted, reshape } from './movement.ts';
import { apply, define, floating } from './op.ts';
import { type Axes, expectAxes, type Shape, show, sizeOf } from './shape.ts';
import { slice } from './slice.ts';
import { internals, Tensor } from './tensor.ts';

const mul = binary('mul');
const div = binary('div');

/** An axis that is reduced, or all of them; `keepdims` leaves them with length 1. */
export interface ReduceOptions {
  readonly axis?: Axes;
  readonly keepdims?: boolean;
}

function reducedShape(
  name: string,
  [x]: readonly Tensor[],
  { axis, keepdims = false }: ReduceOptions,
): Shape {
  const axes = expectAxes(name, axis, x!.ndim);
  return x!.shape.flatMap((n, at) => (axes.includes(at) ? (keepdims ? [1] : []) : [n]));
}

/** Reduces over axes that are next to each other as they lie, over others after moving them to the end. */
function reduceOver(
  name: Reduction,
  [x]: readonly Tensor[],
  shape: Shape,
  dtype: DType,
  { axis }: ReduceOptions,
): Data {
  const axes = expectAxes(name, axis, x!.ndim);
  const out = allocate(dtype, sizeOf(shape)) as FloatArray;
  const [first, last] = [axes[0] ?? 0, axes.at(-1) ?? -1];
  const lengths = (from: number, to?: number) => sizeOf(x!.shape.slice(from, to));
  if (last - first === axes.length - 1) {
    const sizes = { outer: lengths(0, first), n: lengths(first, last + 1), inner: lengths(last + 1) };
    return reduce(name, out, internals.data(x!) as FloatArray, sizes);
  }
  const kept = x!.shape.map((_, at) => at).filter((at) => !axes.includes(at));
  const n = sizeOf(axes.map((at) => x!.shape[at]!));
  return reduce(name, out, permuted(x!, [...kept, ...axes]) as FloatArray, {
    outer: out.length,
    n,
    inner: 1,
  });
}

/** The gradient or result of a reduction with its axes put back as axes of length 1. */
const withAxes = (g: Tensor, x: Tensor, { axis }: ReduceOptions): Tensor =>
  reshape(g, reducedShape('reduce', [x], { axis, keepdims: true }));

const REDUCED = [
  { shapes: [[3]], options: {} },
  { shapes: [[2, 3]], options: { axis: 0 } },
  { shapes: [[2, 3]], options: { axis: -1, keepdims: true } },
  { shapes: [[2, 3, 2]], options: { axis: [0, 2] } },
  { shapes: [[2, 3, 2]], options: { axis: [0, 1], keepdims: true } },
  { shapes: [[]], options: {} },
  { shapes: [[3, 2]], options: { axis: [] } },
] as const;

/** Of equal extremes each has its share of the gradient, as in the table's max and min. */
const extreme = (name: 'max' | 'min') =>
  define<ReduceOptions>({
    name,
    doc: `The ${name === 'max' ? 'largest' : 'smallest'} element along axes; NaN if there is one.`,
    shape: ([x], options) => {
      const axes = expectAxes(name, options.axis, x!.ndim);
      const empty = axes.find((axis) => x!.shape[axis] === 0);
      if (empty === undefined) return reducedShape(name, [x!], options);
      throw new ShapeError(
        'ERR_SHAPE_EMPTY',
        `Cannot take the ${name} of ${show(x!.shape)} along axis ${empty}: it has no elements`,
      );
    },
    dtype: floating(name),
    kernel: (...args) => reduceOver(name, ...args),
    vjp: (g, [x], y, options) => [
      () => {
        const hits = astype(equal(x!, withAxes(y, x!, options)), x!.dtype);
        return mul(withAxes(g, x!, options), div(hits, sum(hits, options.axis, { keepdims: true })));
      },
    ],
    samples: REDUCED,
  });

export const sumOp = define<ReduceOptions>({
  name: 'sum',
  doc: 'Sum along axes, pairwise; 0 of no elements.',
  shape: (inputs, options) => reducedShape('sum', inputs, options),
  dtype: floating('sum'),
  kernel: (...args) => reduceOver('sum', ...args),
  vjp: (g, [x], _, options) => [() => broadcastTo(withAxes(g, x!, options), x!.shape)],
  samples: [...REDUCED, { shapes: [[0, 2]], options: { axis: 0 } }],
});

export const maxOp = extreme('max');
export const minOp = extreme('min');

/**
 * The sum along an axis, several, or all: pairwise, in an order that depends on the shape alone; 0 of no elements.
 *
 * @example
 * import { sum, tensor } from '@leibniz/tensor';
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * sum(x).item(); // => 21
 * sum(x, 0).toArray(); // => [ 5, 7, 9 ]
 * sum(x, -1, { keepdims: true }).toArray(); // => [ [ 6 ], [ 15 ] ]
 */
export const sum = (x: Tensor, axis?: Axes, { keepdims = false } = {}): Tensor =>
  apply(sumOp, [x], { axis, keepdims });
/**
 * The largest element along an axis, several, or all; NaN if there is one. Equal ones share the gradient.
 *
 * @example
 * import { max, tensor } from '@leibniz/tensor';
 * max(tensor([[1, 5], [7, 2]]), 1).toArray(); // => [ 5, 7 ]
 */
export const max = (x: Tensor, axis?: Axes, { keepdims = false } = {}): Tensor =>
  apply(maxOp, [x], { axis, keepdims });
/** The smallest element along an axis, several, or all; NaN if there is one. Equal ones share the gradient. */
export const min = (x: Tensor, axis?: Axes, { keepdims = false } = {}): Tensor =>
  apply(minOp, [x], { axis, keepdims });

/**
 * The mean along an axis, several, or all; NaN of no elements.
 *
 * @example
 * import { mean, tensor } from '@leibniz/tensor';
 * mean(tensor([[1, 2], [3, 5]]), 0).toArray(); // => [ 2, 3.5 ]
 */
export function mean(x: Tensor, axis?: Axes, options: { keepdims?: boolean } = {}): Tensor {
  const total = sum(x, axis, options);
  return div(total, sizeOf(expectAxes('mean', axis, x.ndim).map((at) => x.shape[at]!)));
}

/**
 * The product along an axis, several, or all; 1 of no elements. Halves are multiplied until one factor is left, so that
 * gradients are right where factors are 0.
 *
 * @example
 * import { grad, prod, tensor } from '@leibniz/tensor';
 * const x = tensor([2, 0, 5]);
 * prod(x).item(); // => 0
 * grad((x) => prod(x))(x).toArray(); // => [ 0, 10, 0 ]
 */
export function prod(x: Tensor, axis?: Axes, { keepdims = false } = {}): Tensor {
  const axes = expectAxes('prod', axis, x.ndim);
  const kept = x.shape.map((_, at) => at).filter((at) => !axes.includes(at));
  const rows = sizeOf(kept.map((at) => x.shape[at]!));
  let factors = reshape(permuteDims(x, [...kept, ...axes]), [rows, sizeOf(axes.map((at) => x.shape[at]!))]);
  if (factors.shape[1] === 0)
    factors = new Tensor([rows, 1], floating('prod')([x]), allocate(x.dtype, rows).fill(1));
  for (let n = factors.shape[1]!; n > 1; n = Math.ceil(n / 2)) {
    const half = Math.floor(n / 2);
    const pairs = mul(slice(factors, null, [0, half]), slice(factors, null, [half, 2 * half]));
    factors = n % 2 === 0 ? pairs : concat([pairs, slice(factors, null, [n - 1, n])], 1);
  }
  return reshape(factors, reducedShape('prod', [x], { axis, keepdims }));
}
