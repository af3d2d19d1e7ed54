import { type FloatArray, type Reduction, reduce } from '@leibniz/kernels';
import { astype } from './astype.ts';
import { equal } from './comparison.ts';
import { concat } from './concat.ts';
import { allocate, type Data, type DType, dtypes, isFloat } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { div, mul } from './functions.ts';
import { broadcastTo, permuteDims, reshape } from './movement.ts';
import { apply, define, floating, numeric, type Op } from './op.ts';
import { type Axes, expectAxes, type Shape, show, sizeOf } from './shape.ts';
import type { Reduced } from './shapeTypes.ts';
import { slice } from './slice.ts';
import { roomFor } from './storage.ts';
import { internals, Tensor } from './tensor.ts';

/** Whether reduced axes stay, with length 1. */
export interface ReduceOptions<Keep extends boolean = boolean> {
  readonly keepdims?: Keep;
}

interface Over {
  /** Distinct axes in ascending order. */
  readonly axes: readonly number[];
}

export const without = (shape: Shape, axes: readonly number[]): Shape =>
  shape.filter((_, at) => !axes.includes(at));
export const withOnes = (shape: Shape, axes: readonly number[]): Shape =>
  shape.map((n, at) => (axes.includes(at) ? 1 : n));

const INTEGER: Readonly<Record<Reduction, (a: number, b: number) => number>> = {
  sum: (a, b) => (a + b) | 0,
  prod: Math.imul,
  max: Math.max,
  min: Math.min,
};

/** Reduces over axes that are next to each other as they lie, over others after moving them to the end. */
function reduceOver(name: Reduction, x: Tensor, shape: Shape, dtype: DType, { axes }: Over): Data {
  const out = roomFor(dtype, sizeOf(shape));
  const [first, last] = [axes[0] ?? 0, axes.at(-1) ?? -1];
  const lengths = (from: number, to?: number) => sizeOf(x.shape.slice(from, to));
  if (last - first === axes.length - 1) {
    const sizes = { outer: lengths(0, first), n: lengths(first, last + 1), inner: lengths(last + 1) };
    const from = internals.data(x);
    if (isFloat(dtype)) return reduce(name, out as FloatArray, from as FloatArray, sizes);
    return reduceIntegers(name, out, from, sizes);
  }
  const kept = x.shape.map((_, at) => at).filter((at) => !axes.includes(at));
  const moved = permuteDims(x, [...kept, ...axes]);
  return reduceOver(name, moved, shape, dtype, { axes: axes.map((_, at) => kept.length + at) });
}

function reduceIntegers(
  name: Reduction,
  out: Data,
  x: Data,
  { outer, n, inner }: { outer: number; n: number; inner: number },
): Data {
  const combine = INTEGER[name];
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < inner; j++) {
      let value = n > 0 ? x[i * n * inner + j]! : 0;
      for (let k = 1; k < n; k++) value = combine(value, x[(i * n + k) * inner + j]!);
      out[i * inner + j] = value;
    }
  }
  return out;
}

const REDUCED = () => [
  { shapes: [[3]], options: { axes: [0] } },
  { shapes: [[2, 3]], options: { axes: [0] } },
  { shapes: [[2, 3]], options: { axes: [1] } },
  { shapes: [[2, 3, 2]], options: { axes: [0, 2] } },
  { shapes: [[2, 3, 2]], options: { axes: [0, 1] } },
  { shapes: [[]], options: { axes: [] } },
  { shapes: [[3, 2]], options: { axes: [] } },
  { shapes: [[0, 2]], options: { axes: [1] } },
  { shapes: [[2, 1, 3]], options: { axes: [1] } },
];

const shifted = ({ axes }: Over): Over => ({ axes: axes.map((axis) => axis + 1) });

/** The type of sums and products: that of floats, int32 of integers. */
export const summed = (name: string) => (inputs: readonly Tensor[]) =>
  dtypes[inputs[0]!.dtype].kind === 'integer' ? 'int32' : floating(name)(inputs);

/** Of equal extremes each has its share of the gradient, as in the table's max and min. */
const extreme = (name: 'max' | 'min'): Op<Over> =>
  define<Over>({
    name,
    doc: `The ${name === 'max' ? 'largest' : 'smallest'} element along axes; NaN if there is one.`,
    shape: ([x], { axes }) => {
      const empty = axes.find((axis) => x!.shape[axis] === 0);
      if (empty === undefined) return without(x!.shape, axes);
      throw new ShapeError(
        'ERR_SHAPE_EMPTY',
        `Cannot take the ${name} of ${show(x!.shape)} along axis ${empty}: it has no elements`,
      );
    },
    dtype: numeric(name),
    kernel: ([x], shape, dtype, over) => reduceOver(name, x!, shape, dtype, over),
    vjp: (g, [x], y, { axes }) => [() => mul(reshape(g, withOnes(x!.shape, axes)), shares(x!, y, axes))],
    jvp: ([t], [x], y, over) => apply(sumOp, [mul(t!, shares(x!, y, over.axes))], over),
    batch: ([x], _, over) => apply(name === 'max' ? maxOp : minOp, [x!], shifted(over)),
    samples: REDUCED,
  });

/** For each element, its share of the gradient of an extremum. */
function shares(x: Tensor, y: Tensor, axes: readonly number[]): Tensor {
  const hits = astype(equal(x, reshape(y, withOnes(x.shape, axes))), x.dtype);
  return div(hits, sum(hits, axes, { keepdims: true }));
}

export const sumOp: Op<Over> = define<Over>({
  name: 'sum',
  doc: 'Sum along axes, pairwise; 0 of no elements.',
  shape: ([x], { axes }) => without(x!.shape, axes),
  dtype: summed('sum'),
  kernel: ([x], shape, dtype, over) => reduceOver('sum', x!, shape, dtype, over),
  vjp: (g, [x], _, { axes }) => [() => broadcastTo(reshape(g, withOnes(x!.shape, axes)), x!.shape)],
  jvp: 'linear',
  batch: ([x], _, over) => apply(sumOp, [x!], shifted(over)),
  samples: () => [...REDUCED(), { shapes: [[0, 2]], options: { axes: [0] } }],
});

export const maxOp: Op<Over> = extreme('max');
export const minOp: Op<Over> = extreme('min');

/** Applies a reduction to the axes asked for. */
function reduction(op: typeof sumOp, x: Tensor, axis: Axes, keepdims = false): Tensor {
  const axes = expectAxes(op.name, axis, x.ndim);
  const y = apply(op, [x], { axes });
  return keepdims ? reshape(y, withOnes(x.shape, axes)) : y;
}

/** A reduction over one axis, several, or all. */
export type Reducer = <S extends Shape, const Axis extends Axes = undefined, Keep extends boolean = false>(
  x: Tensor<S>,
  axis?: Axis,
  options?: ReduceOptions<Keep>,
) => Tensor<Reduced<S, Axis, Keep>>;

/**
 * The sum along an axis, several, or all: pairwise, in an order that depends on the shape alone; 0 of no elements.
 * Integers are summed as int32 and wrap around.
 *
 * @example
 * import { sum, tensor } from '@leibniz/tensor';
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * sum(x).item(); // => 21
 * sum(x, 0).toArray(); // => [ 5, 7, 9 ]
 * sum(x, -1, { keepdims: true }).toArray(); // => [ [ 6 ], [ 15 ] ]
 */
export const sum = ((x: Tensor, axis?: Axes, { keepdims }: ReduceOptions = {}) =>
  reduction(sumOp, x, axis, keepdims)) as Reducer;
/**
 * The largest element along an axis, several, or all; NaN if there is one. Equal ones share the gradient.
 *
 * @example
 * import { max, tensor } from '@leibniz/tensor';
 * max(tensor([[1, 5], [7, 2]]), 1).toArray(); // => [ 5, 7 ]
 */
export const max = ((x: Tensor, axis?: Axes, { keepdims }: ReduceOptions = {}) =>
  reduction(maxOp, x, axis, keepdims)) as Reducer;
/** The smallest element along an axis, several, or all; NaN if there is one. Equal ones share the gradient. */
export const min = ((x: Tensor, axis?: Axes, { keepdims }: ReduceOptions = {}) =>
  reduction(minOp, x, axis, keepdims)) as Reducer;

/** How many elements the axes hold together. */
export const countOver = (op: string, x: Tensor, axis: Axes): number =>
  sizeOf(expectAxes(op, axis, x.ndim).map((at) => x.shape[at]!));

/**
 * The mean along an axis, several, or all; NaN of no elements.
 *
 * @example
 * import { mean, tensor } from '@leibniz/tensor';
 * mean(tensor([[1, 2], [3, 5]]), 0).toArray(); // => [ 2, 3.5 ]
 */
export const mean = ((x: Tensor, axis?: Axes, options: ReduceOptions = {}): Tensor => {
  floating('mean')([x]);
  return div(sum(x, axis, options), countOver('mean', x, axis));
}) as Reducer;

/**
 * The product along an axis, several, or all; 1 of no elements. Halves are multiplied until one factor is left, so that
 * gradients are right where factors are 0. Integers are multiplied as int32 and wrap around.
 *
 * @example
 * import { grad, prod, tensor } from '@leibniz/tensor';
 * const x = tensor([2, 0, 5]);
 * prod(x).item(); // => 0
 * grad((x) => prod(x))(x).toArray(); // => [ 0, 10, 0 ]
 */
export const prod = ((x: Tensor, axis?: Axes, { keepdims = false }: ReduceOptions = {}): Tensor => {
  const axes = expectAxes('prod', axis, x.ndim);
  const shape = keepdims ? withOnes(x.shape, axes) : without(x.shape, axes);
  const kept = x.shape.map((_, at) => at).filter((at) => !axes.includes(at));
  const rows = sizeOf(kept.map((at) => x.shape[at]!));
  const count = sizeOf(axes.map((at) => x.shape[at]!));
  const dtype = summed('prod')([x]);
  let factors: Tensor = reshape(permuteDims(x, [...kept, ...axes]), [rows, count]);
  if (dtype !== x.dtype) factors = astype(factors, dtype);
  if (count === 0) factors = new Tensor([rows, 1], dtype, allocate(dtype, rows).fill(1));
  for (let n = factors.shape[1]!; n > 1; n = Math.ceil(n / 2)) {
    const half = Math.floor(n / 2);
    const pairs = mul(slice(factors, null, [0, half]), slice(factors, null, [half, 2 * half]));
    factors = n % 2 === 0 ? pairs : concat([pairs, slice(factors, null, [n - 1, n])], 1);
  }
  return reshape(factors, shape);
}) as Reducer;
