// Windows that slide along an axis, as a view, and their transpose: windows added up where they overlap. Convolution and
// pooling are sums and maxima over them.

import { allocate } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { apply, define, type Op, promoted } from './op.ts';
import { type Shape, show, sizeOf } from './shape.ts';
import { internals, type Tensor } from './tensor.ts';

export interface Window {
  readonly axis: number;
  readonly size: number;
  /** From one window to the next. */
  readonly stride: number;
  /** From one element of a window to the next. */
  readonly dilation: number;
}

/** How many windows fit. */
const countOf = (n: number, { size, stride, dilation }: Window): number =>
  Math.floor((n - (size - 1) * dilation - 1) / stride) + 1;

export const windowsOp: Op<Window> = define<Window>({
  name: 'windows',
  doc: 'Windows that slide along an axis; their elements are a new last axis.',
  shape: ([x], window) => {
    const { axis, size, stride, dilation } = window;
    const n = x!.shape[axis]!;
    if (
      [size, stride, dilation].every((value) => Number.isInteger(value) && value > 0) &&
      (size - 1) * dilation < n
    )
      return [...x!.shape.with(axis, countOf(n, window)), size];
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot slide windows of ${size} (stride ${stride}, dilation ${dilation}) along axis ${axis} of ${show(x!.shape)}: they must fit its length ${n}; pad it first`,
    );
  },
  dtype: promoted('windows'),
  kernel: ([x], shape, _, { axis, stride, dilation }) => {
    const { data, strides, offset } = internals.strided(x!);
    const step = strides[axis]!;
    return { data, shape, strides: [...strides.with(axis, step * stride), step * dilation], offset };
  },
  vjp: (g, [x], _, window) => [() => apply(overlapOp, [g], { ...window, length: x!.shape[window.axis]! })],
  jvp: 'linear',
  batch: ([x], _, window) => apply(windowsOp, [x!], { ...window, axis: window.axis + 1 }),
  samples: () =>
    SAMPLES.map(([shape, axis, size, stride, dilation]) => ({
      shapes: [shape],
      options: { axis, size, stride, dilation },
    })),
});

const SAMPLES: readonly (readonly [Shape, axis: number, size: number, stride: number, dilation: number])[] = [
  [[4], 0, 2, 1, 1],
  [[5], 0, 2, 2, 1],
  [[5], 0, 2, 1, 2],
  [[3], 0, 3, 1, 1],
  [[2, 4], 1, 3, 1, 1],
  [[4, 2], 0, 2, 2, 1],
  [[2, 4, 2], 1, 1, 3, 1],
  [[0, 3], 1, 2, 1, 1],
];

interface Overlap extends Window {
  readonly length: number;
}

export const overlapOp: Op<Overlap> = define<Overlap>({
  name: 'overlap',
  doc: 'Windows added up where they overlap; the transpose of windows.',
  shape: ([x], { axis, length }) => x!.shape.slice(0, -1).with(axis, length),
  dtype: promoted('overlap'),
  kernel: ([x], shape, dtype, { axis, size, stride, dilation }) => {
    const [from, out] = [internals.data(x!), allocate(dtype, sizeOf(shape))];
    const [outer, inner] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
    const [count, n] = [x!.shape[axis]!, shape[axis]!];
    let at = 0;
    for (let i = 0; i < outer; i++) {
      for (let window = 0; window < count; window++) {
        for (let j = 0; j < inner; j++) {
          for (let k = 0; k < size; k++)
            out[(i * n + window * stride + k * dilation) * inner + j]! += from[at++]!;
        }
      }
    }
    return out;
  },
  vjp: (g, _, __, { axis, size, stride, dilation }) => [
    () => apply(windowsOp, [g], { axis, size, stride, dilation }),
  ],
  jvp: 'linear',
  batch: ([x], _, overlap) => apply(overlapOp, [x!], { ...overlap, axis: overlap.axis + 1 }),
  samples: () =>
    SAMPLES.map(([shape, axis, size, stride, dilation]) => {
      const options = { axis, size, stride, dilation, length: shape[axis]! };
      return { shapes: [[...shape.with(axis, countOf(shape[axis]!, options)), size]], options };
    }),
});

export const windows = (x: Tensor, window: Window): Tensor => apply(windowsOp, [x], window);
