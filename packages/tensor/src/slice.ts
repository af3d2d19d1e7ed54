import { copyStrided } from '@leibniz/kernels';
import { allocate } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { scatter } from './gather.ts';
import { apply, define } from './op.ts';
import { positionsOf, show, sizeOf, stridesOf } from './shape.ts';
import { internals, type Range, type Tensor } from './tensor.ts';

interface Slice {
  readonly start: number;
  readonly step: number;
  readonly count: number;
  readonly isIndex: boolean;
}

function sliceOf(range: Range, axis: number, n: number): Slice {
  if (typeof range === 'number') {
    if (Number.isInteger(range) && range >= -n && range < n) {
      return { start: range < 0 ? range + n : range, step: 1, count: 1, isIndex: true };
    }
    throw new ShapeError(
      'ERR_SHAPE_INDEX',
      `Cannot take index ${range} of axis ${axis}: its indices are ${-n} to ${n - 1}`,
    );
  }
  const [from, to, step = 1] = range ?? [];
  if (!Number.isInteger(step) || step === 0) {
    throw new ShapeError(
      'ERR_SHAPE_INDEX',
      `Cannot slice axis ${axis} with step ${step}: it must be an integer other than 0`,
    );
  }
  const [least, most] = step > 0 ? [0, n] : [-1, n - 1];
  const bound = (at: number | null | undefined, absent: number) =>
    at === null || at === undefined ? absent : Math.min(Math.max(at < 0 ? at + n : at, least), most);
  const start = bound(from, step > 0 ? 0 : n - 1);
  const stop = bound(to, step > 0 ? n : -1);
  return { start, step, count: Math.max(0, Math.ceil((stop - start) / step)), isIndex: false };
}

function slicesOf(x: Tensor, ranges: readonly Range[]): Slice[] {
  if (ranges.length > x.ndim) {
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      `Cannot slice ${ranges.length} axes of ${show(x.shape)}: it has ${x.ndim}`,
    );
  }
  return x.shape.map((n, axis) => sliceOf(ranges[axis] ?? null, axis, n));
}

/** Where the elements of a slice lie: a strided part of the whole. */
function partOf(x: Tensor, ranges: readonly Range[]) {
  const strides = stridesOf(x.shape);
  const slices = slicesOf(x, ranges);
  return {
    shape: slices.map(({ count }) => count),
    strides: slices.map(({ step }, axis) => step * strides[axis]!),
    offset: slices.reduce((offset, { start }, axis) => offset + start * strides[axis]!, 0),
  };
}

export const sliceOp = define<{ ranges: readonly Range[] }>({
  name: 'slice',
  doc: 'A part: indices and Python slices, an axis each.',
  shape: ([x], { ranges }) => slicesOf(x!, ranges).flatMap(({ count, isIndex }) => (isIndex ? [] : [count])),
  kernel: ([x], outShape, dtype, { ranges }) => {
    const { shape, strides, offset } = partOf(x!, ranges);
    return copyStrided(allocate(dtype, sizeOf(outShape)), internals.data(x!), shape, strides, offset);
  },
  vjp: (g, [x], _, { ranges }) => [
    () => {
      const { shape, strides, offset } = partOf(x!, ranges);
      return scatter(g, { positions: positionsOf(shape, strides, offset), shape: x!.shape });
    },
  ],
  samples: [
    { shapes: [[3, 4]], options: { ranges: [1] } },
    { shapes: [[3, 4]], options: { ranges: [null, [1, 3]] } },
    { shapes: [[5]], options: { ranges: [[null, null, -2]] } },
    { shapes: [[3, 2]], options: { ranges: [[3, 3]] } },
  ],
});

/**
 * The part of a tensor that Python's x[…] would pick, an axis each; axes that are not named are taken whole.
 *
 * @example
 * import { slice, tensor } from '@leibniz/tensor';
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * slice(x, 1).toArray(); // => [ 4, 5, 6 ]
 * slice(x, null, [null, null, -1]).toArray(); // => [ [ 3, 2, 1 ], [ 6, 5, 4 ] ]
 */
export const slice = (x: Tensor, ...ranges: Range[]): Tensor => apply(sliceOp, [x], { ranges });
